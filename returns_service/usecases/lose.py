"""A parcel was lost on its way back."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EvidenceRow
from returns_service.usecases.steps import settlement


def lose(
    session: Session, case_id: UUID, *, expected: int | None, actor: Actor, now: datetime, reason: str = ""
) -> CaseFile:
    """Settle a case whose parcel is lost; who bears it is the policy's fault rule. Raises StaleVersion, IllegalMove."""
    case = cases.load(session, case_id, actor, expected=expected)
    lifecycle.require(case, "lost")
    row = EvidenceRow(
        case_id=case.id,
        type="parcel_lost",
        data={"reason": reason, "leg": "return"},
        at=now,
        actor=actor.body(),
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    outbox.record(case, EventType.LOST, actor=actor, now=now, reason=reason)
    settlement.carry_out(case, "lost", settlement.final(case, now), actor=actor, now=now, reason=reason)
    return case
