"""Queries of API keys."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from returns_service.domain.errors import NotFound
from returns_service.store.tables import ApiKey


def by_digest(session: Session, digest: str) -> ApiKey | None:
    return session.exec(select(ApiKey).where(ApiKey.digest == digest)).one_or_none()


def load(session: Session, shop_id: UUID, key_id: UUID, *, lock: bool = False) -> ApiKey:
    """Raises NotFound."""
    query = select(ApiKey).where(ApiKey.shop_id == shop_id, ApiKey.id == key_id)
    row = session.exec(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("key")
    return row


def of_shop(session: Session, shop_id: UUID) -> list[ApiKey]:
    """Newest first."""
    return list(session.exec(select(ApiKey).where(ApiKey.shop_id == shop_id).order_by(col(ApiKey.id).desc())))


def other_admins(session: Session, row: ApiKey, now: datetime) -> bool:
    """Whether another valid key of the shop can manage keys."""
    valid = select(ApiKey).where(
        ApiKey.shop_id == row.shop_id,
        ApiKey.id != row.id,
        col(ApiKey.revoked_at).is_(None),
        or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now),
    )
    return any("admin" in key.scopes for key in session.exec(valid))
