"""Conditions, compiled: whether they hold, and if not which fact failed, what was wanted, what was, and by how much."""

from __future__ import annotations

import operator
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from returns_service.domain import money
from returns_service.domain.policy.facts import Facts

Holds = Callable[[Facts], bool]
Because = dict[str, Any]
Bound = tuple[Callable[[Any, Any], bool], Any]
"""A comparison and the value to compare with; for an amount a table by currency."""
_MOST_TOLD = 64

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True)
class Domain:
    """Which values a test lets through, as far as that is easy to say; used to find rules that are never reached."""

    values: frozenset[Any] | None = None
    under: tuple[str, ...] | None = None
    low: Any = None
    high: Any = None

    def covers(self, other: Domain) -> bool:
        """Whether everything that `other` lets through passes here too."""
        if self.values is not None:
            return other.values is not None and other.values <= self.values
        if self.under is not None:
            inner = other.under if other.under is not None else tuple(other.values or ())
            return bool(inner) and all(any(below(x, path) for path in self.under) for x in inner)
        if other.values is not None:
            return all(self._inside(value) for value in other.values)
        return self._wider(other)

    def _inside(self, value: Any) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _wider(self, other: Domain) -> bool:
        if other.under is not None or (other.low is None and other.high is None):
            return False
        low = self.low is None or (other.low is not None and other.low >= self.low)
        return low and (self.high is None or (other.high is not None and other.high <= self.high))


@dataclass(frozen=True)
class Test:
    """One fact and what is wanted of it."""

    fact: str
    holds: Holds
    wanted: Any
    line: int
    domain: Domain | None = None
    type: str = ""
    bounds: tuple[Bound, ...] = ()
    """What must be more or less, where that is what is wanted."""
    told: dict[Any, Because] = field(default_factory=dict, compare=False, repr=False)
    """What was said of words and whole numbers before; nobody changes it."""

    def because(self, facts: Facts) -> Because:
        was = facts[self.fact]
        if was is None or type(was) in (str, bool) or (type(was) is int and self.type == "number"):
            return self.told.get(was) or self._tell(was, facts)
        return self._said(was, facts)

    def _tell(self, was: str | int | None, facts: Facts) -> Because:
        found = self._said(was, facts)
        if len(self.told) < _MOST_TOLD:
            self.told[was] = found
        return found

    def _said(self, was: Any, facts: Facts) -> Because:
        found: Because = {"fact": self.fact, "wanted": self.wanted, "was": was}
        if was is None:
            return found
        currency = facts.context.order.currency if self.type == "amount" else None
        found["was"] = shown(was, currency)
        for compare, edges in self.bounds:
            edge = edges.get(currency) if currency else edges
            if edge is not None and not compare(was, edge):
                by = shown(abs(edge - was), currency)
                found["by"] = int(by) if type(by) is str and by.isdigit() and not currency else by
        return found


@dataclass(frozen=True)
class Group:
    """any, all or not over further conditions."""

    kind: str
    parts: tuple[Condition, ...]
    holds: Holds

    def because(self, facts: Facts) -> Because:
        if self.kind == "not":
            tests = list(self.parts[0].leaves())
            first = tests[0].because(facts) if tests else {"fact": "", "wanted": None, "was": None}
            return {**first, "wanted": {"not": first["wanted"]}}
        failed = [part.because(facts) for part in self.parts if not part.holds(facts)]
        first = next(x for x in failed if x is not None)
        return first if self.kind == "all" or len(failed) == 1 else {**first, "alternatives": failed[1:]}

    def leaves(self) -> list[Test]:
        return [leaf for part in self.parts for leaf in part.leaves()]


@dataclass(frozen=True)
class Condition:
    """All parts must hold; no parts always hold."""

    parts: tuple[Test | Group, ...]
    holds: Holds

    def because(self, facts: Facts) -> Because | None:
        """The first thing that stood against it, None when it holds."""
        for part in self.parts:
            if not part.holds(facts):
                return part.because(facts)
        return None

    def known(self, facts: Facts, words: Container[str]) -> tuple[bool | None, Because | None]:
        """What words alone say: it holds, or it does not and why, or (None) more must be looked at."""
        for part in self.parts:
            leaves = [part] if isinstance(part, Test) else part.leaves()
            if not all(leaf.fact in words for leaf in leaves):
                return None, None
            if not part.holds(facts):
                return False, part.because(facts)
        return True, None

    def leaves(self) -> list[Test]:
        found: list[Test] = []
        for part in self.parts:
            found += [part] if isinstance(part, Test) else part.leaves()
        return found

    @property
    def tests(self) -> dict[str, Test]:
        return {part.fact: part for part in self.parts if isinstance(part, Test)}

    @property
    def plain(self) -> bool:
        """Only simple tests whose values are known."""
        return all(isinstance(part, Test) and part.domain is not None for part in self.parts)


ALWAYS = Condition((), lambda _: True)


def below(path: str, root: str) -> bool:
    """Whether a category path is `root` or under it."""
    return path == root or path.startswith(root + "/")


def shown(value: Any, currency: str | None) -> Any:
    """A value as JSON; `currency` is that of an amount. A stretch of time is told in days."""
    if currency is not None:
        return money.text(value, currency)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.days
    return list(value) if isinstance(value, tuple) else value
