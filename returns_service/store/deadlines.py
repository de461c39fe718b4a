"""Cases whose time has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from returns_service.store.db import changed
from returns_service.store.tables import ReturnCase


def due(session: Session, *, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Case and shop ids with a deadline or reminder up to now, the oldest first."""
    query = select(ReturnCase.id, ReturnCase.shop_id).where(col(ReturnCase.next_deadline_at) <= now)
    return list(session.exec(query.order_by(col(ReturnCase.next_deadline_at)).limit(limit)))


def put_off(session: Session, case_id: UUID, *, now: datetime, until: datetime) -> None:
    """Look at a case again later, unless something else was set meanwhile."""
    overdue = (col(ReturnCase.id) == case_id, col(ReturnCase.next_deadline_at) <= now)
    changed(session, update(ReturnCase).where(*overdue).values(next_deadline_at=until))


def soonest(session: Session) -> datetime | None:
    """When the next deadline or reminder of any case is due."""
    return session.exec(select(func.min(ReturnCase.next_deadline_at))).one()
