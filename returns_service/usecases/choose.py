"""The customer chooses, where something cannot be had as wished."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Invalid
from returns_service.domain.events import EventType
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import choosing, moving

_CHOICES = ("refund", "store_credit", "wait")


def choose(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    line_id: str,
    resolution: str,
) -> CaseFile:
    """Money instead of goods, or waiting for them. Raises StaleVersion, IllegalMove, NotFound, Invalid."""
    case = cases.load(session, case_id, actor, expected=expected)
    line = case.line(line_id)
    if resolution not in _CHOICES:
        raise Invalid("resolution", f"Choose one of {', '.join(_CHOICES)}.", pointer="/resolution")
    moving.move(
        case, "choose", EventType.CHOSEN, actor=actor, now=now, line_id=line_id, resolution=resolution
    )
    if resolution == "wait":
        choosing.wait(case, str(line.id), actor=actor, now=now)
        return case
    choosing.take_money(case, {str(line.id)}, resolution, actor=actor, now=now)
    return case
