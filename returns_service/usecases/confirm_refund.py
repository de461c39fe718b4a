"""The storefront moved the money."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import refunding


def confirm_refund(
    session: Session, refund_id: UUID, *, reference: str | None, actor: Actor, now: datetime
) -> CaseFile:
    """The money moved; said twice, it counts once. Raises NotFound, IllegalMove, Conflict."""
    case, refund = refunding.load(session, refund_id, actor)
    if refund.state == "succeeded" and reference in (None, refund.gateway_reference):
        return case
    refunding.need_report(refund, "confirm")
    refunding.succeed(case, refund, reference=reference, actor=actor, now=now)
    refunding.close_attempt(session, refund, "ok", "", now)
    return case
