"""Refuse a request."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving


def reject(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    code: str,
    message: str,
) -> CaseFile:
    """Refuse with a reason the customer reads; the units are free again. Raises StaleVersion, IllegalMove."""
    case = cases.load(session, case_id, actor, expected=expected)
    if lifecycle.done(case, "reject"):
        return case
    moving.move(case, "reject", EventType.REJECTED, actor=actor, now=now, code=code, message=message)
    case.row.outcome_reason = message
    cases.release(session, case)
    return case
