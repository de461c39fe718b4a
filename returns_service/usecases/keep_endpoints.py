"""Webhook endpoints of a shop: add, list, change, rotate the secret, remove, replay."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid, NotFound
from returns_service.domain.events import EventType
from returns_service.domain.webhooks import FORMATS, OVERLAP
from returns_service.store import events, outbox, shops, webhooks
from returns_service.store.tables import EventRow, WebhookDelivery, WebhookEndpoint
from returns_service.usecases.plan_webhooks import hears
from returns_service.usecases.show_case import instant

MOST = 20
"""Endpoints of one shop."""
AT_ONCE = 1000
"""Events in one replay."""


def add_endpoint(
    session: Session,
    url: str,
    *,
    types: Sequence[str] = (),
    form: str = "standard",
    actor: Actor,
    now: datetime,
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret. The caller has checked the address. Raises Invalid, Conflict."""
    _need(types, form)
    if len(webhooks.endpoints(session, actor.shop_id)) >= MOST:
        raise Conflict("too_many_endpoints", f"A shop has at most {MOST} webhook endpoints.")
    secret = new_secret()
    row = WebhookEndpoint(
        shop_id=actor.shop_id,
        url=url,
        events=list(types),
        secrets=[{"secret": secret, "until": None}],
        format=form,
        created_at=now,
    )
    session.add(row)
    shops.load(session, actor.shop_id).listens = True
    return row, secret


def change_endpoint(
    session: Session, endpoint_id: UUID, changes: Mapping[str, Any], *, actor: Actor
) -> WebhookEndpoint:
    """Change url, events, format or state (active, disabled). Raises NotFound, Invalid."""
    row = webhooks.endpoint(session, actor.shop_id, endpoint_id, lock=True)
    _need(changes.get("events", row.events), changes.get("format", row.format))
    row.url = changes.get("url", row.url)
    row.events = list(changes.get("events", row.events))
    row.format = changes.get("format", row.format)
    state = changes.get("state", row.state)
    if state == "active" and row.state != "active":
        row.failing_since, row.quiet_until, row.disabled_reason = None, None, ""
    elif state == "disabled" and row.state == "active":
        row.disabled_reason = f"Disabled by {actor.name}."
    row.state = state
    session.add(row)
    return row


def rotate_endpoint(
    session: Session, endpoint_id: UUID, *, overlap: timedelta = OVERLAP, actor: Actor, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new secret; the old one signs beside it until the overlap is over. Raises NotFound."""
    row = webhooks.endpoint(session, actor.shop_id, endpoint_id, lock=True)
    secret, until = new_secret(), (now + overlap).isoformat()
    older = [{**old, "until": old["until"] or until} for old in row.secrets]
    row.secrets = [{"secret": secret, "until": None}, *_alive(older, now)]
    session.add(row)
    shops.load(session, actor.shop_id).listens = True
    return row, secret


def remove_endpoint(session: Session, endpoint_id: UUID, *, actor: Actor) -> WebhookEndpoint:
    """Nothing is sent to it any more; its log stays. Raises NotFound."""
    row = webhooks.endpoint(session, actor.shop_id, endpoint_id, lock=True)
    row.state, row.secrets = "deleted", []
    session.add(row)
    return row


def replay(
    session: Session,
    endpoint_id: UUID,
    *,
    event_id: UUID | None,
    since: datetime | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Send one event again, or all since an instant. Answers how many. Raises NotFound, Invalid, Conflict."""
    row = webhooks.endpoint(session, actor.shop_id, endpoint_id, lock=True)
    if row.state != "active":
        raise Conflict("endpoint_disabled", "Enable the endpoint first.")
    if (event_id is None) == (since is None):
        raise Invalid("replay", "Name either one event or an instant to start from.", pointer="")
    chosen = _one(session, event_id, actor) if event_id else _since(session, since, actor)
    heard = [event for event in chosen if hears(row, event)]
    for event in heard:
        n = webhooks.last_n(session, row.id, event.id) + 1
        planned = webhooks.plan(session, row, event.id, now=now, n=n)
        outbox.add(session, "webhook", str(planned), shop_id=row.shop_id, now=now)
    return len(heard)


def list_endpoints(session: Session, *, actor: Actor) -> list[WebhookEndpoint]:
    return webhooks.endpoints(session, actor.shop_id)


def list_deliveries(
    session: Session, endpoint_id: UUID, *, before: UUID | None, limit: int, actor: Actor
) -> list[dict[str, Any]]:
    """The delivery log, newest first. Raises NotFound."""
    row = webhooks.endpoint(session, actor.shop_id, endpoint_id)
    found = webhooks.deliveries(session, actor.shop_id, row.id, before=before, limit=limit)
    return [delivery_body(delivery, kind) for delivery, kind in found]


def endpoint_body(row: WebhookEndpoint) -> dict[str, Any]:
    """Without its secrets."""
    return {
        "id": str(row.id),
        "url": row.url,
        "events": row.events,
        "format": row.format,
        "state": row.state,
        "disabled_reason": row.disabled_reason,
        "failing_since": instant(row.failing_since) if row.failing_since else None,
        "created_at": instant(row.created_at),
    }


def delivery_body(row: WebhookDelivery, kind: str) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "event_id": str(row.event_id),
        "type": kind,
        "replay": row.n > 1,
        "state": row.state,
        "attempts": row.attempts,
        "last_status": row.last_status,
        "last_response": row.last_response,
        "created_at": instant(row.created_at),
        "delivered_at": instant(row.delivered_at) if row.delivered_at else None,
    }


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _need(types: Sequence[str], form: str) -> None:
    known = {kind.value for kind in EventType}
    families = {f"{kind.partition('.')[0]}.*" for kind in known}
    unknown = [kind for kind in types if kind not in known | families]
    if unknown:
        raise Invalid("event_type", f"There is no event type {unknown[0]!r}.", pointer="/events")
    if form not in FORMATS:
        raise Invalid("format", f"The format is one of {', '.join(FORMATS)}.", pointer="/format")


def _alive(known: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    return [dict(one) for one in known if datetime.fromisoformat(one["until"]) > now]


def _one(session: Session, event_id: UUID, actor: Actor) -> list[EventRow]:
    event = events.one(session, event_id)
    if event is None or event.shop_id != actor.shop_id:
        raise NotFound("event")
    return [event]


def _since(session: Session, since: datetime | None, actor: Actor) -> list[EventRow]:
    assert since is not None  # noqa: S101  the caller decided between the two
    return webhooks.events_since(session, actor.shop_id, since, limit=AT_ONCE)
