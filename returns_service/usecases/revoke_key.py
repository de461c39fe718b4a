"""End a key at once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.store import keys
from returns_service.store.tables import ApiKey


def revoke_key(session: Session, key_id: UUID, *, actor: Actor, now: datetime) -> ApiKey:
    """Raises NotFound; Conflict for the last key that can manage keys."""
    row = keys.load(session, actor.shop_id, key_id, lock=True)
    if row.revoked_at is None:
        if "admin" in row.scopes and not keys.other_admins(session, row, now):
            raise Conflict(
                "last_admin_key", "This is the last key that can manage keys; create another one first."
            )
        row.revoked_at = now
        session.add(row)
    return row
