"""Faults that other return systems shipped: exchanges, replacements, chains. The number names the trap."""

from typing import Any
from uuid import UUID

import pytest

from returns_service.domain.errors import Invalid, Refusal
from returns_service.store import cases
from returns_service.usecases.choose import choose
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.lose import lose
from returns_service.usecases.report_replacement import fail_replacement, pay_replacement, ship_replacement
from returns_service.usecases.settle import settle
from returns_service.usecases.ship import ship
from tests.shop import example_order, put
from tests.usecases.counter import FAULTY, Shop


def exchange(shop: Shop, price_of: str = "SKU-1-X", quantity: int = 1, arrived: int = 1) -> UUID:
    case_id = shop.ask(
        {"1": quantity},
        reason="too_small",
        resolution="exchange",
        condition="unopened",
        exchange_for=price_of,
    )
    shop.arrive(case_id, {"1": arrived})
    shop.find(case_id, {"1": [(arrived, ("intact",))]})
    with shop.db.begin() as session:
        if cases.load(session, case_id, shop.actor).state in ("received", "inspected"):
            settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    return case_id


def test_t79_a_dearer_exchange_waits_for_the_difference(open_shop: Any) -> None:
    shop = open_shop()
    case_id = exchange(shop)
    (replacement,) = shop.case(case_id).replacements
    assert (replacement.state, replacement.due) == ("awaiting_payment", 200)
    with pytest.raises(Invalid), shop.db.begin() as session:
        pay_replacement(
            session, replacement.id, actor=shop.actor, now=shop.clock(), amount="1.00", reference="x"
        )
    with shop.db.begin() as session:
        pay_replacement(
            session, replacement.id, actor=shop.actor, now=shop.clock(), amount="2.00", reference="x"
        )
        ship_replacement(session, replacement.id, actor=shop.actor, now=shop.clock(), order_id="1002")
    assert (shop.case(case_id).state, shop.moved()) == ("replaced", 0)


def test_t79_unpaid_at_the_deadline_it_becomes_a_refund(open_shop: Any) -> None:
    shop = open_shop()
    case_id = exchange(shop)
    shop.clock.turn(days=15)
    with shop.db.begin() as session:
        keep_deadlines(session, case_id, shop_id=shop.shop.id, now=shop.clock())
    shop.work()
    assert shop.case(case_id).state == "refunded"
    assert shop.goods(case_id) == "20.00"


def test_t79_a_difference_that_was_paid_comes_back_when_the_goods_cannot_go_out(open_shop: Any) -> None:
    shop = open_shop()
    case_id = exchange(shop)
    (replacement,) = shop.case(case_id).replacements
    with shop.db.begin() as session:
        actor, now, of = shop.actor, shop.clock(), replacement.id
        pay_replacement(session, of, actor=actor, now=now, amount="2.00", reference="pay_9")
        fail_replacement(session, of, actor=actor, now=now, reason="none left")
        line = str(cases.load(session, case_id, actor).lines[0].id)
    with shop.db.begin() as session:
        choose(session, case_id, expected=None, actor=actor, now=now, line_id=line, resolution="refund")
    shop.work()
    assert shop.case(case_id).state == "refunded"
    assert {refund.payment: refund.amount for refund in shop.gateway.booked.values()} == {
        "pay_1": 1510,
        "pay_9": 200,
    }


def test_t79_the_customer_may_choose_the_refund_instead(open_shop: Any) -> None:
    shop = open_shop()
    case_id = exchange(shop)
    line = str(shop.case(case_id).lines[0].id)
    with shop.db.begin() as session:
        choose(
            session,
            case_id,
            expected=None,
            actor=shop.actor,
            now=shop.clock(),
            line_id=line,
            resolution="refund",
        )
    shop.work()
    assert shop.case(case_id).state == "refunded"


def test_t81_an_exchange_credits_and_sends_only_what_arrived(open_shop: Any) -> None:
    shop = open_shop()
    case_id = exchange(shop, quantity=2, arrived=1)
    (replacement,) = shop.case(case_id).replacements
    assert (replacement.lines[0]["quantity"], replacement.due) == (1, 200)
    assert shop.left() == 2


def swapped_order(shop: Shop, order_id: str, of: tuple[str, str], price: str, **changes: Any) -> None:
    """The storefront made a new order for the goods that went out."""
    line = {
        "id": "1",
        "sku": "NEW",
        "title": "New",
        "quantity": 1,
        "unit_price": price,
        "category": "apparel/shirts",
    }
    line["replaces"] = {"order_id": of[0], "line_id": of[1]}
    parcel = {"id": "f1", "shipped_at": "2026-10-04T12:00:00Z", "delivered_at": "2026-10-05T14:20:00Z"}
    parcel["lines"] = [{"line_id": "1", "quantity": 1}]
    body = {
        **example_order({}),
        "number": order_id,
        "lines": [line],
        "payments": [],
        "fulfilments": [parcel],
        "shipping": {},
    }
    with shop.db.begin() as session:
        put(session, {**body, **changes}, actor=shop.actor, now=shop.clock(), order_id=order_id)


@pytest.mark.parametrize("price", ["0.00", "20.00"])
def test_t87_a_chain_of_even_swaps_pays_what_the_first_goods_cost(open_shop: Any, price: str) -> None:
    shop = open_shop(quantities={"1": 1})
    swapped_order(shop, "1002", ("1001", "1"), price)
    swapped_order(shop, "1003", ("1002", "1"), price)
    last = shop.through_all({"1": 1}, order="1003")
    assert (shop.goods(last), shop.case(last).state) == ("20.00", "refunded")
    (refund,) = shop.gateway.booked.values()
    assert (refund.payment, refund.amount) == ("pay_1", 2000)


def test_t87_what_was_paid_on_top_comes_back_too(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 1})
    extra = [{"id": "x", "method": "card", "gateway": "sandbox", "reference": "pay_2", "captured": "15.00"}]
    swapped_order(shop, "1002", ("1001", "1"), "35.00", payments=extra)
    swapped_order(shop, "1002", ("1001", "1"), "35.00", payments=extra)
    case_id = shop.through_all({"1": 1}, order="1002")
    assert shop.goods(case_id) == "35.00"
    assert {refund.payment: refund.amount for refund in shop.gateway.booked.values()} == {
        "pay_1": 2000,
        "pay_2": 1500,
    }


def test_t85_an_exchange_for_the_very_same_article_is_no_exchange(open_shop: Any) -> None:
    shop = open_shop()
    with pytest.raises(Refusal):
        shop.ask(
            {"1": 1}, reason="too_small", resolution="exchange", condition="unopened", exchange_for="SKU-1"
        )
    assert shop.ask({"1": 1}, resolution="replacement")


def test_t93_goods_that_turn_up_after_the_loss_was_paid_bring_no_second_refund(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 1})
    shop.approve(case_id)
    with shop.db.begin() as session:
        ship(
            session,
            case_id,
            expected=None,
            actor=shop.actor,
            now=shop.clock(),
            carrier="dhl",
            tracking_number="1",
        )
        lose(
            session, case_id, expected=None, actor=shop.actor, now=shop.clock(), reason="no scan for ten days"
        )
    shop.work()
    assert shop.case(case_id).state == "refunded"
    paid = shop.moved()
    shop.arrive(case_id, {"1": 1})
    shop.find(case_id, {"1": [(1, FAULTY)]})
    with shop.db.begin() as session:
        if cases.load(session, case_id, shop.actor).state == "inspected":
            settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    shop.work()
    assert (shop.moved(), shop.case(case_id).state) == (paid, "refunded")
