"""A person says what became of a refund that machines could not clear up, or what shall become of a failed one."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import doubts, lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.decision import QuoteShare
from returns_service.domain.errors import Conflict, IllegalMove, Invalid
from returns_service.domain.lifecycle import REFUND
from returns_service.store import refunds
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund
from returns_service.usecases.steps import finishing, paying, refunding

OUTCOMES = ("succeeded", "failed", "retry", "store_credit", "dropped")
"""succeeded, failed: what was found out. retry: ask the gateway again. store_credit: that instead. dropped: not owed."""


def resolve_refund(
    session: Session,
    refund_id: UUID,
    *,
    outcome: str,
    reference: str | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> CaseFile:
    """Raises NotFound, Invalid, IllegalMove, Conflict (the balance is gone)."""
    if outcome not in OUTCOMES:
        raise Invalid("outcome", f"The outcome is one of {', '.join(OUTCOMES)}.", pointer="/outcome")
    case, refund = refunding.load(session, refund_id, actor)
    if refund.state == outcome:
        return case
    _needs_person(refund, outcome)
    if outcome == "succeeded":
        refunding.succeed(case, refund, reference=reference, actor=actor, now=now)
    elif outcome == "failed":
        refunding.fail(case, refund, reason=note or doubts.FOUND_UNPAID, actor=actor, now=now)
    elif outcome == "retry":
        _retry(case, refund, actor, now)
    else:
        _instead(case, refund, outcome, note, actor, now)
    return case


def _needs_person(refund: Refund, outcome: str) -> None:
    """A refund under way is the gateway's to report; a finished one is finished."""
    if outcome in ("succeeded", "failed"):
        if refund.state not in ("manual", "unknown"):
            raise IllegalMove(
                "resolve", refund.state, [f"A refund that is {refund.state} needs nobody to find out."], []
            )
    elif not (_moved_nothing(refund) or (refund.state, outcome) == ("awaiting_release", "dropped")):
        why = "Say first whether the money moved; only a refund that surely did not may be repeated or replaced."
        raise IllegalMove("resolve", refund.state, [why], [])
    if refund.reason.startswith(paying.REPLACED):
        raise Conflict("replaced", "Something else already took the place of this refund.")


def _moved_nothing(refund: Refund) -> bool:
    return refund.state == "failed" or (refund.state == "manual" and refund.tender_id is None)


def _retry(case: CaseFile, refund: Refund, actor: Actor, now: datetime) -> None:
    """A new attempt with a new key; legal only because the last one surely moved nothing."""
    if refund.tender_id is None and refund.gateway != "store_credit":
        raise Conflict(
            "no_tender", "No payment stands behind this amount; give store credit or confirm it by hand."
        )
    if refund.tender_id and not refunds.reserve(case.session, refund.tender_id, refund.amount):
        raise Conflict("above_refundable", "The payment no longer has this much to give back.")
    lifecycle.step(REFUND, refund, "retry")
    refund.reason = ""
    paying.set_off(case, refund, actor=actor, now=now)


def _instead(case: CaseFile, refund: Refund, outcome: str, note: str, actor: Actor, now: datetime) -> None:
    if refund.state in ("manual", "awaiting_release"):
        if refund.tender_id:
            refunds.free(case.session, refund.tender_id, refund.amount)
        lifecycle.step(REFUND, refund, "fail")
        paying.give_up(case, refund, now=now)
    refund.reason = f"{paying.REPLACED}{outcome} {note}".strip()
    refund.updated_at = now
    if outcome == "store_credit":
        share = QuoteShare(None, refund.amount)
        paying.reserve(
            case, [share], purpose=f"{refund.purpose}-{refund.payment_id or 'credit'}", actor=actor, now=now
        )
    else:
        paying.drop(case, refund, note=note, actor=actor, now=now)
        finishing.finish(case, actor=actor, now=now)
