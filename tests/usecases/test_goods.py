"""Goods in and out: told to the stock books once, by place and number; waiting, missing, unexpected and swapped units."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.lifecycle import actions
from returns_service.domain.request import InspectedUnit
from returns_service.store import cases
from returns_service.store.tables import EventRow
from returns_service.usecases import bench
from returns_service.usecases.add_evidence import add_evidence
from returns_service.usecases.choose import choose
from returns_service.usecases.inspect import inspect
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.list_cases import Wanted, list_cases
from returns_service.usecases.receive import receive
from returns_service.usecases.report_replacement import fail_replacement, ship_replacement
from returns_service.usecases.settle import settle
from tests.usecases.counter import FAULTY, Shop


def facts(shop: Shop, kind: str) -> list[dict[str, Any]]:
    with shop.db.read() as session:
        query = select(EventRow).where(EventRow.type == kind).order_by(col(EventRow.id))
        return [row.data for row in session.exec(query)]


def stock(shop: Shop) -> Counter[str]:
    """What a storefront's books hold that follow the events and begin at nothing."""
    books: Counter[str] = Counter()
    for fact in facts(shop, "return.disposed"):
        for unit in fact["units"]:
            books[unit["sku"]] += unit["quantity"] if unit["restock"] else 0
    for fact in facts(shop, "replacement.shipped"):
        for part in fact["lines"]:
            books[part["sku"]] -= part["quantity"]
    return books


def found(shop: Shop, case_id: UUID, *units: InspectedUnit) -> None:
    with shop.db.begin() as session:
        line = str(cases.load(session, case_id, shop.actor).lines[0].id)
        inspect(session, case_id, expected=None, actor=shop.actor, now=shop.clock(), lines=[(line, units)])


def settled(shop: Shop, case_id: UUID) -> None:
    with shop.db.begin() as session:
        if cases.load(session, case_id, shop.actor).state in ("received", "inspected"):
            settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    shop.work()


def arrived(shop: Shop, case_id: UUID, quantity: int, location: str) -> None:
    shop.approve(case_id)
    with shop.db.begin() as session:
        line = str(cases.load(session, case_id, shop.actor).lines[0].id)
        lines = [(line, quantity)] if quantity else []
        more = [] if quantity else [{"sku": "BRICK", "quantity": 1, "note": "not ours"}]
        now = shop.clock()
        receive(
            session, case_id, expected=None, actor=shop.actor, now=now, lines=lines, location=location,
            unexpected=more,
        )  # fmt: skip


def sized(shop: Shop) -> UUID:
    asked = {"reason": "too_small", "resolution": "exchange", "condition": "unopened"}
    return shop.ask({"1": 1}, **asked, exchange_for="SKU-1-S")


def same_price(shop: Shop) -> None:
    line = {"id": "1", "sku": "SKU-1", "title": "Shirt", "quantity": 3, "unit_price": "20.00"}
    option = {"sku": "SKU-1-S", "title": "Shirt S", "price": "20.00", "available": 5}
    with shop.db.begin() as session:
        shop.put(session, lines=[{**line, "category": "apparel/shirts", "exchange_options": [option]}])


def test_t83_stock_goes_up_for_what_came_and_down_for_what_went(open_shop: Any) -> None:
    shop = open_shop()
    same_price(shop)
    case_id = sized(shop)
    shop.arrive(case_id, {"1": 1})
    shop.find(case_id, {"1": [(1, ("intact",))]})
    settled(shop, case_id)
    (row,) = shop.case(case_id).replacements
    with shop.db.begin() as session:
        ship_replacement(session, row.id, actor=shop.actor, now=shop.clock())
    assert stock(shop) == {"SKU-1": 1, "SKU-1-S": -1}


def test_t99_only_what_is_good_is_told_as_sellable(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 3})
    shop.arrive(case_id, {"1": 3})
    good = InspectedUnit("1", 2, grade="A", findings=FAULTY, disposition="restock")
    found(shop, case_id, good, InspectedUnit("1", 1, grade="D", findings=FAULTY, disposition="quarantine"))
    settled(shop, case_id)
    (fact,) = facts(shop, "return.disposed")
    told = {(unit["disposition"], unit["restock"]): unit["quantity"] for unit in fact["units"]}
    assert told == {("restock", True): 2, ("quarantine", False): 1}
    assert stock(shop)["SKU-1"] == 2


def test_t101_a_place_that_sells_nothing_takes_the_parcel_and_adds_nothing_to_the_stock(
    open_shop: Any,
) -> None:
    shop = open_shop()
    with shop.db.begin() as session:
        row = session.merge(shop.shop)
        row.locations = [{"code": "OLD1", "restocks": False}, {"code": "BER1"}]
    case_id = shop.ask({"1": 2})
    arrived(shop, case_id, 1, "OLD1")
    arrived(shop, case_id, 1, "BER1")
    found(shop, case_id, InspectedUnit("1", 2, grade="A", findings=FAULTY, disposition="restock"))
    settled(shop, case_id)
    (fact,) = facts(shop, "return.disposed")
    assert {(unit["location"], unit["restock"]) for unit in fact["units"]} == {
        ("OLD1", False),
        ("BER1", True),
    }
    assert stock(shop)["SKU-1"] == 1


def test_a_unit_is_told_once_however_often_a_case_is_settled(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 2})
    shop.arrive(case_id, {"1": 1})
    good = InspectedUnit("1", 1, grade="A", findings=FAULTY, disposition="restock")
    found(shop, case_id, good)
    settled(shop, case_id)
    arrived(shop, case_id, 1, "BER1")
    found(shop, case_id, good)
    settled(shop, case_id)
    assert stock(shop)["SKU-1"] == 2
    assert [sum(unit["quantity"] for unit in fact["units"]) for fact in facts(shop, "return.disposed")] == [
        1,
        1,
    ]


def test_out_of_stock_waits_for_the_customer_who_may_wait_for_the_goods(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.through_all({"1": 1}, resolution="replacement")
    (row,) = shop.case(case_id).replacements
    for _ in range(2):
        with shop.db.begin() as session:
            fail_replacement(session, row.id, actor=shop.actor, now=shop.clock(), reason="none left")
        assert shop.state(case_id) == "settling"
        assert "choose" in _actions(shop, case_id)
        with shop.db.begin() as session:
            line = str(cases.load(session, case_id, shop.actor).lines[0].id)
            choose(
                session,
                case_id,
                expected=None,
                actor=shop.actor,
                now=shop.clock(),
                line_id=line,
                resolution="wait",
            )
        assert "choose" not in _actions(shop, case_id)
    assert shop.events(case_id).count("replacement.requested") == 3
    with shop.db.begin() as session:
        ship_replacement(session, row.id, actor=shop.actor, now=shop.clock())
    assert (shop.state(case_id), shop.moved()) == ("replaced", 0)


def _actions(shop: Shop, case_id: UUID) -> list[str]:
    with shop.db.read() as session:
        return actions(cases.load(session, case_id, shop.actor, lock=False).situation())


def test_out_of_stock_and_silence_end_in_money(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.through_all({"1": 1}, resolution="replacement")
    (row,) = shop.case(case_id).replacements
    with shop.db.begin() as session:
        fail_replacement(session, row.id, actor=shop.actor, now=shop.clock(), reason="none left")
    shop.clock.turn(days=15)
    with shop.db.begin() as session:
        keep_deadlines(session, case_id, shop_id=shop.shop.id, now=shop.clock())
    shop.work()
    assert (shop.state(case_id), shop.goods(case_id)) == ("refunded", "20.00")


def test_a_parcel_with_something_else_in_it_is_settled_short_and_pays_nothing(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 1})
    arrived(shop, case_id, 0, "BER1")
    assert facts(shop, "return.unexpected")[0]["units"][0]["sku"] == "BRICK"
    settled(shop, case_id)
    assert (shop.state(case_id), shop.moved(), shop.left()) == ("closed", 0, 3)


def test_a_swapped_unit_goes_back_and_pays_nothing(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 1})
    shop.arrive(case_id, {"1": 1})
    shop.find(case_id, {"1": [(1, ("other_article",))]})
    with pytest.raises(Conflict):
        settled(shop, case_id)
    with shop.db.begin() as session:
        ruling = {"party": "customer", "reason": "It is another shop's shirt."}
        ruled = {"expected": None, "type_": "ruling", "data": ruling}
        add_evidence(session, case_id, actor=shop.actor, now=shop.clock(), **ruled)
    settled(shop, case_id)
    assert shop.moved() == 0
    assert [row.kind for row in shop.case(case_id).replacements] == ["send_back"]


def test_sending_back_ends_the_case_without_money_and_frees_the_units(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 1})
    shop.arrive(case_id, {"1": 1})
    shop.find(case_id, {"1": [(1, ("misuse",))]})
    settled(shop, case_id)
    (row,) = shop.case(case_id).replacements
    assert (row.kind, shop.state(case_id)) == ("send_back", "settling")
    with shop.db.begin() as session:
        ship_replacement(session, row.id, actor=shop.actor, now=shop.clock())
    assert (shop.state(case_id), shop.moved(), shop.left()) == ("closed", 0, 3)
    assert stock(shop)["SKU-1"] <= 0


def numbered(shop: Shop) -> None:
    line = {"id": "1", "sku": "SKU-1", "title": "Phone", "quantity": 3, "unit_price": "20.00"}
    with shop.db.begin() as session:
        shop.put(
            session, lines=[{**line, "category": "apparel/shirts", "serial_numbers": ["A1", "A2", "A3"]}]
        )


def numbers(quantity: int, *serial: str) -> InspectedUnit:
    return InspectedUnit("1", quantity, grade="A", findings=FAULTY, serial_numbers=serial)


def test_a_serial_number_that_we_did_not_send_is_not_our_article(open_shop: Any) -> None:
    shop = open_shop()
    numbered(shop)
    case_id = shop.ask({"1": 2})
    shop.arrive(case_id, {"1": 2})
    found(shop, case_id, numbers(2, "A1", "Z9"))
    seen = {
        tuple(row.serial_numbers): "serial_mismatch" in row.findings for row in shop.case(case_id).inspections
    }
    assert seen == {("A1",): False, ("Z9",): True}
    with pytest.raises(Conflict, match="not the article"):
        settled(shop, case_id)


def test_a_serial_number_comes_back_once(open_shop: Any) -> None:
    shop = open_shop()
    numbered(shop)
    first, second = shop.ask({"1": 1}), shop.ask({"1": 1})
    for case_id in (first, second):
        shop.arrive(case_id, {"1": 1})
    found(shop, first, numbers(1, "A1"))
    with pytest.raises(Conflict, match="Robin") as refused:
        found(shop, second, numbers(1, "A1"))
    assert refused.value.code == "serial_received"
    found(shop, second, numbers(1, "A2"))


def test_a_case_is_found_by_a_serial_number_that_was_sold_or_scanned(open_shop: Any) -> None:
    shop = open_shop()
    numbered(shop)
    case_id = shop.ask({"1": 1})
    shop.arrive(case_id, {"1": 1})
    found(shop, case_id, numbers(1, "Z9"))
    with shop.db.read() as session:
        hits = {
            code: list_cases(session, Wanted(q=code), actor=shop.actor, after=None, limit=9)
            for code in ("a3", "z9", "A9")
        }
        (at_bench,) = bench.find(session, "A3", actor=shop.actor)
    assert {code: len(rows) for code, rows in hits.items()} == {"a3": 1, "z9": 1, "A9": 0}
    assert at_bench["id"] == hits["a3"][0]["id"] == str(case_id)


@pytest.mark.parametrize("wrong", [(1, "A1", "A2"), (2, "A1", "A1")])
def test_each_unit_has_one_number_of_its_own(open_shop: Any, wrong: tuple[Any, ...]) -> None:
    shop = open_shop()
    numbered(shop)
    case_id = shop.ask({"1": 2})
    shop.arrive(case_id, {"1": 2})
    with pytest.raises(Invalid):
        found(shop, case_id, numbers(*wrong))
