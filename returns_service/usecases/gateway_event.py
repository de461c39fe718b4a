"""A signed event of a payment gateway: taken once, whatever the order in which events arrive."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.ports import GatewayEvent, RefundResult
from returns_service.store import refunds
from returns_service.store.tables import Refund
from returns_service.usecases.record_refund import record_refund


def take_gateway_event(
    session: Session, shop_id: UUID, provider: str, event: GatewayEvent, *, now: datetime
) -> bool:
    """Apply an event; False when it was taken before. One that speaks of no refund of ours waits for reconciliation."""
    told = event.refund
    payload = {
        "reference": told.reference,
        "payment": told.payment,
        "amount": told.amount,
        "currency": told.currency,
    }
    payload |= {"state": told.state, "key": told.key, "reason": event.reason}
    if not refunds.take_in(session, shop_id, provider, event.id, payload, now):
        return False
    attempt = refunds.attempt_of(session, shop_id, provider, key=told.key, reference=told.reference)
    if attempt is None:
        refunds.note_event(session, shop_id, provider, event.id, "no refund of ours", None)
        return True
    state = "declined" if told.state == "failed" else told.state
    same_currency = session.get_one(Refund, attempt.refund_id).currency == told.currency
    result = RefundResult(state, told.reference, event.reason, told.amount if same_currency else -1)
    actor = Actor.of("gateway", shop_id, provider)
    record_refund(session, attempt.refund_id, attempt.id, result, actor=actor, now=now)
    refunds.note_event(session, shop_id, provider, event.id, "applied", now)
    return True
