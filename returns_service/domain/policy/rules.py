"""Questions and rules: ordered, compiled once, answered with or without a trace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from returns_service.domain.cached import cached_property
from returns_service.domain.policy.conditions import Condition
from returns_service.domain.policy.facts import Fact, Facts

Trace = list[Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of a question: when it holds, this is the answer and these are the words."""

    id: str
    question: str
    when: Condition
    answer: Mapping[str, Any]
    say: Mapping[str, str]
    advice: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    yields: bool = False
    link: str = ""
    """Knows that law may give more; `check` does not report it."""

    def words(self, language: str) -> str:
        """The sentence in this language, else in the policy's first."""
        return self.say.get(language) or next(iter(self.say.values()), "")


@dataclass(frozen=True, eq=False)
class Question:
    """`first` answers with one rule, `every` with all that hold."""

    name: str
    rules: tuple[Rule, ...] = ()
    default: Rule | None = None
    key: str | None = None
    """The fact that most rules test, by which rules are looked up."""
    table: Mapping[Any, tuple[Rule, ...]] = field(default_factory=dict)
    rest: tuple[Rule, ...] = ()

    def first(self, facts: Facts, trace: Trace | None = None) -> Rule | None:
        if trace is not None:
            return self._traced(facts, trace)
        for rule in self.rules if self.key is None else self.table.get(facts[self.key], self.rest):
            if rule.when.holds(facts):
                return rule
        return self.default

    def sure(self, facts: Facts, trace: Trace | None = None) -> Rule:
        """The answer of a question that always has one."""
        rule = self.first(facts, trace)
        if rule is None:
            raise LookupError(f"{self.name} has no answer for everything else")
        return rule

    def every(self, facts: Facts, trace: Trace | None = None) -> list[Rule]:
        if trace is not None:
            return [rule for rule in self.rules if self._look(rule, facts, trace)]
        rules = self.rules if self.key is None else self.table.get(facts[self.key], self.rest)
        return [rule for rule in rules if rule.when.holds(facts)]

    def _traced(self, facts: Facts, trace: Trace) -> Rule | None:
        for rule in self.rules:
            if self._look(rule, facts, trace):
                return rule
        if self.default is not None:
            trace.append({"question": self.short, "rule": self.default.id, "held": True, "because": None})
        return self.default

    def _look(self, rule: Rule, facts: Facts, trace: Trace) -> bool:
        because = rule.when.because(facts)
        if because is None:
            trace.append(self.held[rule.id])
            return True
        trace.append({"question": self.short, "rule": rule.id, "held": False, "because": because})
        return False

    @cached_property
    def held(self) -> Mapping[str, Mapping[str, Any]]:
        """What the trace says of a rule that holds; the same every time."""
        return {
            r.id: {"question": self.short, "rule": r.id, "held": True, "because": None} for r in self.rules
        }

    @cached_property
    def short(self) -> str:
        """The name as people see it in a trace: the question without its file, singular."""
        return _SHORT.get(self.name, self.name.split(".")[-1])


_SHORT = {
    "eligibility.windows": "window",
    "eligibility.exclusions": "exclusion",
    "eligibility.limits": "limit",
    "eligibility.extensions": "extension",
    "eligibility.natures": "nature",
    "eligibility.locations": "location",
    "fault.claimed": "fault",
    "fault.found": "fault",
    "resolutions.offers": "offer",
}


def question(name: str, rules: Iterable[Rule], default: Rule | None, facts: Mapping[str, Fact]) -> Question:
    """A question with its index: rules that want other values of the key fact are not even looked at."""
    rules = tuple(rules)
    key = _best_key(rules, facts)
    if key is None:
        return Question(name, rules, default)
    wanted = [rule.when.tests.get(key) for rule in rules]
    values = {v for test in wanted if test and test.domain and test.domain.values for v in test.domain.values}
    table = {v: tuple(r for r, t in zip(rules, wanted, strict=True) if _lets(t, v)) for v in values}
    rest = tuple(r for r, t in zip(rules, wanted, strict=True) if not _by_value(t))
    return Question(name, rules, default, key, table, rest)


def _by_value(test: Any) -> bool:
    return test is not None and test.domain is not None and test.domain.values is not None


def _lets(test: Any, value: Any) -> bool:
    return value in test.domain.values if _by_value(test) else True


def _best_key(rules: tuple[Rule, ...], facts: Mapping[str, Fact]) -> str | None:
    counts: Counter[str] = Counter()
    for rule in rules:
        counts.update(
            name for name, test in rule.when.tests.items() if _by_value(test) and not facts[name].many
        )
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else None


def shadowed(rules: Iterable[Rule], sets: Mapping[str, frozenset[Any]]) -> Iterable[tuple[Rule, Rule]]:
    """Rules of a first-match question that can never be reached, each with the rule before that takes everything."""
    before: list[Rule] = []
    for rule in rules:
        for earlier in before:
            if _covers(earlier.when, rule.when):
                yield rule, earlier
                break
        else:
            taken = _exhausted(rule, before, sets)
            if taken is not None:
                yield rule, taken
        before.append(rule)


def _covers(earlier: Condition, later: Condition) -> bool:
    if not earlier.parts:
        return True
    if not earlier.plain:
        return False
    tests = later.tests
    return all(_test_covers(test.domain, tests.get(name)) for name, test in earlier.tests.items())


def _test_covers(domain: Any, later: Any) -> bool:
    return later is not None and later.domain is not None and domain.covers(later.domain)


def _exhausted(rule: Rule, before: list[Rule], sets: Mapping[str, frozenset[Any]]) -> Rule | None:
    """The last of several earlier rules that together take every value of one fact."""
    seen: dict[str, set[Any]] = {}
    for earlier in before:
        tests = earlier.when.tests
        if not earlier.when.plain or len(earlier.when.parts) != 1:
            continue
        name, test = next(iter(tests.items()))
        if test.domain is None or test.domain.values is None:
            continue
        taken = seen.setdefault(name, set())
        taken |= test.domain.values
        own = rule.when.tests.get(name)
        wanted = own.domain.values if own and own.domain and own.domain.values else sets.get(name)
        if wanted and wanted <= taken:
            return earlier
    return None
