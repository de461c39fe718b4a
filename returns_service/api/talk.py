"""Conversation, objections and ratings of a case."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api import examples
from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import moves
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden
from returns_service.usecases.objections import answer_objection, raise_objection, show_objections, shown
from returns_service.usecases.post_message import list_messages, post_message
from returns_service.usecases.rate import list_ratings, rate
from returns_service.usecases.show_parts import message_body, rating_body

blp = Resource("talk", "Conversation, objections and ratings of a case.")


def _all(items: list[dict[str, Any]]) -> Response:
    return answer({"items": items, "next": None, "has_more": False})


@blp.get("/returns/<id:return_id>/messages")
@scope("returns:read")
@answers(shapes.page_of(shapes.Message))
def list_return_messages(session: Session, call: Call, return_id: UUID) -> Response:
    """The conversation, oldest first; internal notes for staff only."""
    return _all([message_body(row) for row in list_messages(session, return_id, actor=call.actor)])


def _author(call: Call) -> Actor:
    """The storefront passes on what its customers say; staff speaks for the shop."""
    kind = call.body["author"] or ("staff" if call.staff else "customer")
    if kind == "staff" and not call.staff:
        raise Forbidden("missing_scope", "Only staff speaks for the shop.", scope="staff")
    person = call.actor.name if call.actor.name != call.actor.kind else kind
    return replace(call.actor, kind=kind, name=person)


@blp.post("/returns/<id:return_id>/messages")
@scope("returns:write")
@body(moves.MessageBody, example={"message": "Where do I send it?", "photos": [], "internal": False})
@answers(shapes.Message, 201)
@idempotent()
def post_return_message(session: Session, call: Call, return_id: UUID) -> Response:
    """Say something; `internal` is a note that only staff reads."""
    said = {
        "message": call.body["message"],
        "photo_ids": call.body["photos"],
        "internal": call.body["internal"],
    }
    case, row = post_message(session, return_id, actor=_author(call), now=call.now, **said)
    return answer(message_body(row), 201, {"ETag": f'"{case.row.version}"'})


@blp.get("/returns/<id:return_id>/objections")
@scope("returns:read")
@answers(shapes.page_of(shapes.Objection))
def list_return_objections(session: Session, call: Call, return_id: UUID) -> Response:
    """Objections, oldest first."""
    return _all(show_objections(session, return_id, actor=call.actor))


@blp.post("/returns/<id:return_id>/objections")
@scope("returns:write")
@body(
    moves.ObjectionBody, example={"text": examples.OBJECTION["text"], "wish": "The full price.", "photos": []}
)
@answers(shapes.Objection, 201)
@idempotent()
def object_to_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Object to a decision; a person answers."""
    said = {"text": call.body["text"], "wish": call.body["wish"], "photo_ids": call.body["photos"]}
    case, row = raise_objection(session, return_id, actor=call.actor, now=call.now, **said)
    return answer(shown(case, row), 201, {"ETag": f'"{case.row.version}"'})


@blp.post("/returns/<id:return_id>/objections/<id:objection_id>/answer")
@scope("staff")
@body(moves.AnswerObjectionBody, example={"granted": True, "answer": "You are right; we refund the rest."})
@answers(shapes.Objection)
@idempotent()
def answer_return_objection(session: Session, call: Call, return_id: UUID, objection_id: UUID) -> Response:
    """Grant or dismiss an objection."""
    case, row = answer_objection(
        session, return_id, objection_id, actor=call.actor, now=call.now, **call.body
    )
    return answer(shown(case, row), headers={"ETag": f'"{case.row.version}"'})


@blp.get("/returns/<id:return_id>/ratings")
@scope("returns:read")
@answers(shapes.page_of(shapes.Rating))
def list_return_ratings(session: Session, call: Call, return_id: UUID) -> Response:
    """What the customer answered in the survey."""
    return _all([rating_body(row) for row in list_ratings(session, return_id, actor=call.actor)])


@blp.post("/returns/<id:return_id>/ratings")
@scope("returns:write")
@body(moves.RatingBody, example={"kind": "csat", "score": 5, "comment": "Quick."})
@answers(shapes.Rating, 201)
@idempotent()
def rate_return(session: Session, call: Call, return_id: UUID) -> Response:
    """Answer a question of the survey, once."""
    case, row = rate(session, return_id, actor=call.actor, now=call.now, **call.body)
    return answer(rating_body(row), 201, {"ETag": f'"{case.row.version}"'})
