"""Call a case off."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving


def cancel(
    session: Session, case_id: UUID, *, expected: int | None, actor: Actor, now: datetime, reason: str = ""
) -> CaseFile:
    """Call off; the units are free again. Raises StaleVersion, IllegalMove."""
    case = cases.load(session, case_id, actor, expected=expected)
    if lifecycle.done(case, "cancel"):
        return case
    moving.move(case, "cancel", EventType.CANCELLED, actor=actor, now=now, reason=reason)
    cases.release(session, case)
    return case
