"""Answer the shop's question."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases, talk
from returns_service.store import photos as photos_of_shop
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import attributing, moving


def answer(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    message: str,
    photos: Sequence[str] = (),
) -> CaseFile:
    """Answer; the case is back with the reviewer. Raises StaleVersion, IllegalMove, NotFound, Invalid (a photo)."""
    case = cases.load(session, case_id, actor, expected=expected)
    photos_of_shop.need(session, actor.shop_id, photos)
    moving.move(
        case, "answer", EventType.ANSWERED, actor=actor, now=now, message=message, photos=list(photos)
    )
    talk.say(case, message, actor=actor, now=now, photos=photos)
    if photos:
        session.flush()
        attributing.attribute_anew(case, actor=actor, now=now)
    return case
