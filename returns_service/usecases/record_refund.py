"""Record what a gateway said about an attempt, whoever said it: its answer, a later question, or its event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import doubts, money
from returns_service.domain.actor import Actor
from returns_service.domain.ports import RefundResult
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund, RefundAttempt
from returns_service.usecases.steps import otherwise, refunding
from returns_service.usecases.steps.refunding import Tried

SOONEST, LATEST = timedelta(seconds=3), timedelta(hours=1)
"""Between two looks at an unknown or pending refund: as long as it has been waiting, within these."""


def record_refund(
    session: Session, refund_id: UUID, attempt_id: UUID, result: RefundResult, *, actor: Actor, now: datetime
) -> datetime | None:
    """Apply an outcome; answers when to look again, None when it is settled. Late and repeated news change nothing."""
    return note(refunding.load_attempt(session, refund_id, attempt_id, actor), result, Told(actor, now))


def give_up(
    session: Session, refund_id: UUID, attempt_id: UUID, reason: str, *, actor: Actor, now: datetime
) -> None:
    """No machine will find out: only a person may decide."""
    case, refund, attempt, _ = refunding.load_attempt(session, refund_id, attempt_id, actor)
    _to_person(case, refund, attempt, reason, Told(actor, now))


@dataclass(frozen=True)
class Told:
    """Who told it, and when."""

    actor: Actor
    now: datetime


def note(tried: Tried, result: RefundResult, told: Told) -> datetime | None:
    """The same, for an attempt that is at hand."""
    case, refund, attempt, latest = tried
    if result.reference and not attempt.gateway_refund_id:
        attempt.gateway_refund_id = result.reference
    if not latest:
        _about_the_past(case, refund, attempt, result, told)
    elif _differs(refund, result):
        moved, wanted = (money.text(sum_ or 0, refund.currency) for sum_ in (result.amount, refund.amount))
        why = doubts.OTHER_AMOUNT.format(moved=moved, wanted=wanted, currency=refund.currency)
        _to_person(case, refund, attempt, why, told)
    elif result.state == "succeeded":
        _succeeded(case, refund, attempt, result, told)
    elif result.state == "declined":
        _declined(case, refund, attempt, result, told)
    elif refund.state in ("pending", "unknown"):
        return _undecided(case, refund, attempt, result, told.now)
    return None


def _undecided(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, now: datetime
) -> datetime:
    if result.state == "pending":
        attempt.state = "pending"
        refund.gateway_reference = result.reference or refund.gateway_reference
    elif attempt.state != "pending":  # what the gateway once took on is not doubted because it is silent now
        _resolve(attempt, "unknown", result.reason, None)
        refunding.doubt(case, refund, reason=result.reason, now=now)
    return now + (result.retry_after or min(max(now - attempt.sent_at, SOONEST), LATEST))


def _succeeded(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, told: Told
) -> None:
    if refund.state in ("pending", "unknown", "manual"):
        _resolve(attempt, "ok", "", told.now)
        refunding.succeed(case, refund, reference=result.reference, actor=told.actor, now=told.now)


def _declined(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, told: Told
) -> None:
    if refund.state in ("pending", "unknown", "manual", "succeeded"):
        _resolve(attempt, "declined", result.reason, told.now)
        refund.gateway_reference = result.reference or refund.gateway_reference
        late = refund.state == "succeeded"
        refunding.fail(case, refund, reason=result.reason, actor=told.actor, now=told.now)
        if not late:  # money that was announced and came back is a person's to look into
            otherwise.give(case, refund, now=told.now)


def _about_the_past(
    case: CaseFile, refund: Refund, attempt: RefundAttempt, result: RefundResult, told: Told
) -> None:
    """An earlier attempt that counted as declined did move money after all: never leave that to a machine."""
    if result.state == "succeeded" and attempt.state == "declined" and refund.state in ("pending", "unknown"):
        _to_person(case, refund, attempt, doubts.PAID_AFTER_ALL.format(n=attempt.n), told)


def _to_person(case: CaseFile, refund: Refund, attempt: RefundAttempt, reason: str, told: Told) -> None:
    attempt.detail = reason
    if refund.state in ("pending", "unknown"):
        refunding.to_person(case, refund, reason=reason, actor=told.actor, now=told.now)


def _differs(refund: Refund, result: RefundResult) -> bool:
    moved = result.state in ("succeeded", "pending")
    return moved and result.amount is not None and result.amount != refund.amount


def _resolve(attempt: RefundAttempt, state: str, detail: str, at: datetime | None) -> None:
    attempt.state, attempt.detail, attempt.resolved_at = state, detail, at
