"""Reserving money on the tenders and leaving the work of moving it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from returns_service.domain import money, tenders
from returns_service.domain.actor import Actor
from returns_service.domain.decision import QuoteShare
from returns_service.domain.events import EventType
from returns_service.domain.money import Minor
from returns_service.store import ledger, outbox, refunds
from returns_service.store.appending import enrol
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund

UNFUNDED = "unfunded"
"""In place of a payment id: money that no payment can give, until a person has seen to it."""

REPLACED = "replaced: "
"""How the reason of a refund begins that something else took the place of."""


def reserve(
    case: CaseFile, shares: Sequence[QuoteShare], *, purpose: str, actor: Actor, now: datetime
) -> list[Refund]:
    """One refund per share, its money set aside; what a tender no longer has is owed as unfunded."""
    made, missing = [], 0
    by = _Round(purpose, actor, now, _needs_release(case, shares))
    for share in shares:
        if share.payment_id == UNFUNDED:
            missing += share.amount
            continue
        refund = _to_tender(case, share, by) if share.payment_id else _to_credit(case, share, by)
        if refund is None:
            missing += share.amount
            continue
        made.append(_owe(case, refund, actor=actor, now=now))
    if missing:
        made.append(_owe_unfunded(case, missing, by))
    return made


@dataclass(frozen=True)
class _Round:
    """What the refunds of one reservation have in common."""

    purpose: str
    actor: Actor
    now: datetime
    held: bool
    """A second person must release them."""


def set_off(case: CaseFile, refund: Refund, *, actor: Actor, now: datetime) -> None:
    """The money of a refund is set aside: say so, and leave the work of moving it."""
    refund.updated_at = now
    ledger.enter(case, "reserved", refund.amount, now=now, refund=refund)
    facts = {"manual": EventType.REFUND_MANUAL, "awaiting_release": EventType.REFUND_AWAITING}
    fact = facts.get(refund.state, EventType.REFUND_REQUESTED)
    outbox.record(case, fact, actor=actor, now=now, **told(refund))
    if refund.state == "pending":
        outbox.add(case.session, "refund", str(refund.id), shop_id=refund.shop_id, now=now)


def drop(case: CaseFile, refund: Refund, *, note: str, actor: Actor, now: datetime) -> None:
    """A person decides that this amount is not owed any more."""
    ledger.enter(case, "dropped", refund.amount, now=now)
    outbox.record(case, EventType.OVERRIDDEN, actor=actor, now=now, reason=note, **told(refund))


def give_up(case: CaseFile, refund: Refund, *, now: datetime) -> None:
    """What was set aside for a refund that will not be carried out is free again."""
    ledger.enter(case, "released", refund.amount, now=now, refund=refund)


def told(refund: Refund) -> dict[str, Any]:
    """What an event says about a refund."""
    return {
        "refund_id": str(refund.id),
        "amount": money.text(refund.amount, refund.currency),
        "currency": refund.currency,
        "state": refund.state,
        "method": refund.method,
        "gateway": refund.gateway,
        "payment_id": refund.payment_id or None,
    }


def _owe_unfunded(case: CaseFile, amount: Minor, by: _Round) -> Refund:
    """A person gives store credit or pays by other means, and says so."""
    refund = _row(case, amount, by, waits="manual")
    refund.method, refund.gateway, refund.payment_id = UNFUNDED, "manual", UNFUNDED
    why = [(payment.id, tenders.why_not(payment)) for payment in case.order.payments]
    refund.reason = ", ".join(f"{payment_id}: {code}" for payment_id, code in why if code)
    return _owe(case, refund, actor=by.actor, now=by.now)


def _to_tender(case: CaseFile, share: QuoteShare, by: _Round) -> Refund | None:
    tender = refunds.reserve_on(case.session, case.row.order_id, share.payment_id or "", share.amount)
    if tender is None:
        return None
    refund = _row(case, share.amount, by)
    refund.tender_id, refund.payment_id = tender.id, share.payment_id or ""
    refund.method, refund.gateway = tender.method, tender.gateway
    return refund


def _to_credit(case: CaseFile, share: QuoteShare, by: _Round) -> Refund:
    refund = _row(case, share.amount, by)
    refund.method, refund.gateway = "store_credit", "store_credit"
    return refund


def _row(case: CaseFile, amount: Minor, by: _Round, waits: str = "pending") -> Refund:
    return Refund(
        shop_id=case.row.shop_id,
        case_id=case.id,
        purpose=by.purpose,
        method="",
        gateway="",
        amount=amount,
        currency=case.row.currency,
        state="awaiting_release" if by.held else waits,
        requested_by=by.actor.name,
        created_at=by.now,
        updated_at=by.now,
    )


def _needs_release(case: CaseFile, shares: Sequence[QuoteShare]) -> bool:
    """When the case gives more than the shop's set amount a second person must release it, over however many payments."""
    above = case.shop.settings.get("release_above", {}).get(case.row.currency)
    if above is None:
        return False
    given = sum(refund.amount for refund in case.refunds if refund.state != "failed")
    return given + sum(share.amount for share in shares) > money.parse(above, case.row.currency)


def _owe(case: CaseFile, refund: Refund, *, actor: Actor, now: datetime) -> Refund:
    enrol(case.session, refund)
    case.refunds = [*case.refunds, refund] if refund not in case.refunds else case.refunds
    set_off(case, refund, actor=actor, now=now)
    return refund
