"""Reasons that nothing tells apart while it is asked whether goods may be returned and until when: judged once for all."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from functools import cache

from returns_service.domain.policy.conditions import Condition, Test
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.model import Declared, Policy
from returns_service.domain.policy.timing import WITHOUT_GOODS

_DECISIVE = ("natures", "windows", "extensions", "exclusions", "limits")
"""The questions of eligibility.yaml that say whether and until when."""


@cache
def alike(policy: Policy) -> Sequence[Sequence[Declared]]:
    """The offered reasons in groups: on the same side of every test of reason or kind that decides."""
    tests = [leaf for when in _conditions(policy) for leaf in when.leaves()]
    named = [test for test in tests if test.fact in ("request.reason", "request.kind")]
    shields = [rule.answer["never_for"] for rule in policy.questions["eligibility.exclusions"].rules]
    groups: dict[Hashable, list[Declared]] = defaultdict(list)
    for reason in policy.reason_table.values():
        if reason.offered:
            sides = [_side(test, reason) for test in named]
            spared = [reason.kind in kinds for kinds in (*shields, WITHOUT_GOODS)]
            groups[(*sides, *spared)].append(reason)
    return tuple(map(tuple, groups.values()))


def _conditions(policy: Policy) -> Iterator[Condition]:
    yield policy.applies_to
    for name in _DECISIVE:
        yield from (rule.when for rule in policy.questions[f"eligibility.{name}"].rules)
    for law in policy.laws:
        yield law.applies_to
        for right in law.rights:
            rules = (right.rule, *right.extensions.rules, *right.exceptions.rules)
            yield from (rule.when for rule in rules)


def _side(test: Test, reason: Declared) -> bool:
    alone = Facts.__new__(Facts)
    alone["request.reason"], alone["request.kind"] = reason.id, reason.kind
    return test.holds(alone)
