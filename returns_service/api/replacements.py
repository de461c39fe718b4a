"""Goods that go out: the storefront reports what it did."""

from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import case_answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import moves
from returns_service.usecases.charge_replacement import charge_replacement
from returns_service.usecases.report_replacement import fail_replacement, pay_replacement, ship_replacement
from returns_service.usecases.secure_replacement import secure_replacement
from returns_service.usecases.show_case import show

blp = Resource("replacements", "Goods that go out: exchanges, replacements, repairs, goods sent back.")


@blp.post("/replacements/<id:replacement_id>/ship")
@scope("returns:write")
@body(
    moves.ShipReplacementBody,
    required=False,
    example={"carrier": "dhl", "tracking_number": "0034111", "order_id": "1001-X"},
)
@answers(shapes.Case)
@idempotent("required")
def report_replacement_shipped(session: Session, call: Call, replacement_id: UUID) -> Response:
    """The goods went out."""
    case = ship_replacement(session, replacement_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))


@blp.post("/replacements/<id:replacement_id>/fail")
@scope("returns:write")
@body(moves.FailBody, required=False, example={"reason": "Out of stock."})
@answers(shapes.Case)
@idempotent("required")
def report_replacement_failed(session: Session, call: Call, replacement_id: UUID) -> Response:
    """The goods cannot go out; the customer chooses what else."""
    case = fail_replacement(session, replacement_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))


@blp.post("/replacements/<id:replacement_id>/paid")
@scope("returns:write")
@body(moves.PaidBody, example={"amount": "15.00", "reference": "pay_777"})
@answers(shapes.Case)
@idempotent("required")
def report_replacement_paid(session: Session, call: Call, replacement_id: UUID) -> Response:
    """The difference for dearer goods was paid. `gateway` says through whom, if not as the order was."""
    case = pay_replacement(session, replacement_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))


@blp.post("/replacements/<id:replacement_id>/secured")
@scope("returns:write")
@body(moves.SecuredBody, example={"reference": "hold_778"})
@answers(shapes.Case)
@idempotent("required")
def report_replacement_secured(session: Session, call: Call, replacement_id: UUID) -> Response:
    """The worth of goods in advance is held on the customer's payment; they may go out."""
    case = secure_replacement(session, replacement_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))


@blp.post("/replacements/<id:replacement_id>/charged")
@scope("returns:write")
@body(moves.PaidBody, example={"amount": "40.00", "reference": "pay_779"})
@answers(shapes.Case)
@idempotent("required")
def report_replacement_charged(session: Session, call: Call, replacement_id: UUID) -> Response:
    """Goods in advance were charged because the originals did not come back. Money that nothing is owed for goes back."""
    case = charge_replacement(session, replacement_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))
