"""One webhook, ready to be sent: address, signed headers, body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session
from standardwebhooks.webhooks import Webhook

from returns_service.domain.case import STAGES
from returns_service.domain.webhooks import cloud_event, secrets_in_force, standard_body
from returns_service.store import webhooks
from returns_service.store.json import dumps
from returns_service.store.tables import ReturnCase, WebhookEndpoint
from returns_service.usecases.list_events import event_body


@dataclass(frozen=True)
class Letter:
    url: str
    headers: Mapping[str, str]
    body: bytes


def prepare_webhook(
    session: Session, delivery_id: UUID, *, source: str, now: datetime
) -> Letter | datetime | None:
    """The letter; an instant when the endpoint is to be left alone until then; None when nothing is to be sent."""
    found = webhooks.delivery(session, delivery_id)
    if found is None or found[0].state != "pending" or found[1].state != "active":
        return None
    delivery, endpoint = found
    if endpoint.quiet_until and endpoint.quiet_until > now:
        return endpoint.quiet_until
    fact = webhooks.event_with_case(session, delivery.event_id)
    if fact is None:
        return None
    row, case, order_id = fact
    event = {**event_body(row), "return": _case(case, order_id)}
    text = dumps(cloud_event(event, source) if endpoint.format == "cloudevents" else standard_body(event))
    return Letter(endpoint.url, _signed(endpoint, str(row.id), text, now), text.encode())


def _signed(endpoint: WebhookEndpoint, event_id: str, text: str, now: datetime) -> dict[str, str]:
    signatures = [
        Webhook(secret).sign(event_id, now, text) for secret in secrets_in_force(endpoint.secrets, now)
    ]
    kind = "application/cloudevents+json" if endpoint.format == "cloudevents" else "application/json"
    return {
        "Content-Type": kind,
        "User-Agent": "returns-service",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _case(case: ReturnCase, order_id: str) -> dict[str, Any]:
    """Enough to act on; everything else is behind the link. No names, no addresses."""
    return {
        "id": str(case.id),
        "number": case.number,
        "order_id": order_id,
        "kind": case.kind,
        "state": case.state,
        "stage": STAGES[case.state],
        "version": case.version,
        "currency": case.currency,
        "links": {"self": f"/v1/returns/{case.id}"},
    }
