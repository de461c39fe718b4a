"""A message that waited for another try, or was asked for again by a person."""

from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import cases, events, notices
from returns_service.store.tables import Notice
from returns_service.usecases.steps import telling


def due_notice(
    session: Session, notice_id: UUID, *, shop_id: UUID, public_url: str
) -> tuple[Notice, telling.Envelope] | None:
    """The message and its envelope; None when it no longer waits. Raises NotFound."""
    notice = notices.load(session, shop_id, notice_id)
    if notice.state != "queued":
        return None
    case = cases.load(session, notice.case_id, Actor.of("system", shop_id), lock=False)
    event = events.one(session, notice.event_id)
    return notice, telling.envelope(case, telling.context(case, event, public_url=public_url))


def drop_notice(session: Session, notice: Notice) -> None:
    """It is no longer true."""
    notice.state, notice.last_error = "superseded", "No longer true when its turn came."
    session.add(notice)
