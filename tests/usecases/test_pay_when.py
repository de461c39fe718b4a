"""When money moves is policy, and what is found later leads to a claim, never to a contradiction."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from returns_service.domain.ports import CarrierEvent
from returns_service.store import cases
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.list_recoveries import list_recoveries
from returns_service.usecases.settle import settle
from returns_service.usecases.ship import ship
from returns_service.usecases.tracking_event import take_tracking_event
from tests.usecases.counter import Shop

TERMS = """pay:
  - {id: small, when: {request.value: {lte: {EUR: "20.00", USD: "20.00", GBP: "20.00", CNY: "150.00", TWD: "600", JPY: "3000"}}}, at: request}
  - {id: gold, when: {customer.tier: gold}, at: first_scan}
  - {id: rest, at: receipt}
"""
GOLD = {"email": "ana@example.com", "name": "Ana Keller", "locale": "en", "tier": "gold"}


@pytest.fixture
def early(open_shop: Any) -> Any:
    return lambda **order: open_shop(terms={"resolutions.yaml": TERMS}, **order)


def paid(shop: Shop, case_id: UUID) -> list[int]:
    shop.work()
    return [refund.amount for refund in shop.refunds(case_id)]


def scanned(shop: Shop, case_id: UUID) -> None:
    with shop.db.begin() as session:
        now = shop.clock()
        ship(session, case_id, expected=None, actor=shop.actor, now=now, carrier="dhl", tracking_number="77")
    with shop.db.begin() as session:
        at = shop.clock() + timedelta(minutes=1)
        event = CarrierEvent("e1", "77", "picked_up", at, carrier="dhl")
        take_tracking_event(session, shop.shop.id, "tracking", event, now=at)


def ended(shop: Shop, case_id: UUID, finding: str) -> None:
    shop.find(case_id, {"1": [(1, (finding,))]})
    with shop.db.begin() as session:
        if cases.load(session, case_id, shop.actor).state == "inspected":
            settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    shop.work()


def claimed(shop: Shop) -> list[tuple[str, str]]:
    with shop.db.read() as session:
        found = list_recoveries(session, actor=shop.actor, limit=10, party="customer")
        return [(claim["party"], claim["open"]) for one in found for claim in one["claims"]]


def test_a_small_amount_is_paid_with_the_request(early: Any) -> None:
    shop = early()
    case_id = shop.ask({"1": 1})
    shop.approve(case_id)
    assert paid(shop, case_id) == [2000]
    assert shop.state(case_id) == "approved"


def test_a_good_customer_is_paid_with_the_first_scan(early: Any) -> None:
    shop = early(customer=GOLD)
    case_id = shop.ask({"1": 2})
    shop.approve(case_id)
    assert paid(shop, case_id) == []
    scanned(shop, case_id)
    assert len(paid(shop, case_id)) == 1
    assert shop.state(case_id) == "shipped_back"


def test_everybody_else_is_paid_when_the_parcel_is_there(early: Any) -> None:
    shop = early()
    case_id = shop.ask({"1": 2})
    shop.approve(case_id)
    assert paid(shop, case_id) == []
    shop.arrive(case_id, {"1": 2})
    assert len(paid(shop, case_id)) == 1
    assert shop.state(case_id) == "received"


def test_what_was_paid_early_is_not_paid_again(early: Any) -> None:
    shop = early()
    case_id = shop.ask({"1": 1})
    shop.arrive(case_id, {"1": 1})
    ended(shop, case_id, "defect_confirmed")
    assert shop.state(case_id) == "refunded"
    assert shop.moved() == sum(paid(shop, case_id))
    assert claimed(shop) == []


def test_a_wrong_that_is_found_after_paying_is_a_claim_and_nothing_is_charged_by_itself(early: Any) -> None:
    shop = early()
    case_id = shop.ask({"1": 1})
    shop.arrive(case_id, {"1": 1})
    ended(shop, case_id, "misuse")
    assert paid(shop, case_id) == [2000]
    assert claimed(shop) == [("customer", "20.00")]
    assert "money.recover" in shop.events(case_id)


def test_goods_that_never_come_after_paying_are_a_claim_too(early: Any) -> None:
    shop = early()
    case_id = shop.ask({"1": 1})
    shop.approve(case_id)
    shop.work()
    shop.clock.turn(days=15)
    with shop.db.begin() as session:
        keep_deadlines(session, case_id, shop_id=shop.shop.id, now=shop.clock())
    assert (shop.state(case_id), claimed(shop)) == ("refunded", [("customer", "20.00")])
