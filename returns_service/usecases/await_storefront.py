"""The storefront was told to pay and has not said that it did: remind after some days, then a person looks."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import doubts
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import outbox, refunds
from returns_service.usecases.record_refund import give_up
from returns_service.usecases.steps import paying, refunding

REMIND = timedelta(days=3)
TIME_OUT = timedelta(days=14)


def await_storefront(
    session: Session, refund_id: UUID, attempt_id: UUID, *, actor: Actor, now: datetime
) -> datetime | None:
    """When to look again; None when it was reported or handed to a person. Looking twice says it once."""
    case, refund = refunding.load(session, refund_id, actor)
    attempt = next(one for one in refunds.attempts(session, refund_id) if one.id == attempt_id)
    if refund.state != "pending" or attempt.resolved_at:
        return None
    if now >= attempt.sent_at + TIME_OUT:
        why = doubts.SILENT_STOREFRONT.format(days=TIME_OUT.days)
        give_up(session, refund_id, attempt_id, why, actor=actor, now=now)
        return None
    if now < attempt.sent_at + REMIND:
        return attempt.sent_at + REMIND
    if attempt.detail != "reminded":
        attempt.detail = "reminded"
        outbox.record(
            case, EventType.OVERDUE, actor=actor, now=now, **{"for": "refund", **paying.told(refund)}
        )
    return attempt.sent_at + TIME_OUT
