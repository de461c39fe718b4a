"""Questions and rules: ordered, compiled once, answered with or without a trace.

Most facts that rules test are words and flags, and the same few combinations of them come again and again. What a
combination decides of a question, with what the trace says of it, is worked out once and kept as a plan; only rules
that look at numbers, dates, amounts or open text are looked at anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from returns_service.domain.cached import cached_property
from returns_service.domain.policy.conditions import Because, Condition, Holds
from returns_service.domain.policy.facts import Fact, Facts

Said = Mapping[str, Any]
Trace = list[Said]
_MOST_PLANS = 1024
"""Kept for one question; what comes after the first so many combinations is planned each time."""


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
    """Knows that law may give more; `check` does not report it."""
    link: str = ""

    def words(self, language: str) -> str:
        """The sentence in this language, else in the policy's first."""
        return self.say.get(language) or next(iter(self.say.values()), "")


class Step(NamedTuple):
    """A rule that holds (`holds` None) or is still to be looked at, after what is said of those before it."""

    said: tuple[Said, ...]
    rule: Rule
    holds: Holds | None


class Plan(NamedTuple):
    """What a combination of words leaves of a question."""

    steps: tuple[Step, ...]
    said: tuple[Said, ...]
    """What the trace ends with when no step ended it."""
    rules: tuple[Rule, ...] | None
    """Those that hold, where nothing is left to look at."""


@dataclass(frozen=True, eq=False)
class Question:
    """`first` answers with one rule, `every` with all that hold."""

    name: str
    rules: tuple[Rule, ...]
    default: Rule | None
    words: tuple[str, ...]
    """The facts by which plans are kept: they have few values, and reading them asks no other question."""
    read: Callable[[Facts], Hashable]
    """Their values, as the key of a plan."""
    plans: dict[Hashable, Plan] = field(default_factory=dict, repr=False)

    def first(self, facts: Facts, trace: Trace | None = None) -> Rule | None:
        plan = self.plans.get(self.read(facts)) or self._plan(facts)
        if trace is not None:
            return self._traced(plan, facts, trace)
        for _, rule, holds in plan.steps:
            if holds is None or holds(facts):
                return rule
        return self.default

    def sure(self, facts: Facts, trace: Trace | None = None) -> Rule:
        """The answer of a question that always has one."""
        rule = self.first(facts, trace)
        if rule is None:
            raise LookupError(f"{self.name} has no answer for everything else")
        return rule

    def every(self, facts: Facts, trace: Trace | None = None) -> Sequence[Rule]:
        plan = self.plans.get(self.read(facts)) or self._plan(facts)
        if trace is None:
            if plan.rules is not None:
                return plan.rules
            return [rule for _, rule, holds in plan.steps if holds is None or holds(facts)]
        found = []
        for said, rule, holds in plan.steps:
            trace += said
            if holds is None or self._look(rule, facts, trace):
                found.append(rule)
        trace += plan.said
        return found

    def _traced(self, plan: Plan, facts: Facts, trace: Trace) -> Rule | None:
        for said, rule, holds in plan.steps:
            trace += said
            if holds is None or self._look(rule, facts, trace):
                return rule
        trace += plan.said
        trace += self.fallen_back
        return self.default

    def _look(self, rule: Rule, facts: Facts, trace: Trace) -> bool:
        because = rule.when.because(facts)
        trace.append(self._said(rule, because))
        return because is None

    def _plan(self, facts: Facts) -> Plan:
        steps: list[Step] = []
        said: list[Said] = []
        for rule in self.rules:
            holds, because = rule.when.known(facts, self.words)
            if holds is not False:
                said += [self._said(rule, None)] if holds else []
                steps.append(Step(tuple(said), rule, None if holds else rule.when.holds))
                said.clear()
            else:
                said.append(self._said(rule, because))
        known = tuple(step.rule for step in steps) if all(step.holds is None for step in steps) else None
        plan = Plan(tuple(steps), tuple(said), known)
        if len(self.plans) < _MOST_PLANS:
            self.plans[self.read(facts)] = plan
        return plan

    def _said(self, rule: Rule, because: Because | None) -> Said:
        return {"question": self.short, "rule": rule.id, "held": because is None, "because": because}

    @cached_property
    def fallen_back(self) -> tuple[Said, ...]:
        """What the trace says of the answer for everything else."""
        return () if self.default is None else (self._said(self.default, None),)

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
    """A question that knows which of the facts its rules test are words."""
    rules = tuple(rules)
    tested = dict.fromkeys(leaf.fact for rule in rules for leaf in rule.when.leaves())
    words = tuple(fact for fact in tested if facts[fact].word)
    return Question(name, rules, default, words, itemgetter(*words) if words else _no_words)


def _no_words(_: Facts) -> None:
    """The key of the only plan of a question that tests no word."""


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
