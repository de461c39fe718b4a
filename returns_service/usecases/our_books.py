"""What we say about the payments of a gateway, for reconciliation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.reconcile import OurAttempt
from returns_service.store import refunds


@dataclass(frozen=True)
class OurPayment:
    shop_id: UUID
    reference: str
    currency: str
    attempts: tuple[OurAttempt, ...]


def our_books(session: Session, gateway: str, *, since: datetime | None = None) -> list[OurPayment]:
    """Every payment of orders with returns (that changed since then), with every attempt to give something back."""
    found = []
    for tender, shop, order_id in refunds.payments_to_reconcile(session, gateway, since):
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
        found.append(
            OurPayment(tender.shop_id, refunds.reference_of(tender, shop, order_id), currency, attempts)
        )
    return found
