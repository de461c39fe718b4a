"""What follows when a payment refuses the money: what the policy says, at once; never nothing."""

from typing import Any

from returns_service.domain.ports import GatewayEvent, GatewayRefund
from returns_service.usecases.gateway_event import take_gateway_event
from tests.usecases.counter import Shop

CREDIT = {"resolutions.yaml": "tenders:\n  - {id: back, declined: store_credit}\n"}
OTHER = {"resolutions.yaml": "tenders:\n  - {id: back, declined: other_payment}\n"}
CARD = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1", "captured": "30.00"}
WALLET = {"id": "p2", "method": "wallet", "gateway": "sandbox", "reference": "pay_2", "captured": "10.00"}


def shares(shop: Shop, case_id: Any) -> dict[str, tuple[int, str]]:
    return {r.payment_id or "credit": (r.amount, r.state) for r in shop.refunds(case_id)}


def test_store_credit_takes_the_place_of_a_card_that_refuses(open_shop: Any) -> None:
    shop = open_shop(terms=CREDIT)
    shop.gateway.next = ["decline"]
    case_id = shop.through_all({"1": 1})
    shop.work()
    amount = shop.refunds(case_id)[0].amount
    assert shares(shop, case_id) == {"p1": (amount, "failed"), "credit": (amount, "succeeded")}
    assert (shop.state(case_id), shop.tender()) == ("refunded", (0, 0))
    assert shop.events(case_id).count("credit.issued") == 1


def test_other_payments_take_what_they_can_and_store_credit_the_rest(open_shop: Any) -> None:
    shop = open_shop(terms=OTHER, payments=[CARD, WALLET])
    shop.gateway.next = ["decline"]
    case_id = shop.through_all({"1": 1})
    shop.work()
    found = shares(shop, case_id)
    assert found["p1"][1] == "failed"
    assert found["p2"] == (1000, "succeeded")
    assert found["credit"] == (found["p1"][0] - 1000, "succeeded")
    assert shop.state(case_id) == "refunded"


def test_each_payment_is_asked_once_and_the_end_is_store_credit(open_shop: Any) -> None:
    shop = open_shop(terms=OTHER, payments=[CARD, WALLET])
    shop.gateway.next = ["decline", "decline"]
    case_id = shop.through_all({"1": 1})
    for _ in range(3):
        shop.work()
    assert [(r.payment_id, r.state) for r in shop.refunds(case_id) if r.state == "failed"] == [
        ("p1", "failed"),
        ("p2", "failed"),
    ]
    owed = shop.refunds(case_id)[0].amount
    assert sum(r.amount for r in shop.refunds(case_id) if r.state == "succeeded") == owed
    assert shop.state(case_id) == "refunded"


def test_without_a_word_of_the_policy_it_waits_for_a_person_in_sight(open_shop: Any) -> None:
    shop = open_shop()
    shop.gateway.next = ["decline"]
    case_id = shop.through_all({"1": 1})
    shop.work()
    assert shop.state(case_id) == "settling"
    assert [r.state for r in shop.refunds(case_id)] == ["failed"]
    assert shop.events(case_id)[-1] == "refund.failed"


def test_money_that_comes_back_after_it_was_announced_is_a_persons_to_look_into(open_shop: Any) -> None:
    shop = open_shop(terms=CREDIT)
    case_id = shop.through_all({"1": 1})
    (booked,) = shop.gateway.booked.values()
    failed = GatewayRefund(booked.reference, booked.payment, booked.amount, "EUR", "failed", booked.key)
    with shop.db.begin() as session:
        take_gateway_event(session, shop.shop.id, "sandbox", GatewayEvent("e", failed), now=shop.clock())
    assert shop.state(case_id) == "settling"
    assert [r.state for r in shop.refunds(case_id)] == ["failed"]
    assert shop.tender() == (0, 0)
