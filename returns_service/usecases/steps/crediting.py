"""Store credit of a refund: exactly once, with a code that the storefront takes as payment."""

import secrets
from datetime import datetime, timedelta

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import outbox
from returns_service.store import store_credit as book
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund, StoreCredit, Tender
from returns_service.usecases.steps import paying, refunding

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O and no 1/I/L: the code is typed by people."""


def issue(case: CaseFile, refund: Refund, *, actor: Actor, now: datetime) -> None:
    """Put it back onto the credit that the order was paid with; else issue a new one."""
    credit = _paid_with(case, refund, now) or _new(case, refund, now)
    refund.code = credit.code
    said = {**paying.told(refund), "code": credit.code, "state": "succeeded"}
    said["expires_at"] = credit.expires_at.isoformat() if credit.expires_at else None
    outbox.record(case, EventType.CREDIT_ISSUED, actor=actor, now=now, **said)
    refunding.succeed(case, refund, reference=None, actor=actor, now=now)


def _paid_with(case: CaseFile, refund: Refund, now: datetime) -> StoreCredit | None:
    """The credit behind the tender, topped up; None where it is not ours, over, or would hold more than it ever did."""
    tender = case.session.get(Tender, refund.tender_id) if refund.tender_id else None
    credit = book.find(case.session, refund.shop_id, tender.reference or "", lock=True) if tender else None
    if (
        credit is None
        or credit.currency != refund.currency
        or (credit.expires_at and credit.expires_at <= now)
    ):
        return None
    if not book.take(case.session, credit, -refund.amount):
        return None
    book.note(case.session, credit, "refunded", -refund.amount, f"refund:{refund.id}", now)
    return credit


def _new(case: CaseFile, refund: Refund, now: datetime) -> StoreCredit:
    days = case.shop.settings.get("store_credit_days")
    credit = StoreCredit(
        shop_id=refund.shop_id,
        refund_id=refund.id,
        code=new_code(),
        email=case.row.email,
        currency=refund.currency,
        amount=refund.amount,
        balance=refund.amount,
        expires_at=now + timedelta(days=days) if days else None,
        created_at=now,
    )
    case.session.add(credit)
    return credit


def new_code() -> str:
    """Sixteen random signs (79 bits): not guessable, readable over the telephone."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(16))
    return "-".join(signs[i : i + 4] for i in range(0, 16, 4))
