"""Queries of shops."""

from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from returns_service.domain.errors import NotFound
from returns_service.store.tables import Shop

# Asked in every request: built once, which takes longer than to carry them out.
_BY_ID = select(Shop).where(Shop.id == bindparam("shop_id"))
_BY_ID_LOCKED = _BY_ID.with_for_update(key_share=True).execution_options(populate_existing=True)
_BY_SLUG = select(Shop).where(Shop.slug == bindparam("slug"))


def load(session: Session, shop_id: UUID, *, lock: bool = False) -> Shop:
    """`lock`: as it is now, and nobody else changes it meanwhile. Raises NotFound."""
    if lock:
        session.flush()  # what was changed here already is not read over
    row = session.exec(_BY_ID_LOCKED if lock else _BY_ID, params={"shop_id": shop_id}).one_or_none()
    if row is None:
        raise NotFound("shop")
    return row


def by_slug(session: Session, slug: str) -> Shop:
    """Raises NotFound."""
    row = session.exec(_BY_SLUG, params={"slug": slug}).one_or_none()
    if row is None:
        raise NotFound("shop")
    return row


def everyone(session: Session) -> list[Shop]:
    return list(session.exec(select(Shop).order_by(col(Shop.slug))))
