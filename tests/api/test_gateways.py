"""Each shop has its own account at a payment gateway: kept sealed, used for its own refunds and events alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from returns_service.adapters.payments.stripe import StripeGateway
from returns_service.adapters.vault import Vault
from returns_service.store.tables import Shop
from returns_service.usecases.gateways import gateway_of
from tests.api.client import Behind
from tests.ground.stripe_double import StripeDouble

OURS = {"key": "sk_test_ours", "webhook_secret": "whsec_ours"}


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    made = StripeDouble()
    yield made
    made.close()


def test_secrets_are_written_sealed_and_never_shown(behind: Behind):
    api = behind.key("admin")
    assert api.get("/v1/gateways").json["items"][0]["configured"] is False
    kept = api.put("/v1/gateways/stripe", OURS)
    assert (kept.status_code, kept.json["configured"]) == (200, True)
    assert "ours" not in kept.get_data(as_text=True) + api.get("/v1/gateways").get_data(as_text=True)
    with behind.runtime.db.read() as session:
        sealed = session.get_one(Shop, behind.shops["demo"]).secrets["stripe"]
    assert "ours" not in sealed
    assert behind.runtime.vault.open(sealed) == OURS
    assert Vault("another installation").open(sealed) is None
    assert api.call("DELETE", "/v1/gateways/stripe").json["configured"] is False


@pytest.mark.parametrize("wrong", [{"key": "pk_test_1"}, {"webhook_secret": "secret"}])
def test_what_is_no_secret_of_this_gateway_is_refused(behind: Behind, wrong: dict[str, str]):
    refused = behind.key("admin").put("/v1/gateways/stripe", OURS | wrong)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "secret")
    assert refused.json["errors"][0]["pointer"] == f"/{next(iter(wrong))}"
    assert behind.key("admin").put("/v1/gateways/unknown", OURS).status_code == 404


def test_a_shop_uses_its_own_account_and_no_other_shop_does(behind: Behind):
    behind.shop("other")
    behind.key("admin").put("/v1/gateways/stripe", OURS)
    with behind.runtime.db.read() as session:
        found = {
            slug: gateway_of(behind.runtime, session, shop_id, "stripe")
            for slug, shop_id in behind.shops.items()
        }
    assert isinstance(found.pop("demo"), StripeGateway)
    assert set(found.values()) == {None}


def test_an_event_signed_with_another_shops_secret_is_refused(behind: Behind, double: StripeDouble):
    behind.key("admin").put("/v1/gateways/stripe", OURS)
    charge = {"id": "ch_1", "object": "charge"}
    for secret, status in (("whsec_ours", 200), ("whsec_theirs", 401)):
        headers, body = double.event("charge.succeeded", charge, secret)
        sent: dict[str, Any] = {"data": body, "headers": {**headers, "Content-Type": "application/json"}}
        assert behind.stranger().post("/v1/hooks/demo/stripe", **sent).status_code == status
    behind.shop("other")
    headers, body = double.event("charge.succeeded", charge, "whsec_ours")
    sent = {"data": body, "headers": {**headers, "Content-Type": "application/json"}}
    assert behind.stranger().post("/v1/hooks/other/stripe", **sent).status_code == 404
