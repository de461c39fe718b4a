"""Reserving money on the tenders and leaving the work of moving it."""

from collections.abc import Sequence
from datetime import datetime

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.decision import QuoteShare
from returns_service.domain.events import EventType
from returns_service.domain.money import Minor
from returns_service.store import ledger, outbox, refunds
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund


def reserve(case: CaseFile, shares: Sequence[QuoteShare], *, purpose: str, actor: Actor, now: datetime) -> list[Refund]:
    """One refund per share, its money set aside; what a tender no longer has is owed as unfunded."""
    made, missing = [], 0
    for share in shares:
        refund = _to_tender(case, share, purpose, actor, now) if share.payment_id else _to_credit(case, share, purpose, actor, now)
        if refund is None:
            missing += share.amount
            continue
        made.append(_owe(case, refund, actor=actor, now=now))
    owe_unfunded(case, missing, purpose=f"{purpose}-tender", actor=actor, now=now)
    return made


def owe_unfunded(case: CaseFile, amount: Minor, *, purpose: str, actor: Actor, now: datetime) -> None:
    """Money no tender can pay: a person gives store credit or pays by other means, and says so."""
    if amount > 0:
        refund = _row(case, purpose, actor, now, amount)
        refund.method, refund.gateway, refund.payment_id, refund.state = "unfunded", "manual", "unfunded", "manual"
        _owe(case, refund, actor=actor, now=now)


def _to_tender(case: CaseFile, share: QuoteShare, purpose: str, actor: Actor, now: datetime) -> Refund | None:
    tender = refunds.tender_of(case.session, case.row.order_id, share.payment_id or "")
    if not refunds.reserve(case.session, tender.id, share.amount):
        return None
    refund = _row(case, purpose, actor, now, share.amount)
    refund.tender_id, refund.payment_id = tender.id, tender.payment_id
    refund.method, refund.gateway = tender.method, tender.gateway
    return refund


def _to_credit(case: CaseFile, share: QuoteShare, purpose: str, actor: Actor, now: datetime) -> Refund:
    refund = _row(case, purpose, actor, now, share.amount)
    refund.method, refund.gateway = "store_credit", "store_credit"
    return refund


def _row(case: CaseFile, purpose: str, actor: Actor, now: datetime, amount: Minor) -> Refund:
    return Refund(
        shop_id=case.row.shop_id,
        case_id=case.id,
        purpose=purpose,
        method="",
        gateway="",
        amount=amount,
        currency=case.row.currency,
        state="awaiting_release" if _needs_release(case, amount) else "pending",
        requested_by=actor.name,
        created_at=now,
        updated_at=now,
    )


def _needs_release(case: CaseFile, amount: Minor) -> bool:
    """Above the shop's set amount a second person must release the money."""
    above = case.shop.settings.get("release_above", {}).get(case.row.currency)
    return above is not None and amount > money.parse(above, case.row.currency)


def _owe(case: CaseFile, refund: Refund, *, actor: Actor, now: datetime) -> Refund:
    case.session.add(refund)
    case.session.flush()
    case.row.has_money = True
    case.refunds = [*case.refunds, refund] if refund not in case.refunds else case.refunds
    ledger.enter(case, "reserved", refund.amount, now=now, refund=refund)
    amount = money.text(refund.amount, refund.currency)
    fact = EventType.REFUND_MANUAL if refund.state == "manual" else EventType.REFUND_REQUESTED
    outbox.record(case, fact, actor=actor, now=now, refund_id=str(refund.id), amount=amount, state=refund.state,
                  method=refund.method, payment_id=refund.payment_id)
    if refund.state == "pending":
        outbox.add(case.session, "refund", str(refund.id), shop_id=refund.shop_id, now=now)
    return refund
