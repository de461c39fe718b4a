"""The shop's events, to pull: the same that webhooks carry."""

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, scope, takes_query
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas.queries import FeedQuery, uuid_or_none
from returns_service.usecases.list_events import feed_waits, place_events, pull_feed

ROUNDS = 10
"""Of places given in one request; a shop that asks for its feed late gets the rest with the next ones."""

blp = Resource("events", "Every fact of every case, in order, to pull.")


@blp.get("/events")
@scope("returns:read")
@takes_query(FeedQuery)
@answers(shapes.page_of(shapes.Event))
def pull_events(session: Session, call: Call) -> Response:
    """Events behind `after`. Ask again with the id of the last one: nothing is skipped, nothing comes twice.

    A place in the feed is given after the commit and never changes; within a case it follows `seq`.
    """
    limit, after = call.query["limit"], uuid_or_none(call.query["after"], "?after")
    waiting = _place(call)
    found = pull_feed(session, actor=call.actor, after=after, limit=limit + 1)
    items, more = found[:limit], len(found) > limit or waiting
    following = items[-1]["id"] if items else call.query["after"]
    return answer({"items": items, "next": following if more else None, "has_more": more})


def _place(call: Call) -> bool:
    """Transactions of their own, so that a reader who only reads waits for no writer; whether some facts still wait."""
    with call.runtime.db.read() as session:
        waiting = feed_waits(session, actor=call.actor)
    rounds = 0
    while waiting and rounds < ROUNDS:
        rounds += 1
        with call.runtime.db.begin() as session:
            waiting = place_events(session, actor=call.actor)
    return waiting
