"""The decision before anything is sent back: for every line whether, until when, how and for how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from returns_service.domain import quote
from returns_service.domain.decision import (
    Decision,
    EvidenceNeeded,
    FaultRuling,
    LineDecision,
    Offer,
    Quote,
    Refused,
    Window,
)
from returns_service.domain.errors import Fault, InvalidMany
from returns_service.domain.order import Order
from returns_service.domain.policy import levels
from returns_service.domain.policy.charging import Charging
from returns_service.domain.policy.entitlement import Entitlement, entitle
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.model import Policy, Right
from returns_service.domain.policy.problems import nearest
from returns_service.domain.policy.refusals import Refusing
from returns_service.domain.policy.rules import Trace
from returns_service.domain.policy.timing import Timing, latest, resolution_timing
from returns_service.domain.policy.wishes import effective_resolution, offered
from returns_service.domain.request import History, RequestLine, ReturnRequest
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


def decide(
    policy: Policy,
    order: Order,
    request: ReturnRequest,
    history: History,
    now: datetime,
    *,
    language: str = "en",
    trace: bool = True,
) -> Decision:
    """What the policy says to a request, with the quote of the whole. Raises InvalidMany for unknown words."""
    check(policy, order, request)
    judge = Judge(policy, order, request, history, now, language, trace)
    lines = judge.lines([(wanted, wanted.quantity) for wanted in request.lines])
    return judge.decision(lines, quoted=True)


def returnable(
    policy: Policy, order: Order, reason: str, history: History, now: datetime, *, language: str = "en"
) -> Decision:
    """For every line of the order, as many units as possible: whether, until when, how; and for every other reason too."""
    wanted = [RequestLine(line.id, line.quantity, reason) for line in order.lines]
    request = ReturnRequest(tuple(wanted))
    check(policy, order, request)
    judge = Judge(policy, order, request, history, now, language, True)
    decision = judge.decision(judge.lines([(line, None) for line in wanted]), quoted=False)
    lines = tuple(replace(line, reasons=judge.reasons(line.order_line_id)) for line in decision.lines)
    return replace(decision, lines=lines, eligible=any(line.eligible for line in lines))


def check(policy: Policy, order: Order, request: ReturnRequest) -> None:
    """Words that order and policy do not know. Raises InvalidMany with a pointer for each."""
    faults = []
    for i, line in enumerate(request.lines):
        known = (
            (line.order_line_id, order.by_id, "order_line_id", "unknown_line"),
            (line.reason, policy.reason_table, "reason", "unknown_reason"),
        )
        conditions = (
            ((line.condition, policy.conditions, "condition", "unknown_condition"),) if line.condition else ()
        )
        for word, words, name, code in (*known, *conditions):
            if word not in words:
                detail = f"{word!r} is not known.{nearest(str(word), words)}"
                faults.append(Fault(f"/lines/{i}/{name}", code, detail))
        if line.quantity < 1:
            faults.append(Fault(f"/lines/{i}/quantity", "quantity", "Ask for at least one unit."))
    if not request.lines:
        faults.append(Fault("/lines", "lines", "Name at least one line."))
    if faults:
        raise InvalidMany(faults)


class Judge:
    """Decides the lines of one request. Time and units first, then what they bring together."""

    def __init__(
        self,
        policy: Policy,
        order: Order,
        request: ReturnRequest,
        history: History,
        now: datetime,
        language: str,
        trace: bool,
    ) -> None:
        self.policy, self.order, self.request, self.history = policy, order, request, history
        self.now, self.language, self.traced = now, language, trace
        self.zone = policy.zone(order.country)

    def context(self, wanted: RequestLine) -> Context:
        line = self.order.by_id[wanted.order_line_id]
        return Context(self.policy, self.order, self.request, self.history, self.now, self.zone, line, wanted)

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

    def _timed(self, wanted: RequestLine, quantity: int | None, taken: set[int]) -> Judged:
        trace: Trace | None = [] if self.traced else None
        found = entitle(self.policy, self.context(wanted), quantity, taken, trace)
        assert found.facts is not None
        taken |= set(found.slots)
        context = replace(found.facts.context, slots=found.slots)
        facts = Facts(context, self.policy.readers)
        facts.update({k: v for k, v in found.facts.items() if k not in _LATER})
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
            line.terms = self._terms(line, resolution)

    def _limit(self, line: Judged) -> None:
        """A limit that refuses takes away the shop's own terms; what law gives stays, with its own end."""
        found = line.entitlement
        asked = self.policy.questions["eligibility.limits"]
        if found.shop and found.rights and any(r.answer["then"] == "refuse" for r in asked.every(line.facts)):
            found.shop = False
            found.timing = latest(timing for _, timing in found.rights)

    def _open(self, line: Judged, resolution: str) -> bool:
        """Whether a resolution's own time is not over, where the shop's windows differ by resolution."""
        found = line.entitlement
        if not self.policy.windows_by_resolution or not found.shop:
            return True
        by_law = any(resolution in right.offers for right, _ in found.rights)
        return by_law or self._shop_timing(line, resolution).holds(self.now)

    def _shop_timing(self, line: Judged, resolution: str) -> Timing:
        if self.policy.windows_by_resolution:
            return resolution_timing(self.policy, line.facts.given(request__resolution=resolution))
        assert line.entitlement.timing is not None
        return line.entitlement.timing

    def _fault(self, line: Judged) -> FaultRuling:
        rule = self.policy.questions["fault.claimed"].first(line.facts, line.trace)
        assert rule is not None
        line.recover_from = rule.answer["recover_from"]
        return FaultRuling(rule.answer["party"], rule.id, rule.words(self.language))

    def _terms(self, line: Judged, resolution: str) -> LineTerms:
        charging = Charging(
            self.policy, self.language, line.trace if resolution == line.facts["request.resolution"] else None
        )
        facts = line.facts.given(request__resolution=resolution)
        return charging.line(facts, line.entitlement.slots, [right for right, _ in line.entitlement.rights])

    # --- the answer --------------------------------------------------------------------------------------------

    def decision(self, judged: Sequence[Judged], *, quoted: bool) -> Decision:
        review, reasons = self._review(judged)
        first = judged[0].facts
        whole = self._quote(judged) if quoted else None
        if whole is not None and len(judged) == 1 and judged[0].eligible:
            judged[0].quote = whole
        return Decision(
            eligible=all(line.eligible for line in judged),
            review=review,
            currency=self.order.currency,
            policy=self.policy.ref,
            lines=tuple(map(self._line, judged)),
            quote=whole,
            review_reasons=reasons,
            ship_by=levels.ship_by(
                self.policy, first, [r for line in judged for r, _ in line.entitlement.rights]
            ),
            goods_return=any(levels.goods_return(self.policy, line.facts) for line in judged),
            pay_when=levels.pay_when(self.policy, [line.facts for line in judged]),
            return_location=levels.location(self.policy, first),
        )

    def _quote(self, judged: Sequence[Judged]) -> Quote:
        terms = [line.terms for line in judged if line.terms is not None and line.eligible]
        case = Charging(self.policy, self.language).case(judged[0].facts)
        return quote.total(self.order, self.history, case, terms, language=self.language)

    def _review(self, judged: Sequence[Judged]) -> tuple[str, tuple[str, ...]]:
        reasons, review = [], "auto"
        for line in judged:
            rule = self.policy.questions["eligibility.review"].first(line.facts, line.trace)
            assert rule is not None
            if rule.answer["review"] == "manual":
                review = "manual"
                reasons += [rule.words(self.language)] if rule.say else []
            reasons += line.doubts
        return ("manual" if reasons else review), tuple(dict.fromkeys(reasons))

    def _line(self, line: Judged) -> LineDecision:
        found = line.entitlement
        offers = self._offers(line)
        basis, timing = self._basis(line)
        return LineDecision(
            order_line_id=line.wanted.order_line_id,
            quantity=line.quantity if line.quantity is not None else found.returnable,
            returnable_quantity=found.returnable,
            eligible=line.eligible,
            basis=basis,
            window=window(timing),
            refusals=tuple(line.refusals),
            evidence=tuple(line.evidence),
            fault=line.fault,
            offers=offers,
            trace=tuple(line.trace or ()),
            slots=found.slots,
        )

    def _offers(self, line: Judged) -> tuple[Offer, ...]:
        if not line.entitlement.slots or (line.refusals and not line.offers):
            return ()
        return tuple(self._offer(line, resolution) for resolution in line.offers)

    def _offer(self, line: Judged, resolution: str) -> Offer:
        found = self._alone(line, resolution)
        deadline = latest(self._timings(line, resolution))
        closes = deadline.span.closes if deadline and deadline.span else None
        return Offer(resolution, found.total, self.request.return_method, -found.return_freight, closes)

    def _alone(self, line: Judged, resolution: str) -> Quote:
        """The quote of one line alone with this resolution."""
        wished = line.terms is not None and line.terms.resolution == resolution
        if wished and line.quote is not None:
            return line.quote
        terms = line.terms if wished and line.terms else self._terms(line, resolution)
        found = self._total(line, terms)
        if wished:
            line.quote = found
        return found

    def _total(self, line: Judged, terms: LineTerms) -> Quote:
        case = Charging(self.policy, self.language).case(line.facts)
        return quote.total(self.order, self.history, case, [terms], language=self.language)

    def _timings(self, line: Judged, resolution: str) -> list[Timing]:
        found = line.entitlement
        by_law = [timing for right, timing in found.rights if resolution in right.offers]
        return ([self._shop_timing(line, resolution)] if found.shop and found.timing else []) + by_law

    def _basis(self, line: Judged) -> tuple[str, Timing | None]:
        """Whose answer is better for the wish: law, when the shop alone gives less or ends sooner."""
        found = line.entitlement
        resolution = line.facts["request.resolution"]
        rights = [(right, timing) for right, timing in found.rights if resolution in right.offers]
        rights = rights if rights or found.shop else found.rights
        own = (
            self._shop_timing(line, resolution) if found.shop and resolution in line.offers else found.timing
        )
        if not rights:
            return "shop", own
        right, timing = max(rights, key=lambda pair: _ends(pair[1]))
        if not found.shop or own is None:
            return right.basis, timing
        best = next((r for r, _ in rights if self._raises(line, resolution, r)), None)
        later = latest([own, timing])
        if best is not None:
            return best.basis, later
        return (right.basis, timing) if later is timing and _ends(timing) > _ends(own) else ("shop", own)

    def _raises(self, line: Judged, resolution: str, right: Right) -> bool:
        """Whether this right makes the wish worth more than the shop's own terms do."""
        facts = line.facts.given(request__resolution=resolution)
        charging = Charging(self.policy, self.language)
        with_law, without = (charging.line(facts, line.entitlement.slots, rights) for rights in ([right], []))
        return with_law != without and self._total(line, with_law).total > self._total(line, without).total

    def reasons(self, line_id: str) -> tuple[Mapping[str, object], ...]:
        """For every reason a customer can give: eligible, and until when."""
        found = []
        for reason in self.policy.reason_table.values():
            if not reason.offered:
                continue
            judge = Judge(self.policy, self.order, self.request, self.history, self.now, self.language, False)
            [line] = judge.lines(
                [(RequestLine(line_id, self.order.by_id[line_id].quantity, reason.id), None)]
            )
            covering = [timing for _, timing in line.entitlement.rights]
            own = [line.entitlement.timing] if line.entitlement.shop and line.entitlement.timing else []
            shown = window(latest([*own, *covering]))
            closes_on = shown.closes_on.isoformat() if shown and shown.closes_on and line.eligible else None
            found.append({"code": reason.id, "eligible": line.eligible, "closes_on": closes_on})
        return tuple(found)


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


def _ends(timing: Timing) -> float:
    if timing.span is None:
        return 0.0
    return timing.span.ends.timestamp() if timing.span.ends else float("inf")


def window(timing: Timing | None) -> Window | None:
    """A timing as people see it; None where there is no window at all."""
    if timing is None or timing.span is None:
        return None
    span = timing.span
    return Window(span.opens, span.closes, span.last_day, timing.zone.key, timing.rule)
