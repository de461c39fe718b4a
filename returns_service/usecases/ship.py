"""The goods are on their way back."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving


def ship(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    carrier: str | None = None,
    tracking_number: str | None = None,
) -> CaseFile:
    """Note the parcel. Saying the same parcel again changes nothing. Raises StaleVersion, IllegalMove."""
    case = cases.load(session, case_id, actor, expected=expected)
    parcel = {"carrier": carrier, "tracking_number": tracking_number}
    if any({k: known.get(k) for k in parcel} == parcel for known in case.row.shipments):
        return case
    moving.move(case, "ship", EventType.SHIPPED, actor=actor, now=now, **parcel)
    case.row.shipments = [*case.row.shipments, {**parcel, "at": now.isoformat()}]
    case.row.tracking = tracking_number
    return case
