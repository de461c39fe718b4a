"""What is wrong although every single key is right: rules never reached, seasons that overlap, empty answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from returns_service.domain.policy.conditions import Condition, Test
from returns_service.domain.policy.facts import Fact
from returns_service.domain.policy.grammar import BY_KEY, QuestionSpec
from returns_service.domain.policy.names import SILENCE
from returns_service.domain.policy.problems import Problem, nearest
from returns_service.domain.policy.rules import Question, Rule, shadowed
from returns_service.domain.policy.source import Table

_NEEDS_ONE = {
    "charges.restocking": ("fixed", "percent"),
    "charges.deductions": ("fixed", "percent"),
    "charges.compensation": ("fixed", "percent", "multiple", "minimum"),
    "charges.bonus": ("fixed", "percent"),
}


def answer(table: Table, spec: QuestionSpec, own: Mapping[str, Any]) -> None:
    """Rules of one answer that no single key can see. Raises Wrong."""
    needed = _NEEDS_ONE.get(spec.key, ())
    if needed and all(own[name] is None for name in needed):
        raise table.wrong("missing_key", f"A rule of {spec.name} needs one of: {', '.join(needed)}.")
    if spec.key == "charges.reclaim" and (own["gift"] is None) != (own["value"] is None):
        raise table.wrong("missing_key", "A gift is named by its tag and has a value: gift and value.")
    if (
        spec.key == "eligibility.extensions"
        and sum(own[k] is not None for k in ("by", "until", "window")) != 1
    ):
        raise table.wrong("missing_key", "An extension has exactly one of: by, until, window.")
    if (
        spec.key == "service_levels.deadlines"
        and own["then"] is not None
        and own["then"] not in SILENCE[own["state"]]
    ):
        allowed = ", ".join(SILENCE[own["state"]]) or "nothing"
        place = table.keys["then"]
        raise place.wrong(
            "silence", f"Silence cannot {own['then']!r} a case that is {own['state']}; allowed: {allowed}."
        )
    if (
        own.get("cap") is not None
        and own.get("minimum") is not None
        and any(own["minimum"][c] > own["cap"][c] for c in own["cap"])
    ):
        raise table.wrong("value", "The minimum is above the cap.")


def circular(spec: QuestionSpec, when: Condition, table: Table, facts: Mapping[str, Fact]) -> None:
    """A rule cannot test what its own question answers. Raises Wrong."""
    for leaf in when.leaves():
        if spec.key in facts[leaf.fact].asks:
            message = f"The fact {leaf.fact!r} is itself found by asking {spec.name}, so a rule there cannot test it."
            raise table.keys["when"].wrong("fact_too_early", message)


def unreachable(questions: Mapping[str, Question], sets: Mapping[str, frozenset[Any]]) -> Iterable[Problem]:
    """Rules of first-match questions that an earlier rule always takes."""
    for name, asked in questions.items():
        if BY_KEY[name].collect:
            continue
        for rule, earlier in shadowed(asked.rules, {**sets, **_by_fact(asked, sets)}):
            message = f"The rule {rule.id!r} can never be reached: {earlier.id!r} (line {earlier.line}) holds whenever it would."
            yield Problem(rule.file, rule.line, message, "unreachable")


_SETS = {
    "request.reason": "reasons", "request.kind": "kinds", "fault.party": "parties", "unit.grade": "grades",
    "request.condition": "", "request.resolution": "resolutions", "request.method": "methods",
}  # fmt: skip


def _by_fact(asked: Question, sets: Mapping[str, frozenset[Any]]) -> dict[str, frozenset[Any]]:
    """All values of the facts that the rules name, as far as they are few."""
    found: dict[str, frozenset[Any]] = {}
    for rule in asked.rules:
        for name, test in rule.when.tests.items():
            if _SETS.get(name):
                found[name] = sets[_SETS[name]]
            elif test.domain and test.domain.values and test.domain.values <= {True, False}:
                found[name] = frozenset({True, False})
    return found


def seasons(extensions: Question) -> Iterable[Problem]:
    """Two seasons that prolong the same window for the same day of order, until different days."""
    fixed = [(rule, _placed(rule)) for rule in extensions.rules if rule.answer["until"] is not None]
    for index, (rule, test) in enumerate(fixed):
        for earlier, before in fixed[:index]:
            if test and before and _overlap(test, before) and _same_scope(rule, earlier):
                message = f"The season {rule.id!r} overlaps with {earlier.id!r} (line {earlier.line}) for the same windows."
                yield Problem(rule.file, rule.line, message, "overlapping_seasons")


def _placed(rule: Rule) -> Test | None:
    return rule.when.tests.get("order.placed_on")


def _overlap(one: Test, other: Test) -> bool:
    a, b = one.domain, other.domain
    if a is None or b is None or a.low is None or b.low is None or a.high is None or b.high is None:
        return False
    return bool(a.low <= b.high and b.low <= a.high)


def _same_scope(one: Rule, other: Rule) -> bool:
    """Same windows, and conditions that do not tell the two apart."""
    first, second = (set(r.answer["windows"] or ()) for r in (one, other))
    if first and second and not first & second:
        return False
    mine, theirs = one.when.tests, other.when.tests
    shared = (mine.keys() & theirs.keys()) - {"order.placed_on"}
    for name in shared:
        a, b = mine[name].domain, theirs[name].domain
        if a and b and a.values is not None and b.values is not None and not a.values & b.values:
            return False
    return one.when.plain and other.when.plain


def references(windows: Question, extensions: Question) -> Iterable[Problem]:
    """Extensions that name a window that is not there."""
    known = [rule.id for rule in windows.rules]
    for rule in extensions.rules:
        for name in rule.answer["windows"] or ():
            if name not in known:
                yield Problem(
                    rule.file,
                    rule.line,
                    f"There is no window {name!r}.{nearest(name, known)}",
                    "unknown_value",
                )
