"""A signed event of a payment gateway: taken once, whatever the order in which events arrive."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.ports import GatewayEvent, GatewayRefund, RefundResult
from returns_service.store import refunds
from returns_service.store.refunds import Tried
from returns_service.store.tables import GatewayEvent as GatewayEventRow
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
    known = refunds.attempt_of(session, shop_id, provider, key=told.key, reference=told.reference)
    inbound = GatewayEventRow(
        shop_id=shop_id, provider=provider, event_id=event.id, payload=payload, received_at=now
    )
    if known and _is_old_news(known, told):
        inbound.applied_at, inbound.note = now, "known"
        return refunds.take_in(session, inbound)
    if not refunds.take_in(session, inbound):
        return False
    if known is None:
        refunds.note_event(session, shop_id, provider, event.id, "no refund of ours", None)
        return True
    state = "declined" if told.state == "failed" else told.state
    amount = told.amount if known.currency == told.currency else -1
    result = RefundResult(state, told.reference, event.reason, amount)
    actor = Actor.of("gateway", shop_id, provider)
    record_refund(session, known.refund_id, known.attempt_id, result, actor=actor, now=now)
    refunds.note_event(session, shop_id, provider, event.id, "applied", now)
    return True


def _is_old_news(known: Tried, told: GatewayRefund) -> bool:
    """Its answer to our request said the same already: nothing to change, so nobody's lock to wait for."""
    same_money = (told.amount, told.currency) == (known.amount, known.currency)
    return told.state == known.refund_state == "succeeded" and known.attempt_state == "ok" and same_money
