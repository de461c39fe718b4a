"""The storefront was told to pay and has not said that it did: remind after some days, then a person looks."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import doubts
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.domain.ports import RefundResult
from returns_service.store import outbox
from returns_service.usecases.record_refund import Told, give_up, note
from returns_service.usecases.steps import paying, refunding

REMIND = timedelta(days=3)
TIME_OUT = timedelta(days=14)


def await_storefront(
    session: Session, refund_id: UUID, attempt_id: UUID, result: RefundResult, *, actor: Actor, now: datetime
) -> datetime | None:
    """Record that it was told, and when to look again; None when it was reported or handed to a person. Looking twice
    says it once.
    """
    tried = refunding.load_attempt(session, refund_id, attempt_id, actor)
    if note(tried, result, Told(actor, now)) is None:
        return None
    case, refund, attempt, _ = tried
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
