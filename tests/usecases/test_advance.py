"""Goods in advance: sent before the return is in, secured, charged when it does not come, given back when it does."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from returns_service.domain.errors import Conflict, IllegalMove, Invalid
from returns_service.store import cases, orders
from returns_service.store.tables import Replacement
from returns_service.usecases.advance import advance
from returns_service.usecases.charge_replacement import charge_replacement
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.receive import receive
from returns_service.usecases.report_replacement import fail_replacement, ship_replacement
from returns_service.usecases.secure_replacement import secure_replacement
from returns_service.usecases.settle import settle
from tests.usecases.counter import Shop

AT_ONCE = {"resolutions.yaml": "pay:\n  - {id: at-once, at: request}\n"}
HELD = {"resolutions.yaml": "pay:\n  - {id: at-once, at: request, secured_by: hold}\n"}
UNSECURED = {"resolutions.yaml": "pay:\n  - {id: at-once, at: request, secured_by: nothing}\n"}


def replacement(shop: Shop, case_id: UUID) -> Replacement:
    (row,) = shop.case(case_id).replacements
    return row


def ask(shop: Shop, quantity: int = 1, **asked: Any) -> UUID:
    case_id = shop.ask({"1": quantity}, **({"resolution": "replacement"} | asked))
    shop.approve(case_id)
    return case_id


def exchange(shop: Shop) -> UUID:
    """For an article at the same price, which may go out at once."""
    asked = {"reason": "too_small", "resolution": "exchange", "condition": "unopened"}
    return ask(shop, **asked, exchange_for="SKU-1-X")


def same_price(shop: Shop) -> None:
    with shop.db.begin() as session:
        shop.put(session, lines=[_line("20.00")])


def _line(price: str) -> dict[str, Any]:
    option = {"sku": "SKU-1-X", "title": "Another", "price": price, "available": 5}
    line = {"id": "1", "sku": "SKU-1", "title": "Shirt", "quantity": 3, "unit_price": "20.00"}
    return {**line, "category": "apparel/shirts", "exchange_options": [option]}


def shipped(shop: Shop, case_id: UUID) -> None:
    with shop.db.begin() as session:
        ship_replacement(session, replacement(shop, case_id).id, actor=shop.actor, now=shop.clock())


def charged(shop: Shop, case_id: UUID, amount: str = "20.00", reference: str = "ch_1") -> None:
    with shop.db.begin() as session:
        of, now = replacement(shop, case_id).id, shop.clock()
        charge_replacement(session, of, actor=shop.actor, now=now, amount=amount, reference=reference)


def silence(shop: Shop, case_id: UUID, days: int = 15) -> None:
    shop.clock.turn(days=days)
    with shop.db.begin() as session:
        keep_deadlines(session, case_id, shop_id=shop.shop.id, now=shop.clock())
    shop.work()


def back(shop: Shop, case_id: UUID, quantity: int = 1, finding: str = "defect_confirmed") -> None:
    shop.arrive(case_id, {"1": quantity})
    shop.find(case_id, {"1": [(quantity, (finding,))]})
    with shop.db.begin() as session:
        if cases.load(session, case_id, shop.actor).state == "inspected":
            settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    shop.work()


def sums(shop: Shop, case_id: UUID) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, amount in shop.ledger(case_id):
        found[kind] = found.get(kind, 0) + amount
    return {kind: amount for kind, amount in found.items() if amount}


def test_new_goods_go_out_before_the_old_ones_are_back_and_end_the_case_with_them(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    row = replacement(shop, case_id)
    assert (row.state, row.secured, row.security, shop.state(case_id)) == (
        "requested",
        2000,
        "obligation",
        "approved",
    )
    assert shop.events(case_id)[-2:] == ["return.advanced", "replacement.requested"]
    assert sums(shop, case_id) == {"secured": 2000}
    shipped(shop, case_id)
    back(shop, case_id)
    assert shop.state(case_id) == "replaced"
    assert len(shop.case(case_id).replacements) == 1
    assert "secured" not in sums(shop, case_id)
    assert "goods_owed" not in sums(shop, case_id)
    assert "replacement.security_released" in shop.events(case_id)
    assert shop.moved() == 0


def test_what_does_not_come_back_is_charged_and_no_unit_is_free_for_another_case(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    shipped(shop, case_id)
    silence(shop, case_id)
    assert shop.state(case_id) == "replaced"
    assert shop.events(case_id).count("replacement.charge_due") == 1
    assert sums(shop, case_id) == {"goods_owed": 2000}
    assert shop.left() == 2
    charged(shop, case_id)
    charged(shop, case_id)
    assert sums(shop, case_id) == {"goods_owed": 2000, "recovered": 2000}


def test_t91_what_arrives_after_the_charge_gives_the_charge_back_once(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    shipped(shop, case_id)
    silence(shop, case_id)
    charged(shop, case_id)
    shop.clock.turn(days=5)
    back(shop, case_id)
    assert shop.state(case_id) == "replaced"
    (refund,) = shop.refunds(case_id)
    assert (refund.payment_id, refund.amount, refund.state) == ("ch_1", 2000, "succeeded")
    assert shop.moved() == 2000
    assert "goods_owed" not in sums(shop, case_id)
    charged(shop, case_id)
    assert shop.moved() == 2000


def test_a_charge_that_is_reported_after_the_goods_came_back_goes_back_at_once(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    shipped(shop, case_id)
    silence(shop, case_id)
    back(shop, case_id)
    charged(shop, case_id)
    assert shop.state(case_id) == "settling"
    shop.work()
    assert (shop.state(case_id), shop.moved()) == ("replaced", 2000)


def test_t89_whoever_sends_the_new_goods_back_keeps_the_old_ones_and_owes_nothing(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    same_price(shop)
    case_id = exchange(shop)
    assert replacement(shop, case_id).lines[0]["sku"] == "SKU-1-X"
    shipped(shop, case_id)
    unexpected = [{"sku": "SKU-1-X", "quantity": 1, "note": ""}]
    with shop.db.begin() as session:
        receive(
            session,
            case_id,
            expected=None,
            actor=shop.actor,
            now=shop.clock(),
            lines=[],
            unexpected=unexpected,
        )
        settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    shop.work()
    assert (shop.state(case_id), shop.moved()) == ("closed", 0)
    assert "replacement.charge_due" not in shop.events(case_id)
    assert sums(shop, case_id) == {}
    assert shop.left() == 3


def test_dearer_goods_wait_for_the_return_and_the_difference(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    assert shop.case(exchange(shop)).replacements == []


def test_with_a_hold_nothing_goes_out_before_the_storefront_holds_the_worth(open_shop: Any) -> None:
    shop = open_shop(terms=HELD)
    case_id = ask(shop)
    row = replacement(shop, case_id)
    assert (row.state, shop.events(case_id)[-1]) == ("awaiting_payment", "replacement.security_needed")
    with pytest.raises(IllegalMove):
        shipped(shop, case_id)
    for _ in range(2):
        with shop.db.begin() as session:
            secure_replacement(session, row.id, actor=shop.actor, now=shop.clock(), reference="hold_1")
    assert shop.events(case_id).count("replacement.requested") == 1
    shipped(shop, case_id)
    back(shop, case_id)
    assert shop.state(case_id) == "replaced"


def test_a_hold_that_never_came_is_not_needed_once_the_goods_are_in(open_shop: Any) -> None:
    shop = open_shop(terms=HELD)
    case_id = ask(shop)
    back(shop, case_id)
    assert replacement(shop, case_id).state == "requested"
    shipped(shop, case_id)
    assert shop.state(case_id) == "replaced"


def test_what_was_not_sent_when_the_time_is_over_is_called_off(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    silence(shop, case_id)
    assert (replacement(shop, case_id).state, shop.state(case_id)) == ("cancelled", "closed")
    assert "replacement.cancelled" in shop.events(case_id)
    assert (sums(shop, case_id), shop.left()) == ({}, 3)


def test_what_is_out_of_stock_in_advance_is_tried_again_when_the_goods_are_in(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    with shop.db.begin() as session:
        fail_replacement(
            session, replacement(shop, case_id).id, actor=shop.actor, now=shop.clock(), reason="none left"
        )
    assert sums(shop, case_id) == {}
    back(shop, case_id)
    assert [row.state for row in shop.case(case_id).replacements] == ["cancelled", "requested"]


def test_part_of_a_quantity_that_does_not_come_back_is_charged_alone(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop, quantity=3)
    shipped(shop, case_id)
    back(shop, case_id, quantity=2)
    with shop.db.begin() as session:
        if cases.load(session, case_id, shop.actor).state == "received":
            settle(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    assert shop.state(case_id) == "replaced"
    assert sums(shop, case_id)["goods_owed"] == 2000


def test_a_wrong_found_after_sending_is_a_claim_that_a_person_decides_on(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    shipped(shop, case_id)
    back(shop, case_id, finding="misuse")
    assert sums(shop, case_id)["goods_owed"] == 2000
    assert "replacement.charge_due" not in shop.events(case_id)


def test_nothing_is_charged_where_nothing_was_agreed(open_shop: Any) -> None:
    shop = open_shop(terms=UNSECURED)
    case_id = ask(shop)
    shipped(shop, case_id)
    silence(shop, case_id)
    assert "replacement.charge_due" not in shop.events(case_id)
    assert sums(shop, case_id) == {"goods_owed": 2000}
    with pytest.raises(Conflict):
        charged(shop, case_id)


@pytest.mark.parametrize("amount", ["20.01", "0.00", "-1.00"])
def test_no_more_is_charged_than_the_goods_are_worth(open_shop: Any, amount: str) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    shipped(shop, case_id)
    with pytest.raises(Invalid):
        charged(shop, case_id, amount)


def test_a_person_may_send_in_advance_what_the_policy_would_not(open_shop: Any) -> None:
    shop = open_shop()
    case_id = ask(shop)
    assert shop.case(case_id).replacements == []
    with shop.db.begin() as session:
        advance(session, case_id, expected=None, actor=shop.actor, now=shop.clock())
    assert replacement(shop, case_id).state == "requested"


def test_a_newer_snapshot_need_not_know_of_the_charge(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    shipped(shop, case_id)
    silence(shop, case_id)
    charged(shop, case_id)
    back(shop, case_id)
    with shop.db.begin() as session:
        shop.put(session, tags=["seen"])
    with shop.db.read() as session:
        assert {tender.payment_id for tender in _tenders(session, shop)} == {"p1", "ch_1"}


def test_a_payment_that_a_later_snapshot_names_is_the_one_that_was_reported(open_shop: Any) -> None:
    shop = open_shop(terms=AT_ONCE)
    case_id = ask(shop)
    shipped(shop, case_id)
    silence(shop, case_id)
    charged(shop, case_id)
    card = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1", "captured": "64.90"}
    with shop.db.begin() as session:
        shop.put(session, payments=[card, {**card, "id": "p2", "reference": "ch_1", "captured": "20.00"}])
    with shop.db.read() as session:
        assert [(one.payment_id, one.reported) for one in _tenders(session, shop)] == [
            ("p1", False),
            ("p2", False),
        ]


def _tenders(session: Session, shop: Shop) -> list[Any]:
    return orders.tenders(session, orders.load(session, shop.shop.id, "1001").id)
