"""Tracking events in a plain form, signed by Standard Webhooks: what an aggregator or a storefront can forward.

{"events": [{"id": "e1", "tracking_number": "0034", "type": "picked_up", "at": "2026-10-08T08:00:00Z",
             "carrier": "dhl", "leg": "return", "detail": "", "order_id": null}]}
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from returns_service.domain.ports import BadSignature, CarrierEvent

TYPES = (
    "picked_up",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "exception",
    "damaged",
    "lost",
    "returned_to_sender",
)
LEGS = ("return", "outbound")
MOST = 500
"""Events in one call."""


class TrackingFeed:
    name = "tracking"

    def verify_events(self, headers: Mapping[str, str], body: bytes, secret: str) -> Sequence[CarrierEvent]:
        if not secret:
            raise BadSignature("This shop has not named the secret its carriers sign with.")
        try:
            said = Webhook(secret).verify(body, dict(headers))
            events = said["events"]
            if not isinstance(events, list) or len(events) > MOST:
                raise BadSignature(f"events is a list of at most {MOST}.")
            return [_event(event) for event in events]
        except (WebhookVerificationError, ValueError, KeyError, TypeError, AttributeError) as why:
            raise BadSignature(f"{type(why).__name__}: {why}") from why


def _event(said: Mapping[str, Any]) -> CarrierEvent:
    kind, leg, at = str(said["type"]), str(said.get("leg", "return")), datetime.fromisoformat(said["at"])
    if kind not in TYPES or leg not in LEGS or at.tzinfo is None:
        raise ValueError(f"an event has a type of {', '.join(TYPES)}, a leg and an instant with its zone")
    return CarrierEvent(
        id=_text(said["id"], 200),
        tracking_number=_text(said["tracking_number"], 100),
        type=kind,
        at=at,
        leg=leg,
        carrier=_text(said["carrier"], 100) if said.get("carrier") else None,
        detail=_text(said.get("detail") or "", 500),
        order_id=_text(said["order_id"], 100) if said.get("order_id") else None,
    )


def _text(value: object, longest: int) -> str:
    text = str(value)
    if len(text) > longest or "\x00" in text:
        raise ValueError("a text is too long or holds a NUL")
    return text
