"""Each line of a request judged: which units, whose fault, what is offered, what stands against it, on which terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from returns_service.domain.cached import cached_property
from returns_service.domain.decision import FaultRuling
from returns_service.domain.order import Order
from returns_service.domain.policy.charging import Charging
from returns_service.domain.policy.entitlement import entitle
from returns_service.domain.policy.facts import Context
from returns_service.domain.policy.judged import Judged
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.refusals import Refusing
from returns_service.domain.policy.rules import Trace
from returns_service.domain.policy.timing import Timing, latest, resolution_timing
from returns_service.domain.policy.wishes import effective_resolution, offered
from returns_service.domain.request import Evidence, History, RequestLine, ReturnRequest
from returns_service.domain.terms import LineTerms

_LATER = frozenset(
    {
        "order.kept_value",
        "order.all_returned",
        "request.value",
        "request.total_value",
        "fault.party",
        "fault.rule",
    }
)
"""Facts that change when the units of the whole request are known."""


@dataclass
class Judge:
    """Judges the lines of one request. Time and units first, then what they bring together."""

    policy: Policy
    order: Order
    request: ReturnRequest
    history: History
    now: datetime
    language: str = "en"
    traced: bool = True
    evidence: tuple[Evidence, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        return self.policy.zone(self.order.country)

    def context(self, wanted: RequestLine) -> Context:
        line = self.order.by_id[wanted.order_line_id]
        known = self.policy, self.order, self.request, self.history, self.now, self.zone, line, wanted
        return Context(*known, evidence=self.evidence)

    def lines(self, wanted: Iterable[tuple[RequestLine, int | None]]) -> list[Judged]:
        taken: dict[str, set[int]] = {}
        judged = [
            self._timed(line, quantity, taken.setdefault(line.order_line_id, set()))
            for line, quantity in wanted
        ]
        returning = {line_id: frozenset(slots) for line_id, slots in taken.items()}
        for line in judged:
            line.facts.context.returning = returning
            self._judge(line)
        return judged

    def standing(self, wanted: RequestLine) -> Judged:
        """Only whether as many units of a line as possible may be returned, and until when."""
        line = self._timed(wanted, None, set())
        line.facts.context.returning = {wanted.order_line_id: frozenset(line.entitlement.slots)}
        self._limit(line)
        line.refusals = Refusing(self.policy, self.language).standing(line)
        return line

    def _timed(self, wanted: RequestLine, quantity: int | None, taken: set[int]) -> Judged:
        trace: Trace | None = [] if self.traced else None
        found = entitle(self.policy, self.context(wanted), quantity, taken, trace)
        taken |= set(found.slots)
        context = found.facts.context
        facts = found.facts.within(context.of(context.parcel, found.slots))
        for name in _LATER:
            facts.pop(name, None)
        return Judged(wanted, quantity, found, facts, trace)

    def _judge(self, line: Judged) -> None:
        line.fault = self._fault(line)
        known = {
            "fault__party": line.fault.party,
            "fault__rule": line.fault.rule,
            "fault__recover_from": line.recover_from,
        }
        line.facts = line.facts.given(**known)
        self._limit(line)
        rights = [right for right, _ in line.entitlement.rights]
        found = offered(self.policy, line.facts, line.entitlement.shop, rights, line.trace)
        line.offers = tuple(resolution for resolution in found if self._open(line, resolution))
        resolution = effective_resolution(line.wanted, line.facts, line.offers)
        line.facts = line.facts.given(request__resolution=resolution)
        Refusing(self.policy, self.language).judge(line)
        if line.entitlement.slots and resolution in line.offers:
            line.terms = self.terms(line, resolution)

    def _limit(self, line: Judged) -> None:
        """A limit that refuses takes away the shop's own terms; what law gives stays, with its own end."""
        found = line.entitlement
        asked = self.policy.questions["eligibility.limits"]
        if found.shop and found.rights and any(r.answer["then"] == "refuse" for r in asked.every(line.facts)):
            found.shop = False
            found.timing = latest(timing for _, timing in found.rights) or found.timing

    def _open(self, line: Judged, resolution: str) -> bool:
        """Whether a resolution's own time is not over, where the shop's windows differ by resolution."""
        found = line.entitlement
        if not self.policy.windows_by_resolution or not found.shop:
            return True
        by_law = any(resolution in right.offers for right, _ in found.rights)
        return by_law or self.shop_timing(line, resolution).holds(self.now)

    def shop_timing(self, line: Judged, resolution: str) -> Timing:
        if self.policy.windows_by_resolution:
            return resolution_timing(self.policy, line.facts.given(request__resolution=resolution))
        return line.entitlement.timing

    def _fault(self, line: Judged) -> FaultRuling:
        rule = self.policy.questions["fault.claimed"].sure(line.facts, line.trace)
        line.recover_from = rule.answer["recover_from"]
        return FaultRuling(rule.answer["party"], rule.id, rule.words(self.language))

    def terms(self, line: Judged, resolution: str) -> LineTerms:
        charging = Charging(
            self.policy, self.language, line.trace if resolution == line.facts["request.resolution"] else None
        )
        facts = line.facts.given(request__resolution=resolution)
        return charging.line(facts, line.entitlement.slots, [right for right, _ in line.entitlement.rights])
