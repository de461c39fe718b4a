"""The storefront holds what goods in advance are worth; now they may go out."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import REPLACEMENT
from returns_service.store import outbox
from returns_service.store.cases import CaseFile
from returns_service.usecases.report_replacement import load
from returns_service.usecases.steps import sending


def secure_replacement(
    session: Session, replacement_id: UUID, *, actor: Actor, now: datetime, reference: str
) -> CaseFile:
    """Said twice, it counts once. Raises NotFound, Conflict, IllegalMove."""
    case, row = load(session, replacement_id, actor)
    if row.security_reference == reference:
        return case
    if row.security != "hold":
        raise Conflict("nothing_to_hold", "These goods wait for no hold.")
    lifecycle.step(REPLACEMENT, row, "secure")
    row.security_reference, row.updated_at = reference, now
    outbox.record(case, EventType.SECURED, actor=actor, now=now, **sending.named(case, row))
    outbox.record(case, EventType.REPLACEMENT_REQUESTED, actor=actor, now=now, **sending.named(case, row))
    return case
