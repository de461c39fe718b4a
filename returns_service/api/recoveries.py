"""What the merchant may ask back of carriers, suppliers and customers."""

from datetime import datetime
from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer, case_answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope, takes_query
from returns_service.api.paging import page, position
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import recoveries as bodies
from returns_service.usecases.list_recoveries import list_recoveries
from returns_service.usecases.meet_claim import meet_claim
from returns_service.usecases.show_case import show
from returns_service.usecases.show_ledger import show_ledger

blp = Resource("recoveries", "What the merchant may ask back: of whom, how much, and what came of it.")


@blp.get("/recoveries")
@scope("staff")
@takes_query(bodies.RecoveriesQuery)
@answers(shapes.page_of(bodies.Recovery))
def list_open_recoveries(session: Session, call: Call) -> Response:
    """Cases in which something may be asked back, newest first."""
    party = None if call.query["party"] == "any" else call.query["party"]
    wanted = {"party": party, "only_open": call.query["state"] == "open"}
    limit, before = call.query["limit"] + 1, position(call)
    found = list_recoveries(session, actor=call.actor, limit=limit, before=before, **wanted)
    return answer(
        page(call, found, lambda one: (datetime.fromisoformat(one["created_at"]), UUID(one["return_id"])))
    )


@blp.get("/returns/<id:case_id>/ledger")
@scope("staff")
@answers(bodies.Ledger)
def get_return_ledger(session: Session, call: Call, case_id: UUID) -> Response:
    """Every entry with the payment and the gateway's own record behind it; what each kind comes to; the claims."""
    return answer(show_ledger(session, case_id, actor=call.actor))


@blp.post("/returns/<id:case_id>/recovered")
@scope("staff")
@body(
    bodies.RecoveredBody,
    example={"party": "carrier", "outcome": "recovered", "amount": "51.50", "note": "Claim 4711."},
)
@answers(shapes.Case)
@idempotent("required")
def record_recovery(session: Session, call: Call, case_id: UUID) -> Response:
    """Money came in for what may be asked back, or the claim is let go."""
    case = meet_claim(session, case_id, actor=call.actor, now=call.now, **call.body)
    return case_answer(show(case, actor=call.actor))
