"""The generator of orders."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from returns_service.api.bodies import order_from
from returns_service.api.order_body import order_of
from returns_service.demo import orders
from returns_service.demo.volume import accepted

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
MANY = 400


@pytest.fixture(scope="module")
def curated() -> dict[str, dict[str, Any]]:
    return dict(orders.curated(NOW, pictures="http://127.0.0.1:8000/static/demo"))


def test_the_same_seed_makes_the_same_orders() -> None:
    assert list(orders.curated(NOW, seed=7)) == list(orders.curated(NOW, seed=7))
    assert list(orders.stream(MANY, NOW, seed=7)) == list(orders.stream(MANY, NOW, seed=7))
    assert list(orders.stream(MANY, NOW, seed=7)) != list(orders.stream(MANY, NOW, seed=8))


def test_every_order_is_one_that_the_service_takes(curated: dict[str, dict[str, Any]]) -> None:
    for order_id, body in [*curated.items(), *orders.stream(MANY, NOW)]:
        order = order_from(body, order_id)
        assert order.placed_at <= NOW
        assert all(parcel.delivered_at is None or parcel.delivered_at <= NOW for parcel in order.fulfilments)


def test_what_was_paid_is_what_the_order_cost(curated: dict[str, dict[str, Any]]) -> None:
    for order_id, body in [*curated.items(), *orders.stream(MANY, NOW)]:
        order = order_from(body, order_id)
        extra = sum(surcharge.amount for surcharge in order.surcharges) + order.shipping.paid
        assert sum(payment.captured for payment in order.payments) == sum(order.paid.values()) + extra, (
            order_id
        )


def test_the_curated_orders_cover_what_can_happen(curated: dict[str, dict[str, Any]]) -> None:
    bodies = list(curated.values())
    assert len(bodies) >= 40
    assert {body["currency"] for body in bodies} == {"EUR", "USD", "GBP", "CNY", "TWD", "JPY"}
    assert {body["tax_included"] for body in bodies} == {True, False}
    assert any(len(body["payments"]) == 2 for body in bodies)
    assert any(len(body["fulfilments"]) == 2 for body in bodies)
    assert any(not body["fulfilments"] for body in bodies)
    assert any(parcel["delivered_at"] is None for body in bodies for parcel in body["fulfilments"])
    assert any(payment["chargeback"] for body in bodies for payment in body["payments"])
    assert {"gift_card", "card", "alipay", "invoice"} <= {
        p["method"] for body in bodies for p in body["payments"]
    }
    assert any(body["surcharges"] for body in bodies)
    assert any(line["discount"] != "0.00" for body in bodies for line in body["lines"])


def test_the_example_of_the_contract_is_among_them(curated: dict[str, dict[str, Any]]) -> None:
    body = curated["2001"]
    line = body["lines"][0]
    assert (line["sku"], line["quantity"], line["unit_price"], line["discount"], line["tax"]) == (
        *("SHIRT-M", 2, "59.90", "10.00", "17.54"),
    )
    assert body["shipping"] == {"method": "express", "paid": "12.90", "standard_rate": "4.90", "tax": "0.00"}
    assert body["payments"][0]["captured"] == "125.70"


def test_orders_are_made_one_by_one_however_many_are_wanted() -> None:
    assert len(list(islice(orders.stream(10**9, NOW), 3))) == 3


def test_many_orders_are_spread_as_those_of_a_shop() -> None:
    bodies = [body for _, body in orders.stream(2000, NOW)]
    currencies = Counter(body["currency"] for body in bodies)
    assert currencies.most_common(1)[0][0] == "EUR"
    assert all(count >= 20 for count in currencies.values())
    assert 1.2 < sum(len(body["lines"]) for body in bodies) / len(bodies) < 2.5
    emails = Counter(body["customer"]["email"] for body in bodies)
    assert emails.most_common(1)[0][1] >= 3
    placed = [body["placed_at"] for body in bodies]
    recent = (NOW - timedelta(days=200)).isoformat()
    assert len(bodies) / 2 < sum(at > recent for at in placed) < len(bodies)


def test_what_the_bulk_load_takes_for_granted_is_what_the_schema_says() -> None:
    for order_id, body in orders.stream(MANY, NOW):
        assert order_of(accepted(body), order_id) == order_from(body, order_id)
