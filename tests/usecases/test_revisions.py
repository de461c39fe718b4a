"""A newer snapshot under open cases: it may add, it may not take away what a case relies on, and the policy stays."""

from typing import Any

import pytest

from returns_service.domain.errors import Conflict
from returns_service.store import orders, policy_folder
from returns_service.store.tables import Shop as ShopRow
from returns_service.usecases.publish_policy import publish_policy
from tests.shop import POLICIES, example_order
from tests.usecases.counter import Shop

CARD = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1", "captured": "64.90"}
LINE = example_order({"1": 3})["lines"][0]
PARCEL = example_order({"1": 3})["fulfilments"][0]


def revise(shop: Shop, **changes: Any) -> None:
    with shop.db.begin() as session:
        shop.put(session, **changes)


def parcel(name: str, quantity: int) -> dict[str, Any]:
    return {**PARCEL, "id": name, "lines": [{"line_id": "1", "quantity": quantity}]}


def test_a_parcel_that_arrives_later_makes_its_units_returnable(open_shop: Any) -> None:
    shop = open_shop(fulfilments=[parcel("f1", 1)])
    first = shop.ask({"1": 1})
    assert shop.left() == 0
    revise(shop, fulfilments=[parcel("f1", 1), parcel("f2", 2)])
    assert shop.left() == 2
    assert shop.goods(shop.through_all({"1": 2})) == "40.00"
    assert shop.state(first) == "approved"


def test_a_payment_that_is_made_later_takes_money_back_too(open_shop: Any) -> None:
    shop = open_shop(payments=[{**CARD, "captured": "20.00"}])
    case_id = shop.ask({"1": 3})
    revise(
        shop,
        payments=[
            {**CARD, "captured": "20.00"},
            {**CARD, "id": "p2", "reference": "pay_2", "captured": "44.90"},
        ],
    )
    shop.arrive(case_id, {"1": 3})
    shop.find(case_id, {"1": [(3, ("defect_confirmed",))]})
    shop.end(case_id)
    assert {refund.payment_id: refund.amount for refund in shop.refunds(case_id)} == {"p1": 2000, "p2": 4490}


@pytest.mark.parametrize("changes", [
    {"lines": [{**LINE, "quantity": 1}], "fulfilments": [parcel("f1", 1)]},
    {"lines": [{**LINE, "id": "other"}], "fulfilments": []},
    {"lines": [{**LINE, "discount": "30.00"}]},
    {"fulfilments": [parcel("f1", 1)]},
    {"currency": "USD"},
    {"payments": [{**CARD, "captured": "10.00"}]},
    {"payments": [{**CARD, "id": "p9"}]},
    {"payments": [{**CARD, "refunded": "60.00"}]},
], ids=["units", "line", "price", "delivery", "currency", "money", "payment", "elsewhere"])  # fmt: skip
def test_what_a_case_relies_on_cannot_be_taken_away(open_shop: Any, changes: dict[str, Any]) -> None:
    shop = open_shop()
    case_id = shop.through_all({"1": 2})
    before = shop.case(case_id).row.quote
    with pytest.raises(Conflict) as refused:
        revise(shop, **changes)
    assert refused.value.code == "relied_upon"
    assert shop.case(case_id).row.quote == before


def test_what_nobody_relies_on_may_go(open_shop: Any) -> None:
    shop = open_shop()
    shop.through_all({"1": 1})
    revise(shop, lines=[{**LINE, "quantity": 2}], fulfilments=[parcel("f1", 2)])
    assert shop.left() == 1


def test_the_policy_of_the_purchase_stays_on_a_revised_order(open_shop: Any) -> None:
    shop = open_shop()
    files = policy_folder.read(POLICIES / "standard")
    changed = {**files, "eligibility.yaml": files["eligibility.yaml"].replace("days: 30", "days: 60")}
    with shop.db.begin() as session:
        row = session.get_one(ShopRow, shop.shop.id)
        publish_policy(
            session, row, "standard", changed, policy_folder.laws(POLICIES), now=shop.clock.turn(days=1)
        )
    with shop.db.read() as session:
        before = orders.load(session, shop.shop.id, "1001").policy_version_id
    shop.clock.turn(days=1)
    revise(shop, tags=["gift"])
    with shop.db.read() as session:
        row = orders.load(session, shop.shop.id, "1001")
        assert (row.version, row.policy_version_id) == (2, before)
