"""Find messages: of one case, or by address, subject, number and state."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import notices
from returns_service.store.tables import Notice


def list_notices(
    session: Session,
    *,
    actor: Actor,
    text: str = "",
    states: Sequence[str] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[tuple[Notice, str]]:
    """Messages of the shop with their case's number, newest first."""
    return notices.search(session, actor.shop_id, text=text, states=states, before=before, limit=limit)


def notices_of_case(session: Session, case_id: UUID, *, actor: Actor) -> list[Notice]:
    """What was told about a case, oldest first."""
    return [notice for notice in notices.told(session, case_id) if notice.shop_id == actor.shop_id]
