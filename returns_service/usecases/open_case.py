"""Open a case: decide, hold the units, and let the policy approve what is clear."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.case import new_number
from returns_service.domain.decision import Decision, LineDecision
from returns_service.domain.errors import Conflict, Invalid, NotEligible, UnitsHeld
from returns_service.domain.events import EventType
from returns_service.domain.languages import negotiate
from returns_service.domain.order import Order
from returns_service.domain.render import decision_body, line_body, quote_body
from returns_service.domain.request import History, RequestLine, ReturnRequest
from returns_service.store import cases, freeze, orders, outbox, policies, shops, shops
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine, Hold, OrderRow, ReturnCase
from returns_service.usecases.steps import moving, settlement


def open_case(
    session: Session,
    order_id: str,
    request: ReturnRequest,
    *,
    actor: Actor,
    now: datetime,
    client_reference: str | None = None,
    request_review: bool = False,
) -> CaseFile:
    """A new case with its units held. Raises NotFound, Invalid, NotEligible, UnitsHeld, Conflict."""
    request = request.merged()
    row = orders.load(session, actor.shop_id, order_id, lock=True)
    _refuse_repeat(session, actor, client_reference)
    policy, order = policies.compiled(session, row.policy_version_id), freeze.thaw_order(row.frozen)
    history = orders.history(session, row, since=rules.lookback_from(policy, now))
    language = negotiate(request.language or actor.language or order.customer.locale, policy.languages)
    decision = rules.decide(policy, order, request, history, now, language=language)
    _refuse(order, request, decision, request_review)
    decision = _with_units(order, request, decision, history)
    case = _write(session, row, order, request, decision, actor=actor, now=now, reference=client_reference)
    case.row.language = language
    outbox.record(case, EventType.REQUESTED, actor=actor, now=now, to="requested", trigger="open")
    if decision.eligible and decision.review == "auto" and not request_review:
        _approve_at_once(case, decision, now)
    else:
        moving.watch(case, now)
    return case


def _refuse_repeat(session: Session, actor: Actor, reference: str | None) -> None:
    known = cases.by_reference(session, actor.shop_id, reference) if reference else None
    if known is not None:
        detail = f"The client reference {reference!r} already belongs to case {known.number}."
        raise Conflict("client_reference_used", detail, existing_id=str(known.id))


def _refuse(order: Order, request: ReturnRequest, decision: Decision, request_review: bool) -> None:
    for i, (wish, line) in enumerate(zip(request.lines, decision.lines, strict=True)):
        bought = order.by_id[wish.order_line_id].quantity
        if wish.quantity > bought:
            raise Invalid("quantity", f"Only {bought} of this line were ordered.", pointer=f"/lines/{i}/quantity")
        if any(refusal.code == "units_held" for refusal in line.refusals):
            raise UnitsHeld("units_held", "Another return already holds these units.", lines=_lines(decision))
    if not decision.eligible and not request_review:
        raise NotEligible("not_eligible", "The policy does not allow this return.", lines=_lines(decision))


def _with_units(order: Order, request: ReturnRequest, decision: Decision, history: History) -> Decision:
    """A refused line that a person shall look at holds the lowest free units. Raises UnitsHeld."""
    lines = []
    for wish, line in zip(request.lines, decision.lines, strict=True):
        held, count = history.line(wish.order_line_id).held, order.by_id[wish.order_line_id].quantity
        free = [slot for slot in range(count) if slot not in held]
        slots = line.slots if len(line.slots) == wish.quantity else tuple(free[: wish.quantity])
        if len(slots) < wish.quantity:
            raise UnitsHeld("units_held", "Another return already holds these units.", lines=_lines(decision))
        lines.append(replace(line, slots=slots))
    return replace(decision, lines=tuple(lines))


def _lines(decision: Decision) -> list[dict[str, object]]:
    return [line_body(line, decision.currency) for line in decision.lines]


def _write(
    session: Session,
    row: OrderRow,
    order: Order,
    request: ReturnRequest,
    decision: Decision,
    *,
    actor: Actor,
    now: datetime,
    reference: str | None,
) -> CaseFile:
    faults = {line.fault.party for line in decision.lines if line.fault}
    head = next((line.fault for line in decision.lines if line.fault), None)
    body = decision_body(decision)
    case_row = ReturnCase(
        shop_id=row.shop_id,
        order_id=row.id,
        number=new_number(),
        kind=_kind(request),
        state="requested",
        version=0,
        currency=row.currency,
        email=row.email,
        customer_id=row.customer_id,
        client_reference=reference,
        request=freeze.request(request),
        review=decision.review if decision.eligible else "manual",
        review_reasons=list(decision.review_reasons),
        policy_version_id=row.policy_version_id,
        fault={"party": head.party, "rule": head.rule, "message": head.message, "final": False}
        if head and len(faults) == 1
        else {"party": "undetermined" if faults else None, "rule": None, "message": "", "final": False},
        quote=body["quote"] or quote_body(rules.nothing(), row.currency),
        quote_total=decision.quote.total if decision.quote else 0,
        goods_return=decision.goods_return,
        pay_when=decision.pay_when,
        return_location=decision.return_location,
        requested_at=now,
        state_since=now,
        created_at=now,
        updated_at=now,
    )
    session.add(case_row)
    session.flush()
    case = CaseFile(session, case_row, row, shops.load(session, row.shop_id))
    pairs = zip(request.lines, decision.lines, body["lines"], strict=True)
    case.lines = [_line(case, order, i, wish, line, shown) for i, (wish, line, shown) in enumerate(pairs)]
    session.add_all(case.lines)
    session.flush()
    session.add_all(_holds(case, decision))
    return case


def _kind(request: ReturnRequest) -> str:
    wishes = {line.resolution for line in request.lines}
    return "exchange" if wishes == {"exchange"} else "claim" if wishes & {"compensation", "repair", "replacement"} else "return"


def _line(
    case: CaseFile, order: Order, position: int, wish: RequestLine, line: LineDecision, shown: dict[str, object]
) -> CaseLine:
    bought = order.by_id[wish.order_line_id]
    fault = line.fault
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
        fault={"party": fault.party, "rule": fault.rule, "message": fault.message, "final": False} if fault else {},
    )


def _holds(case: CaseFile, decision: Decision) -> list[Hold]:
    return [
        Hold(order_id=case.row.order_id, order_line_id=row.order_line_id, slot=slot, case_line_id=row.id)
        for row, line in zip(case.lines, decision.lines, strict=True)
        for slot in line.slots
    ]


def _approve_at_once(case: CaseFile, decision: Decision, now: datetime) -> None:
    """The policy approves what is clear, and pays at once where nothing is to come back."""
    by_policy = Actor.of("policy", case.row.shop_id, f"{decision.policy.name} v{decision.policy.version}")
    moving.move(case, "approve", EventType.APPROVED, actor=by_policy, now=now, note="")
    settlement.by_policy(case, now=now, moment="request")
