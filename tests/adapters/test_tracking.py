"""Tracking events in their plain form: only what is signed and well formed is believed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from returns_service.adapters.carriers import TrackingFeed
from returns_service.domain.ports import BadSignature

SECRET = "whsec_Y2FycmllcnMtc2lnbi13aXRoLXRoaXM="
EVENT = {
    "id": "e1",
    "tracking_number": "0034",
    "type": "picked_up",
    "at": "2026-10-08T08:00:00Z",
    "carrier": "dhl",
}


def signed(body: Any, secret: str = SECRET) -> tuple[dict[str, str], bytes]:
    text, now = json.dumps(body), datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", now, text)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }, text.encode()


def test_signed_events_are_read() -> None:
    (event,) = TrackingFeed().verify_events(*signed({"events": [EVENT]}), SECRET)
    assert (event.id, event.tracking_number, event.type, event.leg, event.carrier) == (
        "e1",
        "0034",
        "picked_up",
        "return",
        "dhl",
    )
    assert event.at == datetime(2026, 10, 8, 8, tzinfo=UTC)


@pytest.mark.parametrize("body", [
    {}, [], {"events": {}}, {"events": [{}]}, {"events": [{**EVENT, "type": "teleported"}]}, {"events": [{**EVENT, "at": "soon"}]},
    {"events": [{**EVENT, "at": "2026-10-08T08:00:00"}]}, {"events": [{**EVENT, "leg": "sideways"}]},
    {"events": [{**EVENT, "id": "x" * 300}]}, {"events": [EVENT] * 501},
])  # fmt: skip
def test_what_is_not_well_formed_is_refused(body: Any) -> None:
    with pytest.raises(BadSignature):
        TrackingFeed().verify_events(*signed(body), SECRET)


def test_what_somebody_else_signed_is_refused() -> None:
    with pytest.raises(BadSignature):
        TrackingFeed().verify_events(*signed({"events": [EVENT]}, "whsec_b3RoZXItc2VjcmV0LW90aGVy"), SECRET)
