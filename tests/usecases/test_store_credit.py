"""Store credit: issued once, spent within its balance, given back, written off when its time is over."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from returns_service.domain.errors import Conflict, Invalid, NotFound, Refusal
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store.db import Database
from returns_service.usecases.open_case import open_case
from returns_service.usecases.spend_credit import (
    credit_body,
    expire_credits,
    give_back_credit,
    list_credits,
    redeem_credit,
    show_credit,
)
from returns_service.usecases.verify_ledger import verify_ledger
from tests.shop import example_order, put
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    made = Desk(shop_db, tmp_path)
    with shop_db.begin() as session:
        made.shop.settings = {"store_credit_days": 365}
        session.add(made.shop)
    return made


@pytest.fixture
def code(desk: Desk) -> str:
    case = desk.settled(resolution="store_credit")
    desk.work()
    found = desk.refund(case).code
    assert found
    return found


def shown(desk: Desk, code: str) -> dict[str, Any]:
    with desk.db.read() as session:
        return credit_body(session, show_credit(session, code, actor=desk.actor))


def redeem(desk: Desk, code: str, amount: str, reference: str, currency: str = "EUR") -> None:
    with desk.db.begin() as session:
        redeem_credit(
            session, code, amount=amount, currency=currency, reference=reference, actor=desk.actor, now=desk.clock()
        )  # fmt: skip


def test_a_credit_is_spent_in_parts_and_the_same_reference_pays_once(desk: Desk, code: str) -> None:
    whole = shown(desk, code)["balance"]
    redeem(desk, code, "5.00", "order-1")
    redeem(desk, code, "5.00", "order-1")
    redeem(desk, code.lower().replace("-", " "), "3.00", "order-2")
    assert float(shown(desk, code)["balance"]) == pytest.approx(float(whole) - 8)
    with pytest.raises(Conflict):
        redeem(desk, code, "6.00", "order-1")


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1000.00", "EUR"), ("0.00", "EUR"), ("1,00", "EUR"), ("1.00", "USD"), ("-1.00", "EUR")],
)
def test_too_much_nothing_and_other_money_are_refused(
    desk: Desk, code: str, amount: str, currency: str
) -> None:
    before = shown(desk, code)
    with pytest.raises((Conflict, Invalid)):
        redeem(desk, code, amount, "order-1", currency)
    assert shown(desk, code) == before


def test_a_redemption_is_given_back_once(desk: Desk, code: str) -> None:
    whole = shown(desk, code)["balance"]
    redeem(desk, code, "5.00", "order-1")
    for _ in range(2):
        with desk.db.begin() as session:
            give_back_credit(session, code, reference="order-1", actor=desk.actor, now=desk.clock())
    assert shown(desk, code)["balance"] == whole
    with pytest.raises(Conflict), desk.db.begin() as session:
        give_back_credit(session, code, reference="order-9", actor=desk.actor, now=desk.clock())


def test_what_is_left_at_the_end_is_written_off_once(desk: Desk, code: str) -> None:
    desk.clock.turn(days=366)
    with pytest.raises(Conflict):
        redeem(desk, code, "1.00", "order-1")
    with desk.db.begin() as session:
        assert (expire_credits(session, now=desk.clock()), expire_credits(session, now=desk.clock())) == (
            1,
            0,
        )
    assert shown(desk, code)["balance"] == "0.00"
    with desk.db.read() as session:
        assert verify_ledger(session).problems == []


def test_two_checkouts_at_once_never_overdraw(desk: Desk, code: str) -> None:
    def one(n: int) -> bool:
        try:
            redeem(desk, code, "15.00", f"order-{n}")
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(8))) == 1


def test_codes_are_the_shops_own_and_an_account_lists_them(desk: Desk, code: str) -> None:
    with desk.db.read() as session:
        assert [credit.code for credit in list_credits(session, "Ana@Example.com", actor=desk.actor)] == [
            code
        ]
        with pytest.raises(NotFound):
            show_credit(session, "AAAA-BBBB-CCCC-DDDD", actor=desk.actor)


def test_an_order_paid_with_credit_gives_it_back_onto_the_same_credit(desk: Desk, code: str) -> None:
    redeem(desk, code, "20.00", "order-1002")
    before = float(shown(desk, code)["balance"])
    paid = [
        {
            "id": "c",
            "method": "store_credit",
            "gateway": "store_credit",
            "reference": code,
            "captured": "20.00",
        }
    ]
    with desk.db.begin() as session:
        body = {**example_order({"1": 1}), "number": "1002", "payments": paid, "shipping": {}}
        put(session, body, actor=desk.actor, now=desk.clock(), order_id="1002")
        wish = ReturnRequest((RequestLine("1", 1, "defective", photos=("photo",)),))
        case = open_case(session, "1002", wish, actor=desk.actor, now=desk.clock(), request_review=True)
        case_id = desk.through(session, case)
    desk.work()
    assert desk.state(case_id) == "refunded"
    assert desk.refund(case_id).code == code
    assert float(shown(desk, code)["balance"]) == pytest.approx(before + 20)
    desk.audit()
    with pytest.raises(Conflict), desk.db.begin() as session:  # the storefront calls the order off besides
        give_back_credit(session, code, reference="order-1002", actor=desk.actor, now=desk.clock())
    desk.audit()
