"""The sheet on which a quote is written: its lines, its figures and the sums so far."""

from dataclasses import dataclass, field

from returns_service.domain.decision import Figure, Quote
from returns_service.domain.money import Minor
from returns_service.domain.order import Order
from returns_service.domain.quote_texts import sentence
from returns_service.domain.request import History
from returns_service.domain.terms import CaseTerms, Cited, LineTerms

WITHDRAWS = ("refund", "store_credit")
"""Resolutions that undo the purchase: surcharges come back with them, and the goods do not stay in another form."""

REPAYS_DELIVERY = (*WITHDRAWS, "compensation")


@dataclass
class QuoteLine:
    """One line worked out alone; the charges it shares with others are spread over it later."""

    terms: LineTerms
    goods: Minor = 0
    tax: Minor = 0
    surcharges: Minor = 0
    deductions: Minor = 0
    exchange: Minor = 0
    due: Minor = 0
    compensation: Minor = 0
    bonus: Minor = 0
    shared: Minor = 0
    """Its part of shared charges (negative), shared refunds and lost advantages."""

    @property
    def pays_credit(self) -> bool:
        return self.terms.resolution == "store_credit"

    @property
    def net(self) -> Minor:
        return self.goods + self.surcharges + self.deductions + self.exchange + self.shared

    @property
    def brings(self) -> Minor:
        return self.net + self.compensation + self.bonus


@dataclass
class Sheet:
    """The quote while it is written."""

    order: Order
    history: History
    case: CaseTerms
    language: str
    lines: list[QuoteLine] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    quote: Quote = field(default_factory=Quote)

    def note(
        self, part: str, amount: Minor, message: str, *, line: str | None = None, rule: str | None = None
    ) -> None:
        if amount or part == "goods":
            self.figures.append(Figure(part, amount, message, line, rule))

    def cite(self, part: str, amount: Minor, cited: Cited, line: str | None = None) -> None:
        self.note(part, amount, cited.message, line=line, rule=cited.rule)

    def say(self, key: str, amount: Minor, **values: object) -> None:
        if amount:
            self.note(key, amount, sentence(key, self.language, **values))
