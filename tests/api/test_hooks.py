"""Signed events that come in: genuine ones are taken once, everything else is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook
from werkzeug.test import TestResponse

from returns_service.store.tables import Shop
from tests.api.client import Api, Behind

SECRET = "whsec_" + "c2VjcmV0LW9mLWEtY2Fycmllci1vZi1vdXJz"


def _send(api: Api, provider: str, secret: str, body: Any, **headers: str) -> TestResponse:
    raw, now = json.dumps(body), datetime.now(UTC)
    signed = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", now, raw),
        "Content-Type": "application/json",
    }
    return api.post(f"/v1/hooks/demo/{provider}", data=raw.encode(), headers=signed | headers)


@pytest.fixture
def stranger(behind: Behind) -> Api:
    """Nobody needs a key here; the signature is the credential."""
    with behind.runtime.db.begin() as session:
        shop = session.get_one(Shop, behind.shops["demo"])
        shop.settings = {**shop.settings, "carrier_secret": SECRET}
    return behind.stranger()


def _event(**changes: Any) -> dict[str, Any]:
    scan = {"id": "e1", "tracking_number": "0034", "type": "picked_up", "at": "2026-10-07T10:00:00Z"}
    return {"events": [scan | changes]}


def test_a_carriers_first_scan_moves_the_case_once(behind: Behind, stranger: Api):
    api = behind.key("admin")
    api.order()
    at = f"/v1/returns/{api.open_case()['id']}"
    api.post(f"{at}/label", {"url": "https://carrier.example/1.pdf", "tracking_number": "0034"})
    found = [_send(stranger, "tracking", SECRET, _event()).json for _ in range(2)]
    assert found == [{"taken": True}, {"taken": False}]
    assert api.get(at).json["state"] == "shipped_back"
    types = [event["type"] for event in api.get(f"{at}/events").json["items"]]
    assert types.count("return.shipped") == 1


@pytest.mark.parametrize("provider", ["sandbox", "tracking"])
def test_a_forged_event_is_refused(stranger: Api, provider: str):
    forged = _send(stranger, provider, "whsec_" + "Zm9yZ2VkLWZvcmdlZC1mb3JnZWQtZm9yZ2VkLTEy", _event())
    assert (forged.status_code, forged.json["code"]) == (401, "bad_signature")
    unsigned = stranger.post(f"/v1/hooks/demo/{provider}", {"events": []})
    assert (unsigned.status_code, unsigned.json["code"]) == (401, "bad_signature")


def test_a_shop_that_named_no_secret_takes_nothing(behind: Behind):
    answer = _send(behind.stranger(), "tracking", SECRET, _event())
    assert (answer.status_code, answer.json["code"]) == (401, "bad_signature")


@pytest.mark.parametrize(
    "body",
    [[], {}, {"events": {}}, {"events": [1]}, _event(type="eaten"), _event(at="now"), _event(id="a\x00")],
)
def test_a_genuine_signature_does_not_make_nonsense_an_event(stranger: Api, body: Any):
    assert _send(stranger, "tracking", SECRET, body).json.get("code") == "bad_signature"


def test_unknown_shops_and_providers(stranger: Api):
    assert stranger.post("/v1/hooks/nobody/sandbox", {}).status_code == 404
    assert stranger.post("/v1/hooks/demo/nobody", {}).status_code == 404
    assert stranger.post("/v1/hooks/demo/storefront", {}).status_code in (401, 404)
