"""A second person releases money above the shop's limit."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import doubts, lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import REFUND
from returns_service.store import outbox
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import paying, refunding


def release_refund(session: Session, refund_id: UUID, *, actor: Actor, now: datetime) -> CaseFile:
    """Let the money go. Said twice, it counts once. Raises NotFound, IllegalMove, Forbidden (the same person)."""
    case, refund = refunding.load(session, refund_id, actor)
    if refund.released_by == actor.name:
        return case
    if refund.state == "awaiting_release" and refund.requested_by == actor.name:
        raise Forbidden("second_person", "Somebody else must release what you asked for.")
    lifecycle.step(REFUND, refund, "release")
    refund.released_by, refund.updated_at = actor.name, now
    outbox.record(case, EventType.REFUND_RELEASED, actor=actor, now=now, **paying.told(refund))
    if refund.gateway == "manual":
        refunding.to_person(case, refund, reason=doubts.RELEASED, actor=actor, now=now)
        return case
    outbox.record(case, EventType.REFUND_REQUESTED, actor=actor, now=now, **paying.told(refund))
    outbox.add(session, "refund", str(refund.id), shop_id=refund.shop_id, now=now)
    return case
