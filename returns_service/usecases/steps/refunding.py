"""What becomes of a refund: it succeeds, fails (perhaps late), stays in doubt, or needs a person.

Each step moves the refund's own machine, the tender's balance, the ledger and the history together.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, IllegalMove
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import FINAL, REFUND
from returns_service.store import ledger, outbox, refunds
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund, RefundAttempt
from returns_service.usecases.steps import finishing, moving
from returns_service.usecases.steps.paying import told


def load(session: Session, refund_id: UUID, actor: Actor) -> tuple[CaseFile, Refund]:
    """A refund with its case, under lock. Raises NotFound."""
    case = refunds.case_of(session, refund_id, actor.shop_id)
    return case, next(refund for refund in case.refunds if refund.id == refund_id)


class Tried(NamedTuple):
    """An attempt with what it belongs to."""

    case: CaseFile
    refund: Refund
    attempt: RefundAttempt
    latest: bool
    """No other followed it."""


def load_attempt(session: Session, refund_id: UUID, attempt_id: UUID, actor: Actor) -> Tried:
    """An attempt with its refund and case, under lock. Raises NotFound."""
    case, refund = load(session, refund_id, actor)
    tries = refunds.attempts(session, refund_id)
    attempt = next(one for one in tries if one.id == attempt_id)
    return Tried(case, refund, attempt, attempt is tries[-1])


def succeed(case: CaseFile, refund: Refund, *, reference: str | None, actor: Actor, now: datetime) -> None:
    """The money moved. Raises IllegalMove."""
    lifecycle.step(REFUND, refund, "succeed")
    refund.gateway_reference = reference or refund.gateway_reference
    if refund.tender_id:
        refunds.spend(case.session, refund.tender_id, refund.amount)
    ledger.enter(case, "paid", refund.amount, now=now, refund=refund)
    _record(case, refund, EventType.REFUND_SUCCEEDED, actor, now, reference=refund.gateway_reference)
    finishing.finish(case, actor=actor, now=now)


def fail(case: CaseFile, refund: Refund, *, reason: str, actor: Actor, now: datetime) -> None:
    """The money did not move, or came back after it was announced: the balance is there again. Raises IllegalMove."""
    was = refund.state
    lifecycle.step(REFUND, refund, "fail")
    refund.reason = reason
    if refund.tender_id:
        give_back = refunds.unspend if was == "succeeded" else refunds.free
        give_back(case.session, refund.tender_id, refund.amount)
    ledger.enter(case, "failed", refund.amount, now=now, refund=refund)
    if case.state in FINAL:
        moving.move(case, "reopen", EventType.REOPENED, actor=actor, now=now, reason=reason)
    _record(case, refund, EventType.REFUND_FAILED, actor, now, reason=reason, late=was == "succeeded")


def doubt(case: CaseFile, refund: Refund, *, reason: str, now: datetime) -> None:
    """Nobody knows yet whether the money moved."""
    if refund.state != "unknown":
        lifecycle.step(REFUND, refund, "doubt")
        refund.reason, refund.updated_at = reason, now
        outbox.touch(case, now)


def to_person(case: CaseFile, refund: Refund, *, reason: str, actor: Actor, now: datetime) -> None:
    """Machines cannot find out; a person must."""
    if refund.state == "manual":
        return
    lifecycle.step(REFUND, refund, "give_up")
    refund.reason = reason
    _record(case, refund, EventType.REFUND_MANUAL, actor, now, reason=reason)


def need_report(refund: Refund, trigger: str) -> None:
    """Raises IllegalMove while a second person must release it, Conflict where the gateway reports itself."""
    if refund.state == "awaiting_release":
        raise IllegalMove(
            trigger, refund.state, ["A second person must release this refund first."], ["release"]
        )
    if refund.gateway == "manual":
        raise Conflict(
            "needs_person", "No payment stands behind this amount; a person of the shop resolves it."
        )
    if refund.gateway != "storefront":
        raise Conflict("reported_by_gateway", f"The gateway {refund.gateway} reports this refund itself.")


def close_attempt(session: Session, refund: Refund, state: str, detail: str, now: datetime) -> None:
    """Note on the last attempt what was reported about it."""
    for attempt in refunds.attempts(session, refund.id)[-1:]:
        attempt.state, attempt.detail, attempt.resolved_at = state, detail, now


def _record(
    case: CaseFile, refund: Refund, fact: EventType, actor: Actor, now: datetime, **more: Any
) -> None:
    refund.updated_at = now
    outbox.record(case, fact, actor=actor, now=now, **told(refund), **more)
