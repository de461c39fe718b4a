"""Reading the history of a case."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.store.tables import EventRow


def of_case(
    session: Session, case_id: UUID, *, after: int = 0, limit: int | None = 200, but: Sequence[str] = ()
) -> list[EventRow]:
    """A case's history from a sequence number on, oldest first, some types left out."""
    query = select(EventRow).where(EventRow.case_id == case_id, col(EventRow.seq) > after)
    query = query.where(col(EventRow.type).not_in(but)) if but else query
    return list(session.exec(query.order_by(col(EventRow.seq)).limit(limit)))


def of_version(session: Session, case_id: UUID, version: int) -> list[EventRow]:
    """The facts of one transaction, oldest first."""
    query = select(EventRow).where(EventRow.case_id == case_id, EventRow.version == version)
    return list(session.exec(query.order_by(col(EventRow.seq))))


def one(session: Session, event_id: UUID) -> EventRow | None:
    return session.get(EventRow, event_id)


def of_type(session: Session, case_id: UUID, type_: str) -> list[EventRow]:
    """A case's facts of one kind, oldest first."""
    query = select(EventRow).where(EventRow.case_id == case_id, EventRow.type == type_)
    return list(session.exec(query.order_by(col(EventRow.seq))))
