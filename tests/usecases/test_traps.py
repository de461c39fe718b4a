"""Faults that other return systems shipped: units, money, receipts. The number names the trap.

Goods are in test_traps_of_goods.py, test_goods.py and test_advance.py, policy and people in test_traps_of_workflow.py.
Prices and taxes (T19 to T35, T39, T41, T47, T51, T53, T67, T73) are in tests/domain/test_quote.py, written numbers (T43)
in tests/domain/test_money.py, tenders (T55 to T59) in tests/domain/test_tenders.py, what gateways do (T61, T63, T69) in
test_refund_protocol.py, windows (T105, T107) in tests/domain/test_windows.py and tests/domain/policy/test_checklist.py,
strangers, files and notes (T121, T123, T125) in tests/api.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from returns_service.domain import money
from returns_service.domain.errors import Conflict, Invalid, NotEligible, NotFound, Refusal
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.usecases.cancel import cancel
from returns_service.usecases.inspect import inspect
from returns_service.usecases.open_case import open_case
from returns_service.usecases.receive import receive
from returns_service.usecases.settle import settle
from tests.usecases.counter import FAULTY


def test_t01_a_received_and_refunded_unit_is_not_returned_again(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 2})
    shop.through_all({"1": 2})
    assert shop.left() == 0
    with pytest.raises(Refusal):
        shop.ask({"1": 1})


def test_t07_the_same_line_twice_in_one_request_is_never_two_lines(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 3})
    line = RequestLine("1", 2, "defective", photos=("p",))
    with pytest.raises(Refusal):
        shop.ask_for([line, line])
    try:
        case_id = shop.ask_for([replace(line, quantity=1), replace(line, quantity=1)])
    except Refusal:
        return
    assert [found.quantity for found in shop.case(case_id).lines] == [2]


def test_t09_a_line_of_another_order_is_refused_without_naming_its_goods(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 1})
    with pytest.raises((Invalid, NotFound, NotEligible)) as refused:
        shop.ask({"other": 1})
    assert "Shirt" not in str(refused.value)


def test_t11_units_that_never_arrived_can_be_returned_later(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 3})
    case_id = shop.ask({"1": 3})
    shop.arrive(case_id, {"1": 2})
    shop.find(case_id, {"1": [(2, FAULTY)]})
    shop.end(case_id)
    assert (shop.goods(case_id), shop.case(case_id).state) == ("40.00", "refunded")
    assert shop.left() == 1
    shop.ask({"1": 1})


@pytest.mark.parametrize(("delivered", "asked", "accepted"), [(3, 4, False), (3, 3, True), (0, 1, False)])
def test_t13_no_more_than_what_was_delivered(
    open_shop: Any, delivered: int, asked: int, accepted: bool
) -> None:
    parcel = {"id": "f1", "shipped_at": "2026-10-02T12:00:00Z", "delivered_at": "2026-10-05T14:20:00Z"}
    parcel["lines"] = [{"line_id": "1", "quantity": delivered}]
    shop = open_shop(quantities={"1": 5}, fulfilments=[parcel] if delivered else [])
    if accepted:
        shop.ask({"1": asked})
        return
    with pytest.raises(Refusal):
        shop.ask({"1": asked})


def test_t15_a_third_return_of_two_units_is_refused(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 2})
    for _ in range(2):
        shop.ask({"1": 1})
    with pytest.raises(Refusal):
        shop.ask({"1": 1})


def test_t17_some_units_go_back_to_the_customer_and_the_others_are_paid(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 5})
    case_id = shop.ask({"1": 5})
    shop.arrive(case_id, {"1": 5})
    shop.find(case_id, {"1": [(3, FAULTY), (2, ("misuse",))]})
    shop.end(case_id)
    case = shop.case(case_id)
    outcomes = {outcome["resolution"]: outcome["quantity"] for outcome in case.lines[0].outcome or ()}
    assert outcomes == {"refund": 3, "send_back": 2}
    assert shop.goods(case_id) == "60.00"
    assert [(r.kind, r.lines[0]["quantity"]) for r in case.replacements] == [("send_back", 2)]


def test_t37_shipping_is_refunded_once_over_several_cases(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 2})
    first, second = shop.through_all({"1": 1}), shop.through_all({"1": 1})
    assert shop.moved() == 4490
    paid = [shop.case(case).row.quote["outbound_shipping"] for case in (first, second)]
    assert sorted(paid) == ["0.00", "4.90"]


def test_t49_goodwill_lowers_the_money_and_not_the_quantity(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 3})
    for _ in range(2):
        case_id = shop.ask({"1": 1}, reason="not_as_described", resolution="compensation")
        shop.approve(case_id)
        shop.work()
        assert shop.case(case_id).state == "refunded"
    assert shop.left() == 3
    given = shop.moved()
    last = shop.through_all({"1": 3})
    assert money.parse(shop.goods(last), "EUR") == 6000 - given


def test_a_delivery_charge_that_came_back_is_not_taken_off_the_goods(open_shop: Any) -> None:
    rule = "{id: free, when: {fault.party: merchant}, share: full, say: {en: Free, zh-Hans: 免费, zh-Hant: 免費}}"
    shop = open_shop(terms={"charges.yaml": f"outbound:\n  - {rule}\n"}, quantities={"1": 1})
    case_id = shop.ask({"1": 1}, reason="not_as_described", resolution="compensation")
    shop.approve(case_id)
    shop.work()
    quote = shop.case(case_id).row.quote
    assert (quote["compensation"], quote["outbound_shipping"]) == ("4.00", "4.90")
    shop.through_all({"1": 1})
    assert shop.moved() == 2490


def test_t65_a_case_is_not_refunded_while_a_part_is_outstanding(open_shop: Any) -> None:
    card = {
        "id": "p1",
        "method": "card",
        "gateway": "sandbox",
        "reference": "pay_1",
        "captured": "64.90",
        "refunded": "34.90",
    }
    shop = open_shop(payments=[card])
    case_id = shop.through_all({"1": 3})
    assert shop.moved() == 3000
    assert shop.case(case_id).state == "settling"
    assert [r.amount for r in shop.case(case_id).refunds if r.state == "manual"] == [3490]


def test_t75_disputed_money_is_not_refunded_and_a_lost_dispute_closes_the_case(open_shop: Any) -> None:
    card = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1", "captured": "64.90"}
    shop = open_shop(payments=[{**card, "charged_back": "64.90", "chargeback": "open"}])
    disputed = shop.through_all({"1": 1})
    assert (shop.moved(), shop.case(disputed).state) == (0, "settling")
    assert shop.case(disputed).refunds[0].reason == "p1: chargeback_open"
    with shop.db.begin() as session:
        shop.put(session, payments=[{**card, "charged_back": "64.90", "chargeback": "lost"}])
    lost = shop.through_all({"1": 1})
    assert (shop.moved(), shop.case(lost).row.quote["charged_back"]) == (0, "20.00")
    assert shop.case(lost).state == "closed"


def test_t95_a_second_receipt_adds_up(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 5})
    case_id = shop.ask({"1": 5})
    shop.arrive(case_id, {"1": 2})
    shop.arrive(case_id, {"1": 3})
    assert shop.case(case_id).lines[0].received_quantity == 5
    assert shop.events(case_id).count("return.received") == 2


def test_t97_a_request_alone_says_nothing_of_goods(open_shop: Any) -> None:
    shop = open_shop()
    assert "return.received" not in shop.events(shop.ask({"1": 1}))


def test_t113_what_arrived_is_not_cancelled(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 1})
    shop.arrive(case_id, {"1": 1})
    with pytest.raises(Conflict), shop.db.begin() as session:
        cancel(session, case_id, expected=None, actor=shop.actor, now=shop.clock())


def test_t113_what_arrived_before_it_was_approved_is_not_cancelled_either(open_shop: Any) -> None:
    shop = open_shop()
    wish = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
    with shop.db.begin() as session:
        case = open_case(session, "1001", wish, actor=shop.actor, now=shop.clock(), request_review=True)
        case_id, lines = case.id, [(str(case.lines[0].id), 1)]
    with shop.db.begin() as session:
        receive(session, case_id, expected=None, actor=shop.actor, now=shop.clock(), lines=lines)
    with pytest.raises(Conflict), shop.db.begin() as session:
        cancel(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    assert shop.left() == 2


def test_t115_lines_of_one_order_are_returned_one_after_the_other(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 1, "2": 2})
    shop.through_all({"1": 1})
    shop.through_all({"2": 2})
    assert shop.moved() == 6490


def test_t03_compensation_of_the_whole_worth_and_a_return_never_pay_twice(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 1})
    for _ in range(8):
        try:
            case_id = shop.ask({"1": 1}, reason="not_as_described", resolution="compensation")
        except Refusal:
            break
        shop.approve(case_id)
        shop.work()
    assert shop.moved() <= 2000
    before = shop.moved()
    last = shop.through_all({"1": 1})
    assert shop.moved() == 2490
    assert money.parse(shop.goods(last), "EUR") == 2000 - before


def test_t05_two_refunds_at_once_never_share_a_balance(open_shop: Any) -> None:
    card = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1", "captured": "50.00"}
    shop = open_shop(quantities={"1": 4}, payments=[card])
    asked = [shop.ask({"1": 2}) for _ in range(2)]
    for case_id in asked:
        shop.arrive(case_id, {"1": 2})

    def inspected(case_id: UUID) -> None:
        shop.find(case_id, {"1": [(2, FAULTY)]})
        with shop.db.begin() as session:
            if cases.load(session, case_id, shop.actor).state == "inspected":
                settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(inspected, asked))
    shop.work()
    assert shop.moved() <= 5000
    assert shop.tender() == (0, shop.moved())


def test_t71_what_was_paid_by_store_credit_comes_back_once(open_shop: Any) -> None:
    credit = {
        "id": "c",
        "method": "store_credit",
        "gateway": "sandbox",
        "reference": "cr_1",
        "captured": "44.90",
        "refunded": "16.00",
    }
    shop = open_shop(quantities={"1": 2}, payments=[credit])
    shop.through_all({"1": 2})
    assert shop.moved() == 2890


def test_t99_one_line_may_hold_good_and_damaged_units(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 3})
    shop.arrive(case_id, {"1": 3})
    good = InspectedUnit("1", 2, grade="A", findings=FAULTY, disposition="restock")
    damaged = InspectedUnit("1", 1, grade="D", findings=FAULTY, disposition="quarantine")
    with shop.db.begin() as session:
        line = str(cases.load(session, case_id, shop.actor).lines[0].id)
        now = shop.clock()
        inspect(session, case_id, expected=None, actor=shop.actor, now=now, lines=[(line, [good, damaged])])
    shop.end(case_id)
    outcome = shop.case(case_id).lines[0].outcome or []
    assert sum(part["quantity"] for part in outcome) == 3
    assert {part["disposition"]: part["quantity"] for part in outcome} == {"restock": 2, "quarantine": 1}


def test_t103_a_unit_too_many_is_noted_and_not_paid(open_shop: Any) -> None:
    shop = open_shop()
    case_id = shop.ask({"1": 2})
    shop.arrive(case_id, {"1": 3})
    assert shop.case(case_id).lines[0].received_quantity == 2
    assert "return.unexpected" in shop.events(case_id)
    shop.find(case_id, {"1": [(2, FAULTY)]})
    shop.end(case_id)
    assert shop.goods(case_id) == "40.00"
