"""Erase what is kept about the person behind an order: asked for by the customer, done once no return is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import OVER
from returns_service.store import cases, orders, outbox, personal, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import OrderRow

SETTLES = timedelta(hours=1)
"""After the end the last messages still have to reach their reader."""


@dataclass(frozen=True)
class Prospect:
    """`until`: when to look again, None when it can be done now; `files`: photos to remove from the store then."""

    until: datetime | None
    files: Sequence[str]


def request_erasure(session: Session, order_id: str, *, actor: Actor, now: datetime) -> bool:
    """Leave the work to be done once no return is open; answers whether that is so now. Raises NotFound."""
    row = orders.load(session, actor.shop_id, order_id)
    files = _files(session, row, actor)
    if not personal.is_asked(session, row):
        for case in files:
            outbox.record(case, EventType.ERASURE_REQUESTED, actor=actor, now=now)
        outbox.add(session, "erasure", str(row.id), shop_id=row.shop_id, now=now)
    return not any(map(_open, files))


def is_requested(session: Session, order_id: str, *, actor: Actor) -> bool:
    """Whether it was asked for and waits. Raises NotFound."""
    return personal.is_asked(session, orders.load(session, actor.shop_id, order_id))


def requested(session: Session, *, actor: Actor) -> list[dict[str, Any]]:
    """What waits: order, address, since when, and whether a return is still open."""
    return [
        {
            "number": row.number,
            "email": row.email,
            "at": at,
            "open": any(map(_open, _files(session, row, actor))),
        }
        for row, at in personal.asked_of(session, actor.shop_id)
    ]


def prospect(session: Session, order_id: UUID, *, actor: Actor, now: datetime) -> Prospect:
    """Whether it can be done; the files are removed first, so that none is left that nobody knows of. Raises NotFound."""
    row = orders.load_by_id(session, actor.shop_id, order_id)
    files = _files(session, row, actor)
    return Prospect(
        _not_before(files, now), [photo.path for photo in personal.photos_of(session, row, files)]
    )


def erase(
    session: Session, order_id: UUID, *, actor: Actor, now: datetime, unasked: bool = False
) -> OrderRow:
    """Blank the person everywhere; goods, money and history stay. Raises NotFound, Conflict: a return is still open.

    `unasked`: nobody waits for word of it, so no letter goes out.
    """
    row = orders.load_by_id(session, actor.shop_id, order_id)
    orders.lock(session, row.id)
    if personal.is_erased(row):
        return row
    files = _files(session, row, actor)
    if _not_before(files, now):
        raise Conflict("conflict", "A return of this order is not over yet.")
    if not unasked:
        _tell(session, row, files, now)
    for photo in personal.photos_of(session, row, files):
        session.delete(photo)
    for case in files:
        before = case.row.head
        personal.blank_case(case)
        outbox.record(case, EventType.ERASED, actor=actor, now=now, head=before)
    personal.blank_order(session, row)
    return row


def _tell(session: Session, row: OrderRow, files: Sequence[CaseFile], now: datetime) -> None:
    """The last letter to the address; with its delivery the address is gone too."""
    locale = files[-1].row.language if files else row.frozen["customer"].get("locale")
    said = {"order": row.number, "locale": locale, "at": now.isoformat()}
    outbox.add(session, "erased", row.email, shop_id=row.shop_id, now=now, **said)


def _not_before(files: Sequence[CaseFile], now: datetime) -> datetime | None:
    """None when every return is over and its last message had time to arrive."""
    if any(map(_open, files)):
        return now + timedelta(days=1)
    ends = [case.row.closed_at + SETTLES for case in files if case.row.closed_at]
    return max((end for end in ends if end > now), default=None)


def _open(case: CaseFile) -> bool:
    return case.state not in OVER or talk.open_objection(case.session, case.id) is not None


def _files(session: Session, row: OrderRow, actor: Actor) -> list[CaseFile]:
    return [cases.load(session, case.id, actor, lock=False) for case in personal.cases_of(session, row.id)]
