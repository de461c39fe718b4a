"""Pay before the goods are in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import cases, orders
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import settlement


def advance(
    session: Session, case_id: UUID, *, expected: int | None, actor: Actor, now: datetime
) -> CaseFile:
    """Pay the provisional quote on a person's word. Doing it twice pays once. Raises StaleVersion, IllegalMove."""
    case = cases.load(session, case_id, actor, expected=expected)
    if case.row.advanced:
        return case
    orders.lock(session, case.row.order_id)
    settlement.advance(case, actor=actor, now=now)
    return case
