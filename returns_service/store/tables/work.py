"""Work after the commit: the outbox, webhook endpoints and deliveries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, UniqueConstraint

from returns_service.store.tables.base import Row, json_dict, json_list, key

_WAITING = text("state IN ('ready', 'leased')")
_DEAD = text("state = 'dead'")


class OutboxRow(Row, table=True):
    """One piece of work, owned by the database; redis only rings the bell."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "next_attempt_at", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_outbox_dead", "shop_id", postgresql_where=_DEAD, sqlite_where=_DEAD),
    )
    id: UUID = key()
    topic: str
    key: str
    """The id of the thing the work is about."""
    shop_id: UUID = Field(foreign_key="shops.id")
    payload: dict[str, Any] = json_dict()
    state: str = "ready"
    """ready, leased, done or dead."""
    attempts: int = 0
    next_attempt_at: datetime
    """While leased: when the lease runs out."""
    lease_until: datetime | None = None
    lease_holder: str = ""
    """The process that claimed it, so that its successor need not wait until the lease runs out."""
    fence: int = Field(default=0, sa_type=BigInteger)
    last_error: str = ""
    trace_id: str = ""
    created_at: datetime


class Check(Row, table=True):
    """What the newest look at something of a shop found: the books of its gateways, for instance."""

    __tablename__ = "checks"
    shop_id: UUID = Field(foreign_key="shops.id", primary_key=True)
    name: str = Field(primary_key=True)
    at: datetime
    looked_at: int = 0
    found: list[dict[str, Any]] = json_list()


class WebhookEndpoint(Row, table=True):
    """Where a storefront listens. `secrets`: newest first; an older one is valid until its `until`."""

    __tablename__ = "webhook_endpoints"
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id", index=True)
    url: str
    events: list[str] = json_list()
    """Event types to send; empty means all."""
    secrets: list[dict[str, Any]] = json_list()
    format: str = "standard"
    """standard or cloudevents."""
    state: str = "active"
    """active, disabled or deleted."""
    disabled_reason: str = ""
    failing_since: datetime | None = None
    quiet_until: datetime | None = None
    """While it fails it is left alone between tries, so that it holds up nobody else."""
    created_at: datetime


class WebhookDelivery(Row, table=True):
    """One event for one endpoint, with its tries."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (UniqueConstraint("endpoint_id", "event_id", "n"),)
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    endpoint_id: UUID = Field(foreign_key="webhook_endpoints.id")
    event_id: UUID = Field(foreign_key="events.id")
    n: int = 1
    """1 for the first sending, more for replays."""
    state: str = "pending"
    attempts: int = 0
    last_status: int | None = None
    last_response: str = ""
    created_at: datetime
    delivered_at: datetime | None = None
