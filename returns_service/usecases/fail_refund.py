"""The storefront could not move the money, or it came back."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import doubts
from returns_service.domain.actor import Actor
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import otherwise, refunding


def fail_refund(session: Session, refund_id: UUID, *, reason: str, actor: Actor, now: datetime) -> CaseFile:
    """Said twice, it counts once. Raises NotFound, IllegalMove, Conflict."""
    case, refund = refunding.load(session, refund_id, actor)
    if refund.state == "failed":
        return case
    refunding.need_report(refund, "fail")
    late = refund.state == "succeeded"
    refunding.fail(case, refund, reason=reason or doubts.STOREFRONT_FAILED, actor=actor, now=now)
    refunding.close_attempt(session, refund, "declined", reason, now)
    if not late:
        otherwise.give(case, refund, now=now)
    return case
