"""Refunds: the storefront reports what it paid; staff release and resolve."""

from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import case_answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import moves
from returns_service.usecases.confirm_refund import confirm_refund
from returns_service.usecases.fail_refund import fail_refund
from returns_service.usecases.release_refund import release_refund
from returns_service.usecases.resolve_refund import resolve_refund
from returns_service.usecases.show_case import show

blp = Resource("refunds", "Money on its way back. Each call answers the case.")


@blp.post("/refunds/<id:refund_id>/confirm")
@scope("returns:write")
@body(moves.ConfirmRefundBody, required=False, example={"reference": "re_9911"})
@answers(shapes.Case)
@idempotent("required")
def report_refund_paid(session: Session, call: Call, refund_id: UUID) -> Response:
    """The storefront moved the money."""
    case = confirm_refund(session, refund_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))


@blp.post("/refunds/<id:refund_id>/fail")
@scope("returns:write")
@body(moves.FailBody, required=False, example={"reason": "The account is closed."})
@answers(shapes.Case)
@idempotent("required")
def report_refund_failed(session: Session, call: Call, refund_id: UUID) -> Response:
    """The storefront could not move the money, or it came back."""
    case = fail_refund(session, refund_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))


@blp.post("/refunds/<id:refund_id>/release")
@scope("staff")
@body(moves.NothingBody, required=False, example={})
@answers(shapes.Case)
@idempotent("required")
def release_held_refund(session: Session, call: Call, refund_id: UUID) -> Response:
    """A second person lets money above the shop's limit go. `Returns-Actor` names the person."""
    case = release_refund(session, refund_id, actor=call.actor, now=call.now)
    return case_answer(show(case, actor=call.actor))


@blp.post("/refunds/<id:refund_id>/resolve")
@scope("staff")
@body(
    moves.ResolveRefundBody,
    example={"outcome": "succeeded", "reference": "re_9911", "note": "Seen in the books."},
)
@answers(shapes.Case)
@idempotent("required")
def resolve_unclear_refund(session: Session, call: Call, refund_id: UUID) -> Response:
    """Say what became of a refund that machines could not clear up, or what shall become of a failed one."""
    case = resolve_refund(session, refund_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))
