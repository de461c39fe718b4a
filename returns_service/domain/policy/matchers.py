"""Conditions: `when` compiled once to closures that can also say which fact failed, what was wanted and what was.

A condition is a table of facts, all of which must fit; `any: [...]`, `all: [...]` and `not: {...}` combine tables.
Unknown (null) facts fit nothing, so `not` of them fits.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from returns_service.domain.policy.conditions import (
    ALWAYS,
    COMPARISONS,
    Bound,
    Condition,
    Domain,
    Group,
    Holds,
    Test,
)
from returns_service.domain.policy.facts import Fact, Facts
from returns_service.domain.policy.literals import a_date, amounts, boolean, number, plain, texts, written
from returns_service.domain.policy.problems import nearest
from returns_service.domain.policy.source import Listing, Node, Scalar, Table

Check = Callable[[Any, Facts], bool]

MATCHERS: Mapping[str, str] = {
    "a value": "The fact is exactly this; of several values, one is.",
    "a list": "The fact is one of these.",
    "gt, gte, lt, lte": "More, at least, less, at most; for numbers, percentages, dates and amounts (a table by currency).",
    "between": "From the first to the second, both included.",
    "not": "The matcher inside does not fit.",
    "under": "The category is this path or below it; a list means one of them.",
    "starts": "The text begins so; a list means one of them.",
    "any": "One of the matchers fits.",
    "all": "All of the matchers fit (several values: each one of them by some value).",
    "known": "true: there is a value; false: there is none.",
    "a table of fields": "For evidence: one record has all these fields.",
}
_ORDERED = ("number", "percent", "date", "amount")


class Compiler:
    """Compiles the conditions of one policy against its vocabulary."""

    def __init__(
        self, facts: Mapping[str, Fact], sets: Mapping[str, frozenset[str]], currencies: tuple[str, ...]
    ) -> None:
        self.facts = facts
        self.sets = sets
        self.currencies = currencies
        self.tested: set[str] = set()
        """The facts that conditions compiled so far look at."""

    def condition(self, node: Node | None, stages: frozenset[str]) -> Condition:
        """The condition of a `when`; a missing one always holds."""
        if node is None:
            return ALWAYS
        if not isinstance(node, Table):
            raise node.wrong("when", "`when` is a table of facts, such as {order.country: DE}.")
        parts = tuple(self._part(name, node, stages) for name in node.entries)
        return Condition(parts, _all([part.holds for part in parts]))

    def _part(self, name: str, table: Table, stages: frozenset[str]) -> Test | Group:
        node, key = table.entries[name], table.keys[name]
        if name in ("any", "all", "not"):
            return self._group(name, node, stages)
        fact = self.facts.get(name)
        if fact is None:
            raise key.wrong(
                "unknown_fact",
                f"There is no fact {name!r}.{nearest(name, [*self.facts, 'any', 'all', 'not'])}",
            )
        if fact.stage not in stages:
            raise key.wrong(
                "fact_too_early", f"The fact {name!r} is not known yet when this question is asked."
            )
        self.tested.add(name)
        check, domain = self._matcher(fact, node)
        holds = _holds(fact, check, domain)
        return Test(name, holds, written(node), key.line, domain, fact.type, self._bounds(fact, node))

    def _bounds(self, fact: Fact, node: Node) -> tuple[Bound, ...]:
        """The ends of what a fact may be, for saying by how much it missed them."""
        if not isinstance(node, Table) or fact.type not in _ORDERED:
            return ()
        read = self.amounts if fact.type == "amount" else partial(self.value, fact)
        found = [(COMPARISONS[name], read(end)) for name, end in node.entries.items() if name in COMPARISONS]
        between = node.entries.get("between")
        if isinstance(between, Listing):
            found += zip((operator.ge, operator.le), map(read, between.items), strict=True)
        return tuple(found)

    def _group(self, kind: str, node: Node, stages: frozenset[str]) -> Group:
        if kind == "not":
            inner = self.condition(node, stages)
            return Group(kind, (inner,), lambda facts: not inner.holds(facts))
        if not isinstance(node, Listing) or not node.items:
            raise node.wrong("when", f"`{kind}` takes a list of tables of facts.")
        parts = tuple(self.condition(item, stages) for item in node.items)
        checks = [part.holds for part in parts]
        return Group(kind, parts, _all(checks) if kind == "all" else _any(checks))

    def _matcher(self, fact: Fact, node: Node) -> tuple[Check, Domain | None]:
        if isinstance(node, Scalar):
            value = self.value(fact, node)
            return _equal(fact, frozenset([value])), Domain(values=frozenset([value]))
        if isinstance(node, Listing):
            if not node.items:
                raise node.wrong("never", "An empty list fits nothing, so this rule can never hold.")
            values = frozenset(self.value(fact, item) for item in node.items)
            return _equal(fact, values), Domain(values=values)
        if not isinstance(node, Table):
            raise node.wrong("matcher", "This must be a value, a list or a table.")
        if fact.type == "records":
            return self._record(fact, node), None
        if not node.entries:
            raise node.wrong("matcher", "An empty table says nothing; write a value or a matcher.")
        return self._table(fact, node)

    def _table(self, fact: Fact, node: Table) -> tuple[Check, Domain | None]:
        checks, domains = [], []
        for name, inner in node.entries.items():
            check, domain = self._named(fact, name, inner, node.keys[name])
            checks.append(check)
            domains.append(domain)
        low, high = _bounds(domains)
        if low is not None and high is not None and low > high:
            raise node.wrong("never", "No value fits this, so the rule can never hold.")
        if len(checks) == 1:
            return checks[0], domains[0]
        simple = all(d is not None and d.values is None and d.under is None for d in domains)
        return (lambda was, facts: all(check(was, facts) for check in checks)), Domain(
            low=low, high=high
        ) if simple else None

    def _named(self, fact: Fact, name: str, node: Node, key: Node) -> tuple[Check, Domain | None]:
        if name in COMPARISONS or name == "between":
            return self._ordered(fact, name, node, key)
        if name == "not":
            inner, _ = self._matcher(fact, node)
            return (lambda was, facts: not inner(was, facts)), None
        if name in ("any", "all"):
            return self._several(fact, name, node)
        if name == "under" and fact.type == "category":
            return self._under(node)
        if name == "starts" and fact.type in ("text", "category"):
            prefixes = tuple(texts(node))
            return (lambda was, _: was is not None and was.startswith(prefixes)), None
        if name == "known":
            wanted = boolean(node)
            return (lambda was, _: (was is not None) is wanted), None
        known = ["not", "any", "all", "known", *(["under"] if fact.type == "category" else [])]
        known += [*COMPARISONS, "between"] if fact.type in _ORDERED else []
        raise key.wrong(
            "unknown_matcher", f"{name!r} is no matcher for {fact.name} ({fact.type}).{nearest(name, known)}"
        )

    def _several(self, fact: Fact, name: str, node: Node) -> tuple[Check, None]:
        if not isinstance(node, Listing) or not node.items:
            raise node.wrong("matcher", f"`{name}` takes a list of matchers.")
        checks = [self._matcher(fact, item)[0] for item in node.items]
        combine = all if name == "all" else any
        return (lambda was, facts: combine(check(was, facts) for check in checks)), None

    def _under(self, node: Node) -> tuple[Check, Domain]:
        roots = tuple(texts(node))
        starts = tuple(root + "/" for root in roots)
        same = frozenset(roots)
        return (lambda was, _: was in same or was.startswith(starts)), Domain(under=roots)

    def _ordered(self, fact: Fact, name: str, node: Node, key: Node) -> tuple[Check, Domain | None]:
        if fact.type not in _ORDERED:
            raise key.wrong(
                "unknown_matcher", f"{fact.name} is a {fact.type} and has no order; {name!r} does not apply."
            )
        if name == "between":
            return self._between(fact, node)
        compare = COMPARISONS[name]
        if fact.type == "amount":
            table = self.amounts(node)
            return _by_currency(compare, table), None
        than = self.value(fact, node)
        # A strict bound is widened to its edge: good enough to compare rules, never used to decide.
        domain = Domain(low=than) if name.startswith("g") else Domain(high=than)
        return (lambda was, _: was is not None and compare(was, than)), domain if name.endswith("e") else None

    def _between(self, fact: Fact, node: Node) -> tuple[Check, Domain | None]:
        if not isinstance(node, Listing) or len(node.items) != 2:
            raise node.wrong("matcher", "`between` takes two values, both included.")
        if fact.type == "amount":
            least, most = self.amounts(node.items[0]), self.amounts(node.items[1])
            up, down = _by_currency(operator.ge, least), _by_currency(operator.le, most)
            return (lambda was, facts: up(was, facts) and down(was, facts)), None
        low, high = (self.value(fact, item) for item in node.items)
        if low > high:
            raise node.wrong("never", "The first value is above the second, so this rule can never hold.")
        return (lambda was, _: was is not None and low <= was <= high), Domain(low=low, high=high)

    def _record(self, fact: Fact, node: Table) -> Check:
        tests: list[tuple[str, Check]] = []
        for name, inner in node.entries.items():
            if name not in fact.fields:
                key = node.keys[name]
                raise key.wrong(
                    "unknown_field", f"{fact.name} has no field {name!r}.{nearest(name, fact.fields)}"
                )
            numeric = isinstance(inner, Table) and any(
                x in COMPARISONS or x == "between" for x in inner.entries
            )
            inner_fact = Fact(f"{fact.name}.{name}", "number" if numeric else "text", "", fact.read)
            tests.append((name, self._matcher(inner_fact, inner)[0]))
        return lambda was, facts: any(
            all(check(_comparable(r.get(n)), facts) for n, check in tests) for r in was
        )

    def value(self, fact: Fact, node: Node) -> Any:
        """A literal as the fact's type; its set of values, if it has one, must know it."""
        if not isinstance(node, Scalar):
            raise node.wrong("value", f"{fact.name} takes a single {fact.type} here.")
        if fact.type in ("boolean", "records"):
            return boolean(node)
        if fact.type == "date":
            return a_date(node)
        if fact.type in ("number", "percent"):
            found = number(node)
            return int(found) if found == int(found) else found
        if fact.type == "amount":
            table = ", ".join(f'{currency}: "100.00"' for currency in self.currencies)
            raise node.wrong("value", f"Compare an amount with gt, gte, lt or lte: {{gte: {{{table}}}}}.")
        known = self.sets.get(fact.values) if fact.values else None
        if known is not None and node.text not in known:
            raise node.wrong(
                "unknown_value", f"{node.text!r} is no value of {fact.name}.{nearest(node.text, known)}"
            )
        return plain(node)

    def amounts(self, node: Node) -> Mapping[str, int]:
        """Minor units by currency; every currency of the policy must be there."""
        return amounts(node, self.currencies)


def _comparable(value: Any) -> Any:
    """A record's field: numbers stay, everything else is compared as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return Decimal(str(value))
    return value if isinstance(value, str) else None


def _by_currency(compare: Callable[[Any, Any], bool], table: Mapping[str, int]) -> Check:
    def check(was: Any, facts: Facts) -> bool:
        than = table.get(facts["order.currency"])
        return was is not None and than is not None and compare(was, than)

    return check


def _bounds(domains: list[Domain | None]) -> tuple[Any, Any]:
    lows = [d.low for d in domains if d and d.low is not None]
    highs = [d.high for d in domains if d and d.high is not None]
    return max(lows, default=None), min(highs, default=None)


def _equal(fact: Fact, values: frozenset[Any]) -> Check:
    if fact.type == "records":
        wanted = next(iter(values))
        return lambda was, _: bool(was) is wanted
    if fact.type == "texts":
        return lambda was, _: not values.isdisjoint(was)
    return lambda was, _: was in values


def _holds(fact: Fact, check: Check, domain: Domain | None) -> Holds:
    """The test as one call; the plain ones, which are most, without a second inside."""
    name, values = fact.name, domain.values if domain else None
    if values is None or fact.type == "records":
        return lambda facts: check(facts[name], facts)
    if fact.type == "texts":
        return lambda facts: not values.isdisjoint(facts[name])
    if len(values) == 1:
        [value] = values
        return lambda facts: bool(facts[name] == value)
    return lambda facts: facts[name] in values


def _all(checks: list[Holds]) -> Holds:
    if not checks:
        return lambda _: True
    if len(checks) == 1:
        return checks[0]
    if len(checks) == 2:
        first, second = checks
        return lambda facts: first(facts) and second(facts)

    def every(facts: Facts) -> bool:
        return all(check(facts) for check in checks)

    return every


def _any(checks: list[Holds]) -> Holds:
    return lambda facts: any(check(facts) for check in checks)
