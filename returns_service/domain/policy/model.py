"""A compiled policy: frozen, made once per version, asked for every decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from returns_service.domain import money
from returns_service.domain.cached import cached_property
from returns_service.domain.decision import PolicyRef
from returns_service.domain.policy.conditions import ALWAYS, Condition
from returns_service.domain.policy.facts import Fact, Facts, Readers
from returns_service.domain.policy.problems import Problem
from returns_service.domain.policy.rules import Question, Rule
from returns_service.domain.windows import Length

NO_TIME = Length(0, "days")
A_YEAR = Length(12, "months")


@dataclass(frozen=True)
class Pause:
    """The clock stands still during a repair; `at_least` so much remains afterwards."""

    at_least: Length | None = None


@dataclass(frozen=True, eq=False)
class WindowSpec:
    """A window as written; `kind` is length, until, unlimited or none."""

    kind: str
    length: Length | None = None
    until: date | None = None
    basis: str = "delivered"
    day_after: bool = True
    roll: frozenset[str] = frozenset()
    zone: str | None = None
    fallback: str | None = None
    fallback_plus: Length = NO_TIME
    before_delivery: bool = False
    pause: Pause | None = None


@dataclass(frozen=True)
class Declared:
    """A word that the policy declares: a reason, condition, finding, grade or type of evidence."""

    id: str
    say: Mapping[str, str]
    marks: frozenset[str] = frozenset()
    kind: str = ""
    fields: tuple[str, ...] = ()
    disposition: str | None = None
    offered: bool = True
    when: Condition = ALWAYS
    """For a reason: the goods it is for."""
    line: int = 0

    def words(self, language: str) -> str:
        return self.say.get(language) or next(iter(self.say.values()), self.id)


@dataclass(frozen=True)
class Notices:
    """What the shop tells its customers before they buy, unless an order says otherwise."""

    right: bool = True
    exceptions: bool = True
    confirmed: bool = False


@dataclass(frozen=True)
class Location:
    """Where goods go back to."""

    id: str
    say: Mapping[str, str]
    address: tuple[str, ...] = ()
    country: str | None = None


@dataclass(frozen=True)
class BusinessHours:
    opens: int = 9
    closes: int = 17
    days: frozenset[int] = frozenset(range(5))


@dataclass(frozen=True)
class Answer:
    """One answer at the bench: what it finds and proposes."""

    id: str
    say: Mapping[str, str]
    findings: tuple[str, ...] = ()
    grade: str | None = None
    disposition: str | None = None


@dataclass(frozen=True)
class BenchQuestion:
    id: str
    say: Mapping[str, str]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, eq=False)
class Form:
    """The questions for some goods."""

    id: str
    when: Condition
    questions: tuple[BenchQuestion, ...]
    line: int = 0


@dataclass(frozen=True, eq=False)
class Right:
    """One statutory right: when it holds, until when, and what it keeps the shop from charging."""

    id: str
    law: str
    article: str
    rule: Rule
    window: WindowSpec
    extensions: Question
    exceptions: Question
    offers: tuple[str, ...]
    freight_free: bool
    freight_free_when: Condition | None
    restocking_free: bool
    deductions_when: Condition | None
    falls_when: Condition | None
    outbound: str | None
    outbound_only_if_all: bool
    compensation: Mapping[str, Any] | None
    send_back: Length | None
    refund_within: Length | None
    refund_from: str
    collect_within: Length | None
    file: str
    line: int

    @property
    def basis(self) -> str:
        return f"law/{self.law} {self.article}"

    def is_for(self, kind: str) -> bool:
        """Whether the right was written for this kind of reason, not for whatever reason."""
        test = self.rule.when.tests.get("request.kind")
        return bool(test and test.domain and test.domain.values and kind in test.domain.values)

    def pays_freight(self, facts: Facts) -> bool:
        """Whether the way back costs the customer nothing under this right."""
        return self.freight_free or (
            self.freight_free_when is not None and self.freight_free_when.holds(facts)
        )


@dataclass(frozen=True, eq=False)
class Law:
    """The floor of one place."""

    id: str
    title: Mapping[str, str]
    applies_to: Condition
    rights: tuple[Right, ...]
    time_zones: Mapping[str, str]
    file: str


_PAST = {"customer.returns", "customer.orders", "customer.returned_value", "customer.return_rate"}


@dataclass(frozen=True)
class Ask:
    """An attribute of the request that its customer is asked for, under reasons of these kinds."""

    name: str
    type: str
    say: Mapping[str, str]
    kinds: frozenset[str]
    answers: Mapping[str, Mapping[str, str]]
    """The sentence of each value; empty where anything may be said."""


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of a shop's terms, compiled."""

    ref: PolicyRef
    name: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    currencies: tuple[str, ...]
    time_zone: str
    effective_from: date | None
    facts: Mapping[str, Fact]
    readers: Readers
    questions: Mapping[str, Question]
    reason_table: Mapping[str, Declared]
    conditions: Mapping[str, Declared]
    findings: Mapping[str, Declared]
    grade_table: Mapping[str, Declared]
    evidence_types: Mapping[str, Declared]
    forms: tuple[Form, ...] = ()
    laws: tuple[Law, ...] = ()
    applies_to: Condition = ALWAYS
    time_zones: Mapping[str, str] = field(default_factory=dict)
    holidays: str | None = None
    notices: Notices = Notices()
    locations: tuple[Location, ...] = ()
    business: BusinessHours = BusinessHours()
    look_back: Length = A_YEAR
    precedence: str = "first"
    settle: str = "inspection"
    links: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[Ask, ...] = ()
    warnings: tuple[Problem, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    """The canonical text of every file, as hashed."""

    @cached_property
    def windows_by_resolution(self) -> bool:
        """Whether the time depends on the wish: a refund for 30 days, store credit for 60."""
        asked = [self.questions[f"eligibility.{name}"] for name in ("windows", "extensions")]
        tests = (leaf for one in asked for rule in one.rules for leaf in rule.when.leaves())
        return any(test.fact == "request.resolution" for test in tests)

    @cached_property
    def looks_back(self) -> bool:
        """Whether any rule asks for the customer's past; counting it for nothing would cost every request."""
        return not _PAST.isdisjoint(self.asked_about)

    @cached_property
    def asks_customers_for(self) -> frozenset[str]:
        """Types of evidence that customers are asked to show; what else they send along says nothing."""
        return frozenset(rule.answer["type"] for rule in self.questions["eligibility.evidence"].rules)

    @cached_property
    def asked_about(self) -> frozenset[str]:
        """The facts that any rule looks at."""
        rules = (rule for question in self.questions.values() for rule in question.rules)
        return frozenset(leaf.fact for rule in rules for leaf in rule.when.leaves())

    def kind(self, reason: str) -> str:
        """The fixed kind of one of the policy's reasons."""
        found = self.reason_table.get(reason)
        return found.kind if found else "other"

    def zone(self, country: str) -> ZoneInfo:
        """Where days are counted for a customer of this country."""
        return zone_info(self.time_zones.get(country, self.time_zone))

    def exponent(self, currency: str) -> int:
        return money.exponent(currency)

    def ask(self, name: str) -> Question:
        return self.questions[name]

    def reasons(self, language: str = "en") -> Sequence[Mapping[str, str]]:
        """The reasons a customer can give: code, text and kind."""
        offered = [r for r in self.reason_table.values() if r.offered]
        return [{"code": r.id, "text": r.words(language), "kind": r.kind} for r in offered]

    def questions_about(self, kinds: Collection[str], language: str = "en") -> Sequence[Mapping[str, Any]]:
        """What else customers are asked under reasons of these kinds: code, text, type and answers."""
        return [
            {
                "code": ask.name,
                "text": ask.say.get(language) or next(iter(ask.say.values())),
                "type": ask.type,
                "answers": [
                    {"code": code, "text": words.get(language) or next(iter(words.values()))}
                    for code, words in ask.answers.items()
                ],
            }
            for ask in self.asked
            if not ask.kinds or ask.kinds & set(kinds)
        ]

    def condition_texts(self, language: str = "en") -> Sequence[Mapping[str, str]]:
        return _texts(self.conditions, language)


def _texts(declared: Mapping[str, Declared], language: str) -> Sequence[Mapping[str, str]]:
    return [{"code": one.id, "text": one.words(language)} for one in declared.values()]


@cache
def zone_info(name: str) -> ZoneInfo:
    return ZoneInfo(name)
