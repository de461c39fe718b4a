"""A shop under another policy: its own questions, several ways to send back, evidence by number."""

import pytest
from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.store.tables import ReturnCase
from tests.ground.runtime import NOON
from tests.pages.portal.conftest import Customer
from tests.pages.portal.test_requesting import picture
from tests.shop import a_shop, example_order, put


@pytest.fixture
def buyer(customer: Customer) -> Customer:
    """In a shop of the marketplace, with fruit in the basket."""
    body = example_order({"1": 1, "2": 2}, number="3001", country="CN", currency="CNY")
    body["lines"][0] |= {"category": "food/fresh", "attributes": {}, "title": "Mangoes"}
    with customer.runtime.db.begin() as session:
        shop = a_shop(session, now=NOON, slug="mall", policy="cn-marketplace")
        put(session, body, actor=Actor.of("storefront", shop.id), now=NOON, order_id="3001")
    customer.see("/portal/mall")
    customer.send("/portal/mall", number="3001", email="ana@example.com")
    customer.send("/portal/mall/code", code=customer.code())
    return customer


def request_of(customer: Customer) -> dict[str, object]:
    with customer.runtime.db.read() as session:
        return session.exec(select(ReturnCase)).one().request


def test_the_ways_back_are_chosen_by_what_they_cost(buyer: Customer) -> None:
    buyer.send("/portal/mall/items", **{"quantity-1": "1"})
    draft = buyer.path.split("/why/")[0]
    buyer.see(f"{draft}/why/0/keep")
    buyer.send(f"{draft}/why/0/keep", reason="no_reason", condition="", comment="")
    said = buyer.send(f"{draft}/wish/0", resolution="refund")
    assert "How would you like to send it back?" in said and "At a parcel locker" in said
    assert "Choose how you would like" in buyer.send(f"{draft}/send", 422, method="balloon")
    assert "At a parcel locker" in buyer.send(f"{draft}/send", method="locker")
    said = buyer.send(f"{draft}/check")
    assert request_of(buyer)["return_method"] == "locker"


def test_the_policy_asks_its_own_question(buyer: Customer) -> None:
    buyer.send("/portal/mall/items", **{"quantity-0": "1"})
    draft = buyer.path.split("/why/")[0]
    assert "how much of it was spoilt" in buyer.see(f"{draft}/why/0/broken")
    answers = {"reason": "damaged_in_transit", "condition": "", "comment": "", "asked-damaged_share": "half"}
    said = buyer.send(f"{draft}/why/0/broken", 422, **answers, **{"photos-file": (picture(), "1.jpg")})
    assert "We need 2 photos" in said and 'value="half" selected' in said
    kept = said.split('name="photos" value="')[1].split('"')[0]
    buyer.send(f"{draft}/why/0/broken", **answers, photos=[kept], **{"photos-file": (picture(), "2.jpg")})
    assert "What would you like?" in buyer.page or "How would you like" in buyer.page
    buyer.wish(draft, resolution="compensation")
    buyer.send(f"{draft}/check")
    (line,) = request_of(buyer)["lines"]  # type: ignore[misc]
    assert line["attributes"] == {"damaged_share": "half"} and len(line["photos"]) == 2
