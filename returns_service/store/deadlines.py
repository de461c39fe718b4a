"""Cases whose time has come."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from returns_service.store.tables import ReturnCase


def due(session: Session, *, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Case and shop ids with a deadline or reminder up to now, the oldest first."""
    query = select(ReturnCase.id, ReturnCase.shop_id).where(col(ReturnCase.next_deadline_at) <= now)
    return list(session.exec(query.order_by(col(ReturnCase.next_deadline_at)).limit(limit)))


def soonest(session: Session) -> datetime | None:
    """When the next deadline or reminder of any case is due."""
    return session.exec(select(func.min(ReturnCase.next_deadline_at))).one()
