"""Queries of what people say on a case."""

from collections.abc import Sequence
from datetime import datetime

from returns_service.domain.actor import Actor
from returns_service.store.cases import CaseFile
from returns_service.store.tables import ConversationMessage


def say(
    case: CaseFile, body: str, *, actor: Actor, now: datetime, photos: Sequence[str] = (), internal: bool = False
) -> ConversationMessage:
    """Add a message to the conversation; internal notes do not count for the customer."""
    row = ConversationMessage(
        case_id=case.id, author=actor.body(), body=body, photos=list(photos), internal=internal, at=now
    )
    case.session.add(row)
    if not internal:
        case.row.messages += 1
    return row
