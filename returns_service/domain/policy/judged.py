"""A line on its way to a decision: what the questions of a policy have said of it so far."""

from dataclasses import dataclass, field

from returns_service.domain.decision import EvidenceNeeded, FaultRuling, Quote, Refused
from returns_service.domain.policy.entitlement import Entitlement
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.rules import Trace
from returns_service.domain.request import RequestLine
from returns_service.domain.terms import LineTerms


@dataclass
class Judged:
    """One line on its way to a decision."""

    wanted: RequestLine
    quantity: int | None
    entitlement: Entitlement
    facts: Facts
    trace: Trace | None
    fault: FaultRuling | None = None
    offers: tuple[str, ...] = ()
    refusals: list[Refused] = field(default_factory=list)
    evidence: list[EvidenceNeeded] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """Why a person should look."""
    terms: LineTerms | None = None
    recover_from: str | None = None
    quote: Quote | None = None
    """The quote of this line alone, once it is known."""

    @property
    def eligible(self) -> bool:
        return not self.refusals
