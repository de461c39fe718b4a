"""Which endpoints hear of an event."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.webhooks import wanted
from returns_service.store import events, outbox, webhooks
from returns_service.store.tables import EventRow, WebhookEndpoint
from returns_service.usecases.list_events import STAFF_ONLY


def listeners(
    session: Session, case_id: UUID, version: int, *, shop_id: UUID
) -> list[tuple[EventRow, list[WebhookEndpoint]]]:
    """For each fact of a transaction the endpoints that asked for it; none for what only staff read."""
    active = webhooks.endpoints(session, shop_id, active=True)
    facts = events.of_version(session, case_id, version) if active else []
    return [(fact, [one for one in active if hears(one, fact)]) for fact in facts]


def hears(endpoint: WebhookEndpoint, event: EventRow) -> bool:
    return event.type not in STAFF_ONLY and wanted(endpoint.events, event.type)


def plan_webhooks(
    session: Session, event_id: UUID, endpoints: list[WebhookEndpoint], *, now: datetime
) -> int:
    """A delivery for each endpoint, with its work. Planning twice plans once."""
    planned = [(one, webhooks.plan(session, one, event_id, now=now)) for one in endpoints]
    for endpoint, delivery_id in planned:
        if delivery_id:
            outbox.add(session, "webhook", str(delivery_id), shop_id=endpoint.shop_id, now=now)
    return sum(delivery_id is not None for _, delivery_id in planned)
