"""Writing a new case: its row, its lines, the units they hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.case import new_number
from returns_service.domain.decision import Decision, LineDecision
from returns_service.domain.names import searchable
from returns_service.domain.order import Order
from returns_service.domain.render import decision_body, fault_body, quote_body
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import cases, freeze, serials
from returns_service.store.appending import append, enrol
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine, Hold, OrderRow, ReturnCase, Shop
from returns_service.usecases.steps.attributing import fault_of_all


@dataclass(frozen=True)
class Opening:
    """What is asked of which order, and what the policy said."""

    row: OrderRow
    order: Order
    request: ReturnRequest
    decision: Decision
    language: str
    reference: str | None


def write(session: Session, wish: Opening, shop: Shop, *, now: datetime) -> CaseFile:
    """The case in its first state, before anything is recorded; `hold` makes it stay."""
    body = decision_body(wish.decision)
    row = _row(wish, body, now)
    enrol(session, row)
    case = CaseFile(session, row, wish.row, shop)
    case.order = wish.order
    case.lines = _lines(case, wish, body)
    return case


def hold(case: CaseFile, decision: Decision) -> None:
    """The lines and the units that they hold."""
    enrol(case.session, *case.lines)
    append(case.session, *_holds(case, decision))
    sold = (case.order.by_id[line.order_line_id] for line in case.lines)
    serials.know(case, (number for line in sold for number in line.serial_numbers))


def write_anew(case: CaseFile, wish: Opening) -> None:
    """What is asked now instead of what was asked; a line about the same goods keeps its id."""
    body, old = decision_body(wish.decision), case.lines
    for name, value in _asked(wish, body).items():
        setattr(case.row, name, value)
    case.row.overridden = False
    cases.forget_lines(case)
    ids = {line.order_line_id: line.id for line in reversed(old)}
    case.lines = _lines(case, wish, body)
    for line in case.lines:
        line.id = ids.pop(line.order_line_id, line.id)
    hold(case, wish.decision)


def asked_at(case: CaseFile, request: ReturnRequest, now: datetime) -> datetime:
    """Who asked in time may still ask for less, or for the same otherwise; more counts from now."""
    had = {line.order_line_id: 0 for line in case.lines}
    for line in case.lines:
        had[line.order_line_id] += line.quantity
    for wish in request.lines:
        had[wish.order_line_id] = had.get(wish.order_line_id, 0) - wish.quantity
    return case.row.requested_at if all(left >= 0 for left in had.values()) else now


def _lines(case: CaseFile, wish: Opening, body: dict[str, Any]) -> list[CaseLine]:
    pairs = zip(wish.request.lines, wish.decision.lines, body["lines"], strict=True)
    return [_line(case, wish.order, i, *pair) for i, pair in enumerate(pairs)]


def _row(wish: Opening, body: dict[str, Any], now: datetime) -> ReturnCase:
    order = wish.row
    return ReturnCase(
        shop_id=order.shop_id,
        order_id=order.id,
        number=new_number(),
        state="requested",
        version=0,
        currency=order.currency,
        email=order.email,
        customer_name=searchable(wish.order.customer.name or ""),
        customer_id=order.customer_id,
        language=wish.language,
        client_reference=wish.reference,
        policy_version_id=order.policy_version_id,
        requested_at=now,
        state_since=now,
        created_at=now,
        updated_at=now,
        **_asked(wish, body),
    )


def _asked(wish: Opening, body: dict[str, Any]) -> dict[str, Any]:
    """What of a case's row follows from the request and its decision."""
    decision = wish.decision
    return {
        "kind": _kind(wish.request),
        "request": freeze.request(wish.request),
        "review": decision.review if decision.eligible else "manual",
        "review_reasons": list(decision.review_reasons),
        "fault": fault_of_all([line.fault for line in decision.lines if line.fault]),
        "quote": body["quote"] or quote_body(rules.nothing(), wish.row.currency),
        "quote_total": decision.quote.total if decision.quote else 0,
        "goods_return": decision.goods_return,
        "pay_when": decision.pay_when,
        "security": decision.security,
        "return_location": decision.return_location,
    }


def _kind(request: ReturnRequest) -> str:
    wishes = {line.resolution for line in request.lines}
    if wishes == {"exchange"}:
        return "exchange"
    return "claim" if wishes & {"compensation", "repair", "replacement"} else "return"


def _line(
    case: CaseFile, order: Order, position: int, wish: RequestLine, line: LineDecision, shown: dict[str, Any]
) -> CaseLine:
    bought = order.by_id[wish.order_line_id]
    return CaseLine(
        shop_id=case.row.shop_id,
        case_id=case.id,
        position=position,
        order_line_id=bought.id,
        sku=bought.sku,
        title=bought.title,
        quantity=wish.quantity,
        reason=wish.reason,
        condition=wish.condition,
        comment=wish.comment,
        resolution=wish.resolution,
        exchange_for=wish.exchange_for,
        photos=list(wish.photos),
        attributes=dict(wish.attributes),
        slots=list(line.slots),
        decision=shown,
        fault=fault_body(line.fault) if line.fault else {},
    )


def _holds(case: CaseFile, decision: Decision) -> list[Hold]:
    return [
        Hold(order_id=case.row.order_id, order_line_id=row.order_line_id, slot=slot, case_line_id=row.id)
        for row, line in zip(case.lines, decision.lines, strict=True)
        for slot in line.slots
    ]
