"""Replace a key by a new one; both are valid during the overlap."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.store import keys
from returns_service.store.tables import ApiKey
from returns_service.usecases.create_key import create_key


def rotate_key(
    session: Session, key_id: UUID, *, overlap: timedelta, actor: Actor, now: datetime
) -> tuple[ApiKey, str]:
    """The successor's row and secret. Raises NotFound; Conflict when the key is no longer valid."""
    old = keys.load(session, actor.shop_id, key_id, lock=True)
    if old.revoked_at is not None or old.expires_at is not None:
        raise Conflict("key_replaced", "This key was revoked or has a successor already.")
    old.expires_at = now + overlap
    session.add(old)
    return create_key(session, actor.shop_id, name=old.name, scopes=old.scopes, now=now)
