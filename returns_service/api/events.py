"""The shop's events, to pull: the same that webhooks carry."""

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, scope, takes_query
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas.queries import FeedQuery, uuid_or_none
from returns_service.usecases.list_events import feed

blp = Resource("events", "Every fact of every case, in order, to pull.")


@blp.get("/events")
@scope("returns:read")
@takes_query(FeedQuery)
@answers(shapes.page_of(shapes.Event))
def pull_events(session: Session, call: Call) -> Response:
    """Events behind `after`, oldest first. Ask again with the id of the last one."""
    limit = call.query["limit"]
    found = feed(
        session, actor=call.actor, after=uuid_or_none(call.query["after"], "?after"), limit=limit + 1
    )
    items, more = found[:limit], len(found) > limit
    return answer({"items": items, "next": items[-1]["id"] if more else None, "has_more": more})
