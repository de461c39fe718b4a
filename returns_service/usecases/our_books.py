"""What we say about the payments of a gateway, for reconciliation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.reconcile import Difference, OurAttempt
from returns_service.store import refunds

AT_ONCE = 100
"""Payments that are read together."""


@dataclass(frozen=True)
class Wanted:
    """Payments of a shop with a gateway, on orders with returns that changed since then, behind one of them."""

    shop_id: UUID
    gateway: str
    since: datetime | None = None
    after: UUID | None = None


@dataclass(frozen=True)
class OurPayment:
    id: UUID
    shop_id: UUID
    reference: str
    currency: str
    attempts: tuple[OurAttempt, ...]


def our_books(session: Session, wanted: Wanted) -> list[OurPayment]:
    """The next payments, with every attempt to give something back."""
    found = []
    named = (wanted.shop_id, wanted.gateway, wanted.since, wanted.after)
    for tender, shop, order_id in refunds.payments_to_reconcile(session, *named, AT_ONCE):
        attempts = tuple(
            OurAttempt(
                key=attempt.idempotency_key,
                state=attempt.state,
                amount=refund.amount,
                currency=refund.currency,
                sent_at=attempt.sent_at,
                reference=attempt.gateway_refund_id,
            )
            for attempt, refund in refunds.attempts_on(session, tender.id)
        )
        currency = refunds.currency_of(session, tender)
        reference = refunds.reference_of(tender, shop, order_id)
        found.append(OurPayment(tender.id, tender.shop_id, reference, currency, attempts))
    return found


def is_ours(session: Session, gateway: str, difference: Difference, payment: OurPayment) -> bool:
    """Whether a refund that is unknown on this payment of an order was made on the same payment of another order."""
    key, reference = difference.key, difference.reference or ""
    return refunds.attempt_of(session, payment.shop_id, gateway, key=key, reference=reference) is not None
