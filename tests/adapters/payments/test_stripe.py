"""What only Stripe does: its own decimals, charges beside payment intents, credentials that are wrong."""

from collections.abc import Iterator

import pytest

from returns_service.adapters.payments import stripe
from returns_service.adapters.payments.stripe import StripeGateway
from returns_service.domain.ports import BadSignature, RefundIntent
from tests.ground.stripe_double import StripeDouble


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    made = StripeDouble()
    yield made
    made.close()


@pytest.mark.parametrize(("amount", "currency", "theirs"), [
    (1000, "EUR", 1000), (500, "JPY", 500), (5123, "KWD", 5123), (40, "ISK", 4000), (7000, "UGX", 700000), (5000, "MGA", 50),
])  # fmt: skip
def test_stripe_counts_some_currencies_in_other_decimals(amount: int, currency: str, theirs: int) -> None:
    assert stripe.to_stripe(amount, currency) == theirs
    assert stripe.from_stripe(theirs, currency) == amount


def test_a_charge_is_refunded_as_a_charge(double: StripeDouble) -> None:
    gateway = StripeGateway("sk_test_1", "whsec_x", url=double.url)
    gateway.refund(RefundIntent("k1", "ch_1", 100, "EUR", 1000))
    assert (double.refunds[0]["charge"], double.refunds[0]["payment_intent"]) == ("ch_1", None)
    assert len(gateway.books("ch_1", "EUR") or ()) == 1


def test_wrong_credentials_say_nothing_about_the_refund(double: StripeDouble) -> None:
    double.next.append("forbidden")
    result = StripeGateway("sk_wrong", "whsec_x", url=double.url).refund(
        RefundIntent("k1", "pi_1", 100, "EUR", 1000)
    )
    assert result.state == "unknown"


def test_events_about_other_things_are_genuine_but_say_nothing(double: StripeDouble) -> None:
    gateway = StripeGateway("sk_test_1", "whsec_x", url=double.url)
    headers, body = double.event("charge.succeeded", {"id": "ch_1", "object": "charge"}, "whsec_x")
    assert gateway.verify_event(headers, body) is None
    with pytest.raises(BadSignature):
        StripeGateway("sk_test_1", "whsec_other", url=double.url).verify_event(headers, body)


def test_a_refund_that_fails_later_is_told_by_an_event(double: StripeDouble) -> None:
    gateway = StripeGateway("sk_test_1", "whsec_x", url=double.url)
    gateway.refund(RefundIntent("k1", "pi_1", 100, "EUR", 1000))
    failed = {**double.refunds[0], "status": "failed", "failure_reason": "expired_or_canceled_card"}
    event = gateway.verify_event(*double.event("refund.failed", failed, "whsec_x"))
    assert event is not None
    assert (event.refund.state, event.refund.key, event.reason) == (
        "failed",
        "k1",
        "expired_or_canceled_card",
    )
