"""Queries of goods that go out."""

from uuid import UUID

from sqlmodel import Session, select

from returns_service.domain.errors import NotFound
from returns_service.store.tables import Replacement


def case_of(session: Session, replacement_id: UUID, shop_id: UUID) -> UUID:
    """The case a replacement belongs to. Raises NotFound."""
    query = select(Replacement.case_id).where(Replacement.id == replacement_id, Replacement.shop_id == shop_id)
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("replacement")
    return found
