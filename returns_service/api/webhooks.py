"""Webhook endpoints of the shop: where events go, their delivery log, and sending again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope, takes_query
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import webhooks as bodies
from returns_service.api.schemas.queries import DeliveriesQuery, uuid_or_none
from returns_service.usecases.keep_endpoints import (
    add_endpoint,
    change_endpoint,
    endpoint_body,
    list_deliveries,
    list_endpoints,
    remove_endpoint,
    replay,
    rotate_endpoint,
)

blp = Resource("webhooks", "Where events are sent (Standard Webhooks), the delivery log, and sending again.")
_NEW = {"url": "https://shop.example/hooks/returns", "events": ["return.refunded", "refund.*"]}


def _check(call: Call, url: str | None) -> None:
    if url is not None and call.runtime.hooks is not None:
        call.runtime.hooks.check(url)


@blp.get("/webhook-endpoints")
@scope("admin")
@answers(shapes.page_of(bodies.Endpoint))
def list_webhook_endpoints(session: Session, call: Call) -> Response:
    """The endpoints, without their secrets."""
    rows = list_endpoints(session, actor=call.actor)
    return answer({"items": [endpoint_body(row) for row in rows], "next": None, "has_more": False})


@blp.post("/webhook-endpoints")
@scope("admin")
@body(bodies.EndpointBody, example=_NEW)
@answers(bodies.NewEndpoint, 201)
@idempotent(hides="secret")
def create_webhook_endpoint(session: Session, call: Call) -> Response:
    """A new endpoint. Its secret is in this answer and nowhere else."""
    _check(call, call.body["url"])
    wanted = {"types": call.body["events"], "form": call.body["format"]}
    row, secret = add_endpoint(session, call.body["url"], actor=call.actor, now=call.now, **wanted)
    session.flush()
    return answer(endpoint_body(row) | {"secret": secret}, 201, {"Cache-Control": "no-store"})


@blp.patch("/webhook-endpoints/<id:endpoint_id>")
@scope("admin")
@body(bodies.ChangeEndpointBody, example={"state": "active"})
@answers(bodies.Endpoint)
def change_webhook_endpoint(session: Session, call: Call, endpoint_id: UUID) -> Response:
    """Change address, types, format, or enable it again."""
    _check(call, call.body.get("url"))
    return answer(endpoint_body(change_endpoint(session, endpoint_id, call.body, actor=call.actor)))


@blp.delete("/webhook-endpoints/<id:endpoint_id>")
@scope("admin")
@answers(bodies.Endpoint)
def delete_webhook_endpoint(session: Session, call: Call, endpoint_id: UUID) -> Response:
    """Nothing is sent to it any more; its log stays."""
    return answer(endpoint_body(remove_endpoint(session, endpoint_id, actor=call.actor)))


@blp.post("/webhook-endpoints/<id:endpoint_id>/rotate")
@scope("admin")
@body(bodies.RotateEndpointBody, required=False, example={"overlap_hours": 24})
@answers(bodies.NewEndpoint, 201)
@idempotent(hides="secret")
def rotate_webhook_secret(session: Session, call: Call, endpoint_id: UUID) -> Response:
    """A new secret; the old one signs beside it until the overlap is over."""
    overlap = timedelta(hours=call.body["overlap_hours"])
    row, secret = rotate_endpoint(session, endpoint_id, overlap=overlap, actor=call.actor, now=call.now)
    return answer(endpoint_body(row) | {"secret": secret}, 201, {"Cache-Control": "no-store"})


@blp.get("/webhook-endpoints/<id:endpoint_id>/deliveries")
@scope("admin")
@takes_query(DeliveriesQuery)
@answers(shapes.page_of(bodies.Delivery))
def list_webhook_deliveries(session: Session, call: Call, endpoint_id: UUID) -> Response:
    """What was sent and what the endpoint said, newest first."""
    limit, before = call.query["limit"], uuid_or_none(call.query["cursor"])
    found = list_deliveries(session, endpoint_id, before=before, limit=limit + 1, actor=call.actor)
    items, more = found[:limit], len(found) > limit
    shown: dict[str, Any] = {"items": items, "next": items[-1]["id"] if more else None, "has_more": more}
    return answer(shown)


@blp.post("/webhook-endpoints/<id:endpoint_id>/replay")
@scope("admin")
@body(bodies.ReplayBody, example={"since": "2026-10-06T00:00:00Z"})
@answers(bodies.Replayed)
@idempotent()
def replay_webhook_events(session: Session, call: Call, endpoint_id: UUID) -> Response:
    """Send one event again, or all since an instant."""
    event_id = uuid_or_none(call.body["event_id"], "/event_id")
    since = call.body["since"]
    count = replay(session, endpoint_id, event_id=event_id, since=since, actor=call.actor, now=call.now)
    return answer({"events": count})
