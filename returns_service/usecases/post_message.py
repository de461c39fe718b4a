"""Say something on a case, and read what was said."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox, photos, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import ConversationMessage


def post_message(
    session: Session,
    case_id: UUID,
    *,
    message: str,
    photo_ids: Sequence[str] = (),
    internal: bool = False,
    actor: Actor,
    now: datetime,
) -> tuple[CaseFile, ConversationMessage]:
    """Add a message; an internal note is written and read by staff only. Raises NotFound, Forbidden, Invalid."""
    if internal and not actor.may("staff"):
        raise Forbidden("missing_scope", "Internal notes are for staff.", scope="staff")
    case = cases.load(session, case_id, actor)
    photos.need(session, actor.shop_id, photo_ids)
    row = talk.say(case, message, actor=actor, now=now, photos=photo_ids, internal=internal)
    session.flush()
    if not internal:
        outbox.record(case, EventType.MESSAGE_POSTED, actor=actor, now=now, message_id=str(row.id))
    return case, row


def list_messages(session: Session, case_id: UUID, *, actor: Actor) -> list[ConversationMessage]:
    """The conversation, oldest first; internal notes for staff only. Raises NotFound."""
    case = cases.load(session, case_id, actor, lock=False)
    return talk.of_case(session, case.id, internal=actor.may("staff"))
