"""Queries of webhook endpoints and their deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, func, select

from returns_service.domain.errors import NotFound
from returns_service.store.tables import EventRow, OrderRow, ReturnCase, WebhookDelivery, WebhookEndpoint
from returns_service.store.tables.base import new_id


def endpoints(session: Session, shop_id: UUID, *, active: bool = False) -> list[WebhookEndpoint]:
    """A shop's endpoints, newest first, removed ones left out."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.shop_id == shop_id)
    query = query.where(WebhookEndpoint.state == "active" if active else WebhookEndpoint.state != "deleted")
    return list(session.exec(query.order_by(col(WebhookEndpoint.id).desc())))


def endpoint(session: Session, shop_id: UUID, endpoint_id: UUID, *, lock: bool = False) -> WebhookEndpoint:
    """Raises NotFound."""
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.id == endpoint_id, WebhookEndpoint.shop_id == shop_id
    )
    query = query.where(WebhookEndpoint.state != "deleted")
    found = session.exec(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("webhook endpoint")
    return found


def plan(
    session: Session, endpoint: WebhookEndpoint, event_id: UUID, *, now: datetime, n: int = 1
) -> UUID | None:
    """A delivery of an event to an endpoint; None when it was planned before."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = insert_postgresql if postgresql else insert_sqlite
    values = {
        "id": new_id(),
        "shop_id": endpoint.shop_id,
        "endpoint_id": endpoint.id,
        "event_id": event_id,
        "n": n,
    }
    values |= {"state": "pending", "attempts": 0, "last_response": "", "created_at": now}
    statement = insert(WebhookDelivery).values(**values).on_conflict_do_nothing()
    return session.execute(statement.returning(col(WebhookDelivery.id))).scalar_one_or_none()


def last_n(session: Session, endpoint_id: UUID, event_id: UUID) -> int:
    """How often an event was planned for an endpoint, replays included."""
    query = select(func.max(WebhookDelivery.n)).where(
        WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.event_id == event_id
    )
    return session.exec(query).one() or 0


def delivery(
    session: Session, delivery_id: UUID, *, lock: bool = False
) -> tuple[WebhookDelivery, WebhookEndpoint] | None:
    query = select(WebhookDelivery, WebhookEndpoint).join(
        WebhookEndpoint, col(WebhookEndpoint.id) == WebhookDelivery.endpoint_id
    )
    query = query.where(WebhookDelivery.id == delivery_id)
    found = session.exec(query.with_for_update() if lock else query).one_or_none()
    return (found[0], found[1]) if found else None


def deliveries(
    session: Session, shop_id: UUID, endpoint_id: UUID, *, before: UUID | None, limit: int
) -> list[tuple[WebhookDelivery, str]]:
    """The delivery log of an endpoint, newest first, with the type of each event."""
    query = select(WebhookDelivery, EventRow.type).join(
        EventRow, col(EventRow.id) == WebhookDelivery.event_id
    )
    query = query.where(WebhookDelivery.shop_id == shop_id, WebhookDelivery.endpoint_id == endpoint_id)
    query = query.where(col(WebhookDelivery.id) < before) if before else query
    found = session.exec(query.order_by(col(WebhookDelivery.id).desc()).limit(limit))
    return [(row, kind) for row, kind in found]


def event_with_case(session: Session, event_id: UUID) -> tuple[EventRow, ReturnCase, str] | None:
    """An event, its case, and the order's id in the storefront."""
    query = (
        select(EventRow, ReturnCase, OrderRow.external_id)
        .join(ReturnCase, col(ReturnCase.id) == EventRow.case_id)
        .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
    )
    found = session.exec(query.where(EventRow.id == event_id)).one_or_none()
    return (found[0], found[1], found[2]) if found else None


def events_since(session: Session, shop_id: UUID, since: datetime, *, limit: int) -> list[EventRow]:
    query = select(EventRow).where(EventRow.shop_id == shop_id, col(EventRow.at) >= since)
    return list(session.exec(query.order_by(col(EventRow.id)).limit(limit)))
