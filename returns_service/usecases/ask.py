"""Ask the customer for more."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases, talk
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving


def ask(
    session: Session, case_id: UUID, *, expected: int | None, actor: Actor, now: datetime, message: str
) -> CaseFile:
    """Put a question; the case waits for the answer. Raises StaleVersion, IllegalMove."""
    case = cases.load(session, case_id, actor, expected=expected)
    if lifecycle.done(case, "ask"):
        return case
    moving.move(case, "ask", EventType.INFO_REQUESTED, actor=actor, now=now, message=message)
    talk.say(case, message, actor=actor, now=now)
    return case
