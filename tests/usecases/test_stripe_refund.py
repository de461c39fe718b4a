"""From the reservation to Stripe's own record and back, with the account of the shop."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from returns_service.adapters.payments.stripe import StripeGateway
from returns_service.domain.ports import PaymentGateway
from returns_service.jobs.reconcile import reconcile
from returns_service.usecases.gateways import keep_secrets
from tests.ground.stripe_double import StripeDouble

PAID = {"id": "p1", "method": "card", "gateway": "stripe", "reference": "pi_1", "captured": "64.90"}


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    made = StripeDouble()
    yield made
    made.close()


def open_with(open_shop: Any, double: StripeDouble) -> Any:
    def account(secrets: Mapping[str, str]) -> PaymentGateway:
        return StripeGateway(secrets["key"], secrets["webhook_secret"], url=double.url)

    shop = open_shop(payments=[PAID])
    shop.runtime = replace(shop.runtime, own_gateways={"stripe": account})
    return shop


def test_a_refund_moves_through_the_account_of_the_shop_and_the_books_agree(
    open_shop: Any, double: StripeDouble
) -> None:
    shop = open_with(open_shop, double)
    with shop.db.begin() as session:
        secrets = {"key": "sk_test_1", "webhook_secret": "whsec_1"}
        keep_secrets(session, "stripe", secrets, vault=shop.runtime.vault, actor=shop.actor)
    case_id = shop.through_all({"1": 1})
    (refund,), (theirs,) = shop.refunds(case_id), double.refunds
    assert (refund.state, refund.gateway_reference) == ("succeeded", theirs["id"])
    assert theirs["amount"] == refund.amount
    found = reconcile(shop.runtime)
    assert (found.checked, found.differences, found.silent) == (1, [], [])


def test_without_an_account_a_person_must_see_to_it(open_shop: Any, double: StripeDouble) -> None:
    shop = open_with(open_shop, double)
    case_id = shop.through_all({"1": 1})
    assert [refund.state for refund in shop.refunds(case_id)] == ["manual"]
    assert double.refunds == []
    assert reconcile(shop.runtime).silent == ["pi_1"]
