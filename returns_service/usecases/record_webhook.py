"""Record what an endpoint said, and what follows from it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.ports import HookAnswer
from returns_service.domain.webhooks import QUIET, Verdict, judge
from returns_service.store import outbox, webhooks
from returns_service.store.tables import WebhookDelivery, WebhookEndpoint


def record_webhook(
    session: Session, delivery_id: UUID, answer: HookAnswer, *, now: datetime
) -> datetime | None:
    """When to try again; None when it is delivered or given up."""
    found = webhooks.delivery(session, delivery_id, lock=True)
    if found is None or found[0].state != "pending":
        return None
    delivery, endpoint = found
    delivery.attempts += 1
    delivery.last_status, delivery.last_response = answer.status, answer.text
    verdict = judge(
        answer.status,
        tries=delivery.attempts,
        failing_since=endpoint.failing_since,
        retry_after=answer.retry_after,
        now=now,
    )
    _note(session, delivery, endpoint, verdict, now)
    session.add_all([delivery, endpoint])
    return verdict.again_at


def _note(
    session: Session, delivery: WebhookDelivery, endpoint: WebhookEndpoint, verdict: Verdict, now: datetime
) -> None:
    if verdict.delivered:
        delivery.state, delivery.delivered_at = "delivered", now
        endpoint.failing_since = endpoint.quiet_until = None
        return
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.quiet_until = now + QUIET if delivery.attempts > 1 else endpoint.quiet_until
    if verdict.again_at is None:
        delivery.state = "failed"
    if verdict.disable and endpoint.state == "active":
        endpoint.state, endpoint.disabled_reason = "disabled", verdict.disable
        outbox.add(session, "endpoint_disabled", str(endpoint.id), shop_id=endpoint.shop_id, now=now)
