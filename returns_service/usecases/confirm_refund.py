"""The storefront moved the money, or could not."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, IllegalMove
from returns_service.store import refunds
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund
from returns_service.usecases.steps import refunding

BY_HAND = ("storefront", "manual")
"""Gateways whose outcome is reported by people or programs and not by the gateway itself."""


def confirm_refund(
    session: Session, refund_id: UUID, *, reference: str | None, actor: Actor, now: datetime
) -> CaseFile:
    """The money moved; said twice, it counts once. Raises NotFound, IllegalMove, Conflict."""
    case, refund = refunding.load(session, refund_id, actor)
    if refund.state == "succeeded" and reference in (None, refund.gateway_reference):
        return case
    _ours_to_report(refund, "confirm")
    refunding.succeed(case, refund, reference=reference, actor=actor, now=now)
    _close_attempt(session, refund, "ok", "", now)
    return case


def fail_refund(session: Session, refund_id: UUID, *, reason: str, actor: Actor, now: datetime) -> CaseFile:
    """The money could not be moved, or came back. Raises NotFound, IllegalMove, Conflict."""
    case, refund = refunding.load(session, refund_id, actor)
    if refund.state == "failed":
        return case
    _ours_to_report(refund, "fail")
    refunding.fail(case, refund, reason=reason or "The storefront could not pay.", actor=actor, now=now)
    _close_attempt(session, refund, "declined", reason, now)
    return case


def _ours_to_report(refund: Refund, trigger: str) -> None:
    if refund.state == "awaiting_release":
        raise IllegalMove(trigger, refund.state, ["A second person must release this refund first."], ["release"])
    if refund.gateway not in BY_HAND:
        raise Conflict("reported_by_gateway", f"The gateway {refund.gateway} reports this refund itself.")


def _close_attempt(session: Session, refund: Refund, state: str, detail: str, now: datetime) -> None:
    for attempt in refunds.attempts(session, refund.id)[-1:]:
        attempt.state, attempt.detail, attempt.resolved_at = state, detail, now
        session.add(attempt)
