"""Who a presented key belongs to."""

from datetime import datetime

from sqlmodel import Session

from returns_service.store import keys
from returns_service.store.tables import ApiKey
from returns_service.usecases.create_key import digest


def authenticate(session: Session, secret: str, now: datetime) -> ApiKey | None:
    """The valid key with this secret: not revoked, not past its overlap."""
    row = keys.by_digest(session, digest(secret))
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return row
