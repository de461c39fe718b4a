"""The keys of a shop, without their secrets."""

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import keys
from returns_service.store.tables import ApiKey


def list_keys(session: Session, *, actor: Actor) -> list[ApiKey]:
    """Newest first."""
    return keys.of_shop(session, actor.shop_id)
