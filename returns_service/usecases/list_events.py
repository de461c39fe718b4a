"""A case's history, and the shop's events to pull."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import cases, events, feed
from returns_service.store.tables import EventRow
from returns_service.usecases.show_case import instant

STAFF_ONLY = ("return.overridden", "return.evidence_added")
"""Facts that only staff read."""


def list_events(
    session: Session, case_id: UUID, *, actor: Actor, after: int = 0, limit: int | None = 200
) -> list[dict[str, Any]]:
    """The history of a case from a sequence number on, oldest first; all of it without a limit. Raises NotFound."""
    cases.load(session, case_id, actor, lock=False)
    rows = events.of_case(session, case_id, after=after, limit=limit, but=_hidden(actor))
    return [event_body(row) for row in rows]


def feed_waits(session: Session, *, actor: Actor) -> bool:
    """Whether facts have no place in the feed yet."""
    return feed.waits(session, actor.shop_id)


def place_events(session: Session, *, actor: Actor) -> bool:
    """Give the newest facts their places in the feed; True while there are more."""
    return feed.place(session, actor.shop_id) == feed.AT_ONCE


def pull_feed(session: Session, *, actor: Actor, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """The shop's events behind one of them, in the order of their places."""
    rows = feed.read(session, actor.shop_id, after=after, limit=limit, but=_hidden(actor))
    return [event_body(row) for row in rows]


def _hidden(actor: Actor) -> tuple[str, ...]:
    return () if actor.may("staff") else STAFF_ONLY


def event_body(row: EventRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "seq": row.seq,
        "type": row.type,
        "at": instant(row.at),
        "actor": row.actor,
        "return_id": str(row.case_id),
        "version": row.version,
        "data": row.data,
    }
