"""From order, request, findings and history files to a decision and, with findings, its settlement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from returns_service.api.bodies import Findings, findings_from, history_from, order_from, request_from
from returns_service.domain.decision import CaseFacts, Decision, SettledLine, Settlement
from returns_service.domain.order import Order
from returns_service.domain.policy import Claim, Policy, check_units, decide, propose, settle
from returns_service.domain.render import decision_body, settlement_body
from returns_service.domain.request import History, InspectedUnit, RequestLine, ReturnRequest

NOTHING_BEFORE = History()


@dataclass(frozen=True)
class Asked:
    """One question to a policy."""

    order: Order
    request: ReturnRequest
    now: datetime
    history: History = NOTHING_BEFORE
    findings: Findings | None = None

    @property
    def language(self) -> str:
        return self.request.language or "en"


def order_of(body: Mapping[str, Any], request: Mapping[str, Any]) -> Order:
    return order_from(body, str(request.get("order_id") or body.get("number") or "order"))


def request_of(body: Mapping[str, Any]) -> ReturnRequest:
    return request_from(body)


def history_of(body: object, order: Order) -> History:
    return history_from(body, order)


def findings_of(body: object) -> Findings:
    return findings_from(body)


def answer(policy: Policy, asked: Asked, *, trace: bool = True) -> tuple[Decision, Settlement | None]:
    """The decision, and the settlement when there are findings. Raises InvalidMany."""
    decision = decide(
        policy, asked.order, asked.request, asked.history, asked.now, language=asked.language, trace=trace
    )
    if asked.findings is None:
        return decision, None
    check_units(policy, asked.findings.units, "/findings")
    facts = CaseFacts(
        order=asked.order,
        request=asked.request,
        lines=tuple(_settled(policy, asked, decision, asked.findings)),
        history=asked.history,
        requested_at=asked.now,
        evidence=asked.findings.evidence,
        days_late=_days_late(policy, asked, decision),
        goods_return=decision.goods_return,
    )
    return decision, settle(policy, facts, asked.now, language=asked.language)


def _days_late(policy: Policy, asked: Asked, decision: Decision) -> int | None:
    """By how many local days the parcel was handed in too late, if it were approved at once."""
    handed_in = asked.findings.handed_in_at if asked.findings else None
    if handed_in is None or decision.ship_by is None:
        return None
    zone = policy.zone(asked.order.country)
    return max((handed_in.astimezone(zone).date() - decision.ship_by.astimezone(zone).date()).days, 0)


def _settled(policy: Policy, asked: Asked, decision: Decision, findings: Findings) -> Sequence[SettledLine]:
    found: dict[str, list[InspectedUnit]] = {}
    for unit in findings.units:
        wanted = next(
            (line for line in asked.request.lines if line.order_line_id == unit.order_line_id), None
        )
        if wanted is not None:
            claim = Claim(asked.order, wanted, asked.request, asked.now, findings.evidence)
            found.setdefault(unit.order_line_id, []).append(propose(policy, claim, unit))
    pairs = zip(asked.request.lines, decision.lines, strict=True)
    return [_line(i, wish, line.slots, found) for i, (wish, line) in enumerate(pairs, 1)]


def _line(
    number: int, wish: RequestLine, slots: tuple[int, ...], found: dict[str, list[InspectedUnit]]
) -> SettledLine:
    """A line of the case with as many of the units found as it asked for."""
    mine: list[InspectedUnit] = []
    waiting, left = found.get(wish.order_line_id, []), len(slots)
    while waiting and left > 0:
        unit = waiting.pop(0)
        taken = min(unit.quantity, left)
        mine.append(InspectedUnit(**{**vars(unit), "quantity": taken}))
        left -= taken
        if unit.quantity > taken:
            waiting.insert(0, InspectedUnit(**{**vars(unit), "quantity": unit.quantity - taken}))
    return SettledLine(
        id=str(number),
        order_line_id=wish.order_line_id,
        slots=slots,
        reason=wish.reason,
        resolution=wish.resolution,
        condition=wish.condition,
        exchange_for=wish.exchange_for,
        photos=len(wish.photos),
        received=sum(unit.quantity for unit in mine),
        units=tuple(mine),
        attributes=wish.attributes,
    )


def body(decision: Decision, settlement: Settlement | None) -> dict[str, Any]:
    """The preview answer; with findings its final fault, the outcome per line and the final quote."""
    shown: dict[str, Any] = decision_body(decision)
    if settlement is None:
        return shown
    final: dict[str, Any] = settlement_body(settlement, decision.currency)
    for line, settled in zip(shown["lines"], final["lines"], strict=False):
        line.update(
            fault=settled["fault"],
            outcome=settled["outcome"],
            trace=[*line["trace"], *settled.get("trace", ())],
        )
    shown.update(quote=final["quote"], final=settlement.final, review_reasons=final["review_reasons"])
    shown["goods"] = [
        {
            "kind": out.kind,
            "order_line_id": _order_line(settlement, out.line_id),
            "sku": out.sku,
            "quantity": out.quantity,
        }
        for out in settlement.goods
    ]
    return shown


def _order_line(settlement: Settlement, line_id: str) -> str:
    return next(line.order_line_id for line in settlement.lines if line.line_id == line_id)
