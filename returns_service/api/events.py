"""The shop's events, to pull: the same that webhooks carry."""

from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, scope, takes_query
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas.queries import FeedQuery
from returns_service.domain.errors import Fault, InvalidMany
from returns_service.usecases.list_events import feed

blp = Resource("events", "Every fact of every case, in order, to pull.")


@blp.get("/events")
@scope("returns:read")
@takes_query(FeedQuery)
@answers(shapes.page_of(shapes.Event))
def pull_events(session: Session, call: Call) -> Response:
    """Events behind `after`, oldest first. Ask again with the id of the last one."""
    limit = call.query["limit"]
    found = feed(session, actor=call.actor, after=_position(call.query["after"]), limit=limit + 1)
    items, more = found[:limit], len(found) > limit
    return answer({"items": items, "next": items[-1]["id"] if more else None, "has_more": more})


def _position(after: str | None) -> UUID | None:
    try:
        return UUID(after) if after else None
    except ValueError:
        raise InvalidMany([Fault("?after", "cursor", "This is not the id of an event.")]) from None
