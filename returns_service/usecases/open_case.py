"""Open a case: decide, hold the units, and let the policy approve what is clear."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.decision import Decision
from returns_service.domain.errors import Conflict, Invalid, NotEligible, UnitsHeld
from returns_service.domain.events import EventType
from returns_service.domain.languages import negotiate
from returns_service.domain.order import Order
from returns_service.domain.render import line_body
from returns_service.domain.request import History, ReturnRequest
from returns_service.store import cases, freeze, orders, outbox, policies, shops
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving, settlement
from returns_service.usecases.steps.opening import Opening, hold, write


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
    decision = admitted(order, request, decision, history, request_review)
    wish = Opening(row, order, request, decision, language, client_reference)
    case = write(session, wish, shops.load(session, row.shop_id), now=now)
    outbox.record(case, EventType.REQUESTED, actor=actor, now=now, to="requested", trigger="open")
    if clear(decision, request_review):
        approve_at_once(case, decision, now)
    else:
        moving.watch(case, now)
    hold(case, decision)
    if case.state == "approved":
        settlement.by_policy(case, now=now, moment="request")
    return case


def _refuse_repeat(session: Session, actor: Actor, reference: str | None) -> None:
    known = cases.by_reference(session, actor.shop_id, reference) if reference else None
    if known is not None:
        detail = f"The client reference {reference!r} already belongs to case {known.number}."
        raise Conflict("client_reference_used", detail, existing_id=str(known.id))


def admitted(
    order: Order, request: ReturnRequest, decision: Decision, history: History, request_review: bool
) -> Decision:
    """The decision with units for every line. Raises Invalid, NotEligible, UnitsHeld."""
    _refuse(order, request, decision, request_review)
    return _with_units(order, request, decision, history)


def clear(decision: Decision, request_review: bool) -> bool:
    """Whether no person needs to look at it."""
    return decision.eligible and decision.review == "auto" and not request_review


def _refuse(order: Order, request: ReturnRequest, decision: Decision, request_review: bool) -> None:
    for i, (wish, line) in enumerate(zip(request.lines, decision.lines, strict=True)):
        bought = order.by_id[wish.order_line_id].quantity
        if wish.quantity > bought:
            raise Invalid(
                "quantity", f"Only {bought} of this line were ordered.", pointer=f"/lines/{i}/quantity"
            )
        if any(refusal.code == "reason_not_applicable" for refusal in line.refusals):
            raise Invalid(
                "reason_not_applicable",
                f"{wish.reason!r} is a reason for other goods; `returnable` lists those of each line.",
                pointer=f"/lines/{i}/reason",
            )
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


def approve_at_once(case: CaseFile, decision: Decision, now: datetime) -> None:
    """The policy approves what is clear."""
    by_policy = Actor.of("policy", case.row.shop_id, f"{decision.policy.name} v{decision.policy.version}")
    moving.move(case, "approve", EventType.APPROVED, actor=by_policy, now=now, note="")
