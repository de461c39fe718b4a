"""Record what a gateway said about an attempt, whoever said it: its answer, a later question, or its event."""

from datetime import datetime, timedelta

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.ports import RefundResult
from returns_service.store import refunds
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund, RefundAttempt
from returns_service.usecases.steps import refunding

SOONEST, LATEST = timedelta(seconds=3), timedelta(hours=1)
"""Between two looks at an unknown or pending refund: as long as it has been waiting, within these."""


def record_refund(
    session: Session, attempt: RefundAttempt, result: RefundResult, *, actor: Actor, now: datetime
) -> datetime | None:
    """Apply an outcome; answers when to look again, None when it is settled. Late and repeated news change nothing."""
    case, refund = refunding.load(session, attempt.refund_id, actor)
    latest = refunds.attempts(session, refund.id)[-1]
    session.add(attempt)
    if result.reference and not attempt.gateway_refund_id:
        attempt.gateway_refund_id = result.reference
    if attempt.id != latest.id:
        _about_the_past(case, refund, attempt, result, actor, now)
    elif _differs(refund, result):
        why = f"The gateway moved {result.amount} instead of {refund.amount} minor units of {refund.currency}."
        _to_person(case, refund, attempt, why, actor, now)
    elif result.state == "succeeded":
        _succeeded(case, refund, attempt, result, actor, now)
    elif result.state == "declined":
        _declined(case, refund, attempt, result, actor, now)
    elif refund.state in ("pending", "unknown"):
        return _undecided(case, refund, attempt, result, now)
    return None


def give_up(session: Session, attempt: RefundAttempt, *, actor: Actor, now: datetime) -> None:
    """The gateway knows nothing of the attempt and its key may be forgotten: only a person may decide."""
    case, refund = refunding.load(session, attempt.refund_id, actor)
    if refund.state in ("pending", "unknown"):
        _to_person(case, refund, attempt, "The gateway does not know the refund and its key has expired.", actor, now)


def _undecided(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, now: datetime
) -> datetime:
    if result.state == "pending":
        _resolve(attempt, "pending", "", None)
        refund.gateway_reference = result.reference or refund.gateway_reference
    elif attempt.state != "pending":  # what the gateway once took on is not doubted because it is silent now
        _resolve(attempt, "unknown", result.reason, None)
        refunding.doubt(case, refund, reason=result.reason, now=now)
    return now + (result.retry_after or min(max(now - attempt.sent_at, SOONEST), LATEST))


def _succeeded(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, actor: Actor, now: datetime
) -> None:
    if refund.state in ("pending", "unknown", "manual"):
        _resolve(attempt, "ok", "", now)
        refunding.succeed(case, refund, reference=result.reference, actor=actor, now=now)


def _declined(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, actor: Actor, now: datetime
) -> None:
    if refund.state in ("pending", "unknown", "manual", "succeeded"):
        _resolve(attempt, "declined", result.reason, now)
        refund.gateway_reference = result.reference or refund.gateway_reference
        refunding.fail(case, refund, reason=result.reason, actor=actor, now=now)


def _about_the_past(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, actor: Actor, now: datetime
) -> None:
    """An earlier attempt that counted as declined did move money after all: never leave that to a machine."""
    if result.state == "succeeded" and attempt.state == "declined" and refund.state in ("pending", "unknown"):
        _to_person(case, refund, attempt, f"Attempt {attempt.n} moved money after it was declined.", actor, now)


def _to_person(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, reason: str, actor: Actor, now: datetime
) -> None:
    attempt.detail = reason
    if refund.state in ("pending", "unknown"):
        refunding.to_person(case, refund, reason=reason, actor=actor, now=now)


def _differs(refund: Refund, result: RefundResult) -> bool:
    moved = result.state in ("succeeded", "pending")
    return moved and result.amount is not None and result.amount != refund.amount


def _resolve(attempt: RefundAttempt, state: str, detail: str, at: datetime | None) -> None:
    attempt.state, attempt.detail, attempt.resolved_at = state, detail, at
