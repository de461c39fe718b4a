"""The decision before anything is sent back: for every line whether, until when, how and for how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from returns_service.domain import quote
from returns_service.domain.decision import Decision, LineDecision, Offer, Quote, Window
from returns_service.domain.errors import Fault, InvalidMany
from returns_service.domain.order import Order
from returns_service.domain.policy import levels
from returns_service.domain.policy.alike import alike
from returns_service.domain.policy.charging import Charging
from returns_service.domain.policy.judged import Judged
from returns_service.domain.policy.judging import Judge
from returns_service.domain.policy.model import Policy, Right
from returns_service.domain.policy.problems import nearest
from returns_service.domain.policy.reasons import fitting
from returns_service.domain.policy.timing import Timing, latest
from returns_service.domain.request import Evidence, History, RequestLine, ReturnRequest
from returns_service.domain.terms import LineTerms


def decide(  # noqa: PLR0913 - all that a decision depends on, and nothing else
    policy: Policy,
    order: Order,
    request: ReturnRequest,
    history: History,
    now: datetime,
    *,
    evidence: tuple[Evidence, ...] = (),
    language: str = "en",
    trace: bool = True,
) -> Decision:
    """What the policy says to a request, with the quote of the whole. Raises InvalidMany for unknown words.

    `evidence` is what is known beside the order's parcels and the request, which carry their own.
    """
    check(policy, order, request)
    judge = Judge(policy, order, request, history, now, language, trace, evidence=evidence)
    lines = judge.lines([(wanted, wanted.quantity) for wanted in request.lines])
    return _Answer(judge).decision(lines, quoted=True)


def returnable(
    policy: Policy, order: Order, reason: str, history: History, now: datetime, *, language: str = "en"
) -> Decision:
    """For every line of the order, as many units as possible: whether, until when, how; and for every other reason too."""
    wanted = [RequestLine(line.id, line.quantity, reason) for line in order.lines]
    request = ReturnRequest(tuple(wanted))
    check(policy, order, request)
    judge = Judge(policy, order, request, history, now, language, True)
    answer = _Answer(judge)
    decision = answer.decision(judge.lines([(line, None) for line in wanted]), quoted=False)
    lines = tuple(replace(line, reasons=answer.reasons(line.order_line_id)) for line in decision.lines)
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


@dataclass(frozen=True)
class _Answer:
    """Puts judged lines into the words of a decision."""

    judge: Judge

    def decision(self, judged: Sequence[Judged], *, quoted: bool) -> Decision:
        review, reasons = self._review(judged)
        first = judged[0].facts
        whole = self._quote(judged) if quoted else None
        if whole is not None and len(judged) == 1 and judged[0].eligible:
            judged[0].quote = whole
        return Decision(
            eligible=all(line.eligible for line in judged),
            review=review,
            currency=self.judge.order.currency,
            policy=self.judge.policy.ref,
            lines=tuple(map(self._line, judged)),
            quote=whole,
            review_reasons=reasons,
            ship_by=levels.ship_by(
                self.judge.policy, first, [r for line in judged for r, _ in line.entitlement.rights]
            ),
            goods_return=any(levels.goods_return(self.judge.policy, line.facts) for line in judged),
            pay_when=levels.pay_when(self.judge.policy, [line.facts for line in judged]),
            security=levels.security(self.judge.policy, [line.facts for line in judged]),
            return_location=levels.location(self.judge.policy, first),
        )

    def _quote(self, judged: Sequence[Judged]) -> Quote:
        terms = [line.terms for line in judged if line.terms is not None and line.eligible]
        case = Charging(self.judge.policy, self.judge.language).case(judged[0].facts)
        return quote.total(self.judge.order, self.judge.history, case, terms, language=self.judge.language)

    def _review(self, judged: Sequence[Judged]) -> tuple[str, tuple[str, ...]]:
        reasons, review = [], "auto"
        for line in judged:
            rule = self.judge.policy.questions["eligibility.review"].sure(line.facts, line.trace)
            if rule.answer["review"] == "manual":
                review = "manual"
                reasons += [rule.words(self.judge.language)] if rule.say else []
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
        return Offer(resolution, found.total, self.judge.request.return_method, -found.return_freight, closes)

    def _alone(self, line: Judged, resolution: str) -> Quote:
        """The quote of one line alone with this resolution."""
        wished = line.terms is not None and line.terms.resolution == resolution
        if wished and line.quote is not None:
            return line.quote
        terms = line.terms if wished and line.terms else self.judge.terms(line, resolution)
        found = self._total(line, terms)
        if wished:
            line.quote = found
        return found

    def _total(self, line: Judged, terms: LineTerms) -> Quote:
        case = Charging(self.judge.policy, self.judge.language).case(line.facts)
        return quote.total(self.judge.order, self.judge.history, case, [terms], language=self.judge.language)

    def _timings(self, line: Judged, resolution: str) -> list[Timing]:
        found = line.entitlement
        by_law = [timing for right, timing in found.rights if resolution in right.offers]
        return ([self.judge.shop_timing(line, resolution)] if found.shop else []) + by_law

    def _basis(self, line: Judged) -> tuple[str, Timing | None]:
        """Whose answer is better for the wish: law, when the shop alone gives less or ends sooner."""
        found = line.entitlement
        resolution = line.facts["request.resolution"]
        rights = [(right, timing) for right, timing in found.rights if resolution in right.offers]
        rights = rights if rights or found.shop else found.rights
        own = (
            self.judge.shop_timing(line, resolution)
            if found.shop and resolution in line.offers
            else found.timing
        )
        if not rights:
            return "shop", own
        right, timing = max(rights, key=lambda pair: _ends(pair[1]))
        if not found.shop:
            return right.basis, timing
        best = next((r for r, _ in rights if self._raises(line, resolution, r)), None)
        later = latest([own, timing])
        if best is not None:
            return best.basis, later
        return (right.basis, timing) if later is timing and _ends(timing) > _ends(own) else ("shop", own)

    def _raises(self, line: Judged, resolution: str, right: Right) -> bool:
        """Whether this right makes the wish worth more than the shop's own terms do."""
        facts = line.facts.given(request__resolution=resolution)
        charging = Charging(self.judge.policy, self.judge.language)
        with_law, without = (charging.line(facts, line.entitlement.slots, rights) for rights in ([right], []))
        return with_law != without and self._total(line, with_law).total > self._total(line, without).total

    def reasons(self, line_id: str) -> tuple[Mapping[str, object], ...]:
        """For every reason a customer can give for it: eligible, and until when."""
        quiet = replace(self.judge, traced=False)
        bought, order, policy = self.judge.order.by_id[line_id], self.judge.order, self.judge.policy
        offered = [reason.id for reason in fitting(policy, order, bought, self.judge.now)]
        found: dict[str, Mapping[str, object]] = {}
        for group in alike(policy):
            codes = [reason.id for reason in group if reason.id in offered]
            if codes:
                answer = _standing(quiet.standing(RequestLine(line_id, bought.quantity, codes[0])))
                found.update((code, answer) for code in codes)
        return tuple({"code": code, **found[code]} for code in offered)


def _standing(line: Judged) -> Mapping[str, object]:
    covering = [timing for _, timing in line.entitlement.rights]
    own = [line.entitlement.timing] if line.entitlement.shop else []
    shown = window(latest([*own, *covering]))
    closes_on = shown.closes_on.isoformat() if shown and shown.closes_on and line.eligible else None
    return {"eligible": line.eligible, "closes_on": closes_on}


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
