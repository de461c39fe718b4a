"""Queries of shops."""

from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.domain.errors import NotFound
from returns_service.store.tables import Shop


def load(session: Session, shop_id: UUID) -> Shop:
    """Raises NotFound."""
    row = session.exec(select(Shop).where(Shop.id == shop_id)).one_or_none()
    if row is None:
        raise NotFound("shop")
    return row


def by_slug(session: Session, slug: str) -> Shop:
    """Raises NotFound."""
    row = session.exec(select(Shop).where(Shop.slug == slug)).one_or_none()
    if row is None:
        raise NotFound("shop")
    return row


def everyone(session: Session) -> list[Shop]:
    return list(session.exec(select(Shop).order_by(col(Shop.slug))))
