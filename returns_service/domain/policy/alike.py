"""Reasons that no rule of a policy tells apart: what holds for one of them holds for all, so it is judged once."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from returns_service.domain.policy.conditions import Test
from returns_service.domain.policy.model import Declared, Policy

_REASON = "request.reason"


@cache
def alike(policy: Policy) -> Sequence[Sequence[Declared]]:
    """The offered reasons in groups: of one kind, and in the same sets of every rule that names reasons."""
    tests = [test for test in _tests(policy, set()) if test.fact == _REASON]
    groups: dict[Hashable, list[Declared]] = defaultdict(list)
    for reason in policy.reason_table.values():
        if reason.offered:
            groups[(policy.kind(reason.id), *(_side(test, reason.id) for test in tests))].append(reason)
    return tuple(map(tuple, groups.values()))


def _side(test: Test, reason: str) -> Hashable:
    """On which side of a test a reason is; where that is not easily said it stands alone."""
    known = test.domain.values if test.domain else None
    return reason if known is None else reason in known


def _tests(thing: Any, seen: set[int]) -> Iterator[Test]:
    """Every test anywhere in a policy."""
    if id(thing) in seen or isinstance(thing, str | int):
        return
    seen.add(id(thing))
    if isinstance(thing, Test):
        yield thing
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _tests(getattr(thing, field.name), seen)
    elif isinstance(thing, Mapping):
        for part in thing.values():
            yield from _tests(part, seen)
    elif isinstance(thing, Sequence):
        for part in thing:
            yield from _tests(part, seen)
