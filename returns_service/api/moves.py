"""One call for each trigger of a case: body in, one use case, the case out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import case_answer
from returns_service.api.bodies import inspected_of, lines_of
from returns_service.api.call import Call
from returns_service.api.evidence import evidence_of
from returns_service.api.operation import Resource, answers, body, idempotent, if_match, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import moves
from returns_service.api.schemas.requests import EvidenceBody, InspectBody
from returns_service.domain.request import InspectedUnit
from returns_service.usecases.add_evidence import add_evidence
from returns_service.usecases.advance import advance
from returns_service.usecases.answer import answer as answer_question
from returns_service.usecases.approve import approve
from returns_service.usecases.ask import ask
from returns_service.usecases.attach_label import attach_label
from returns_service.usecases.cancel import cancel
from returns_service.usecases.choose import choose
from returns_service.usecases.inspect import inspect
from returns_service.usecases.lose import lose
from returns_service.usecases.override import override
from returns_service.usecases.read_case import Case
from returns_service.usecases.receive import receive
from returns_service.usecases.reject import reject
from returns_service.usecases.settle import settle
from returns_service.usecases.ship import ship
from returns_service.usecases.show_case import show

blp = Resource("moves", "What can happen to a case, one call for each trigger. Each answers the case.")


def _based_on(call: Call) -> dict[str, Any]:
    return {"expected": call.expected, "actor": call.actor, "now": call.now}


def _case(case: Case, call: Call) -> Response:
    return case_answer(show(case, actor=call.actor))


def _ruled(lines: Sequence[Mapping[str, Any]] | None, key: str) -> dict[str, bool] | None:
    return None if lines is None else {line["line_id"]: line[key] for line in lines}


@blp.post("/returns/<id:return_id>/approve")
@scope("staff")
@body(moves.ApproveBody, required=False, example={"note": "Clear from the photos.", "lines": None})
@answers(shapes.Case)
@if_match()
@idempotent()
def approve_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Accept all lines, or some."""
    lines = _ruled(call.body["lines"], "accept")
    return _case(approve(session, return_id, note=call.body["note"], lines=lines, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/reject")
@scope("staff")
@body(moves.RejectBody, example={"code": "not_as_claimed", "message": "The photos show another article."})
@answers(shapes.Case)
@if_match()
@idempotent()
def reject_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Refuse with a reason that the customer reads."""
    return _case(reject(session, return_id, **call.body, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/ask")
@scope("staff")
@body(moves.AskBody, example={"message": "Please send a photo of the seam."})
@answers(shapes.Case)
@if_match()
@idempotent()
def ask_customer(session: Session, call: Call, return_id: UUID) -> Response:
    """Ask the customer; the case waits for the answer."""
    return _case(ask(session, return_id, **call.body, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/answer")
@scope("returns:write")
@body(moves.AnswerBody, example={"message": "Here it is.", "photos": []})
@answers(shapes.Case)
@if_match()
@idempotent()
def answer_shop(session: Session, call: Call, return_id: UUID) -> Response:
    """Answer the shop's question."""
    return _case(answer_question(session, return_id, **call.body, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/cancel")
@scope("returns:write")
@body(moves.CancelBody, required=False, example={"reason": "I keep it."})
@answers(shapes.Case)
@if_match()
@idempotent()
def cancel_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Call off; the units are free again."""
    return _case(cancel(session, return_id, **call.body, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/override")
@scope("staff")
@body(moves.OverrideBody, example={"reason": "Good customer, one day late.", "lines": None})
@answers(shapes.Case)
@if_match()
@idempotent()
def override_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Decide otherwise than the policy, within your limit and with a reason."""
    lines = _ruled(call.body["lines"], "eligible")
    return _case(
        override(session, return_id, reason=call.body["reason"], lines=lines, **_based_on(call)), call
    )


@blp.post("/returns/<id:return_id>/ship")
@scope("returns:write")
@body(moves.ShipBody, required=False, example={"carrier": "dhl", "tracking_number": "0034000"})
@answers(shapes.Case)
@if_match("optional")
@idempotent()
def ship_return(session: Session, call: Call, return_id: UUID) -> Response:
    """The goods are on their way back."""
    return _case(ship(session, return_id, **call.body, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/lost")
@scope("staff")
@body(moves.LostBody, required=False, example={"reason": "No scan for three weeks."})
@answers(shapes.Case)
@if_match("optional")
@idempotent("required")
def lose_return(session: Session, call: Call, return_id: UUID) -> Response:
    """The parcel is lost; who bears it is the policy's fault rule."""
    return _case(lose(session, return_id, **call.body, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/receive")
@scope("warehouse")
@body(
    moves.ReceiveBody,
    example={
        "location": "BER1",
        "lines": [{"line_id": "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c12", "quantity": 1}],
        "unexpected": [],
    },
)
@answers(shapes.Case)
@if_match("optional")
@idempotent("required")
def receive_return(session: Session, call: Call, return_id: UUID) -> Response:
    """A parcel arrived: count its units."""
    case = receive(
        session,
        return_id,
        lines=lines_of(call.body),
        location=call.body["location"],
        unexpected=call.body["unexpected"],
        **_based_on(call),
    )
    return _case(case, call)


@blp.post("/returns/<id:return_id>/inspect")
@scope("warehouse")
@body(
    InspectBody,
    example={
        "lines": [
            {
                "line_id": "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c12",
                "units": [{"quantity": 1, "grade": "A", "findings": ["intact"], "disposition": "restock"}],
            }
        ]
    },
)
@answers(shapes.Case)
@if_match("optional")
@idempotent("required")
def inspect_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Note what was found; with the last unit the policy may settle."""
    return _case(inspect(session, return_id, lines=_found(call), **_based_on(call)), call)


def _found(call: Call) -> list[tuple[str, list[InspectedUnit]]]:
    units = inspected_of(call.body)
    lines = dict.fromkeys(line["line_id"] for line in call.body["lines"])
    return [(line_id, [unit for unit in units if unit.order_line_id == line_id]) for line_id in lines]


@blp.post("/returns/<id:return_id>/evidence")
@scope("staff")
@body(
    EvidenceBody,
    example={
        "type": "carrier_scan",
        "data": {"event": "PACKAGE_DAMAGED", "leg": "outbound", "at": "2026-10-05T14:20:00Z"},
    },
)
@answers(shapes.Case)
@if_match("optional")
@idempotent()
def add_return_evidence(session: Session, call: Call, return_id: UUID) -> Response:
    """Add a fact from outside, such as a carrier's scan; fault rules look at it."""
    fact = evidence_of(call.body)
    case = add_evidence(session, return_id, type_=fact.type, data=fact.data, at=fact.at, **_based_on(call))
    return _case(case, call)


@blp.post("/returns/<id:return_id>/advance")
@scope("staff")
@body(moves.NothingBody, required=False, example={})
@answers(shapes.Case)
@if_match()
@idempotent("required")
def advance_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Pay what is quoted before the goods are in."""
    return _case(advance(session, return_id, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/settle")
@scope("staff")
@body(moves.NothingBody, required=False, example={})
@answers(shapes.Case)
@if_match()
@idempotent("required")
def settle_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Owe what the policy says; units still missing are closed short."""
    return _case(settle(session, return_id, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/choose")
@scope("returns:write")
@body(moves.ChooseBody, example={"line_id": "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c12", "resolution": "refund"})
@answers(shapes.Case)
@if_match("optional")
@idempotent("required")
def choose_outcome(session: Session, call: Call, return_id: UUID) -> Response:
    """The customer chooses where something cannot be had as wished."""
    return _case(choose(session, return_id, **call.body, **_based_on(call)), call)


@blp.post("/returns/<id:return_id>/label")
@scope("returns:write")
@body(
    moves.LabelBody,
    example={"url": "https://carrier.example/label/1.pdf", "carrier": "dhl", "tracking_number": "0034000"},
)
@answers(shapes.Case)
@idempotent()
def attach_return_label(session: Session, call: Call, return_id: UUID) -> Response:
    """Attach the storefront's own carrier label; the customer is told where it is."""
    return _case(attach_label(session, return_id, actor=call.actor, now=call.now, **call.body), call)
