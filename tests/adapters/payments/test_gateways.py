"""One contract for every payment gateway: what the refund protocol may rely on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from json import dumps

import pytest
from standardwebhooks.webhooks import Webhook

from returns_service.adapters.payments import SandboxGateway, StorefrontGateway
from returns_service.adapters.payments.stripe import StripeGateway
from returns_service.domain.ports import BadSignature, PaymentGateway, RefundIntent
from tests.ground import processes
from tests.ground import sandbox as ground
from tests.ground.sandbox import Sandbox
from tests.ground.stripe_double import StripeDouble

STRIPE_SECRET = "whsec_test_secret"


@dataclass
class Place:
    """A gateway, how to make it misbehave, and one that cannot be reached."""

    gateway: PaymentGateway
    order: Callable[[str], None]
    away: PaymentGateway
    signed: Callable[[str], tuple[dict[str, str], bytes]]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with ground.running(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="module")
def stripe_double() -> Iterator[StripeDouble]:
    double = StripeDouble()
    yield double
    double.close()


def _nowhere() -> str:
    return f"http://127.0.0.1:{processes.free_ports(1)[0]}"


def _sandbox_place(sandbox: Sandbox) -> Place:
    def signed(key: str) -> tuple[dict[str, str], bytes]:
        ours = next(refund for refund in sandbox.ledger()["refunds"] if refund["idempotency_key"] == key)
        body, now = dumps({"id": "evt_1", "type": "refund.succeeded", "data": ours}), datetime.now(UTC)
        signature = Webhook(ground.SECRET).sign("evt_1", now, body)
        head = {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        return head, body.encode()

    return Place(
        SandboxGateway(sandbox.url, ground.SECRET, answer_within=1), sandbox.control,
        SandboxGateway(_nowhere(), ground.SECRET), signed,
    )  # fmt: skip


def _stripe_place(double: StripeDouble) -> Place:
    def signed(key: str) -> tuple[dict[str, str], bytes]:
        ours = next(refund for refund in double.refunds if refund["metadata"]["key"] == key)
        return double.event("refund.updated", ours, STRIPE_SECRET)

    return Place(
        StripeGateway("sk_test_1", STRIPE_SECRET, url=double.url, answer_within=1), double.next.append,
        StripeGateway("sk_test_1", STRIPE_SECRET, url=_nowhere()), signed,
    )  # fmt: skip


@pytest.fixture(params=["sandbox", "stripe"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "sandbox":
        return _sandbox_place(request.getfixturevalue("sandbox"))
    return _stripe_place(request.getfixturevalue("stripe_double"))


@pytest.fixture
def intent(request: pytest.FixtureRequest) -> RefundIntent:
    name = request.node.name
    return RefundIntent(f"rf_{name}", f"pi_{name}", 4000, "EUR", 10000, {"shop": "demo", "case": "R-1"})


def test_a_refund_succeeds_and_the_same_attempt_is_the_same_refund(
    place: Place, intent: RefundIntent
) -> None:
    first, again = place.gateway.refund(intent), place.gateway.refund(intent)
    assert (first.state, first.amount) == ("succeeded", 4000)
    assert first.reference
    assert again == first
    books = place.gateway.books(intent.payment, "EUR")
    assert books is not None
    assert [(refund.key, refund.amount, refund.currency, refund.state) for refund in books] == [
        (intent.key, 4000, "EUR", "succeeded")
    ]


def test_an_attempt_that_was_never_made_is_not_found(place: Place, intent: RefundIntent) -> None:
    assert place.gateway.find(intent) is None


def test_a_time_out_after_paying_is_unknown_and_then_found(place: Place, intent: RefundIntent) -> None:
    place.order("timeout_after_paying")
    assert place.gateway.refund(intent).state == "unknown"
    found = place.gateway.find(intent)
    assert found is not None
    assert (found.state, found.amount) == ("succeeded", 4000)
    assert place.gateway.refund(intent).reference == found.reference


@pytest.mark.parametrize("kind", ["timeout", "500", "busy", "limited"])
def test_silence_and_trouble_are_unknown_and_the_same_attempt_may_be_repeated(
    place: Place, intent: RefundIntent, kind: str
) -> None:
    place.order(kind)
    result = place.gateway.refund(intent)
    assert result.state == "unknown"
    assert result.retry_after == (timedelta(seconds=2) if kind == "limited" else None)
    assert place.gateway.refund(intent).state == "succeeded"


def test_a_definite_no_is_declined_with_its_reason(place: Place, intent: RefundIntent) -> None:
    place.order("decline")
    result = place.gateway.refund(intent)
    assert result.state == "declined"
    assert result.reason
    assert place.gateway.find(intent) is None


def test_a_pending_refund_is_pending(place: Place, intent: RefundIntent) -> None:
    place.order("pending")
    assert place.gateway.refund(intent).state == "pending"


def test_a_gateway_that_is_away_moved_nothing_as_far_as_anybody_knows(
    place: Place, intent: RefundIntent
) -> None:
    assert place.away.refund(intent).state == "unknown"
    found = place.away.find(intent)
    assert found is not None
    assert found.state == "unknown"
    assert place.away.books(intent.payment, "EUR") is None


def test_a_signed_event_names_the_refund_and_a_forged_one_is_refused(
    place: Place, intent: RefundIntent
) -> None:
    place.gateway.refund(intent)
    headers, body = place.signed(intent.key)
    event = place.gateway.verify_event(headers, body)
    assert event is not None
    assert (event.id, event.refund.key, event.refund.amount, event.refund.state) == (
        "evt_1",
        intent.key,
        4000,
        "succeeded",
    )
    for forged in (body.replace(b"4", b"9", 1), b"{}", b"", b"\xff"):
        with pytest.raises(BadSignature):
            place.gateway.verify_event(headers, forged)
    with pytest.raises(BadSignature):
        place.gateway.verify_event({}, body)


def test_another_body_under_the_same_key_never_moves_money_again(place: Place, intent: RefundIntent) -> None:
    place.gateway.refund(intent)
    assert place.gateway.refund(replace(intent, amount=4001)).state == "declined"
    assert len(place.gateway.books(intent.payment, "EUR") or ()) == 1


def test_the_storefront_is_told_and_reports_itself(intent: RefundIntent) -> None:
    gateway: PaymentGateway = StorefrontGateway()
    assert gateway.refund(intent).state == "pending"
    found = gateway.find(intent)
    assert found is not None
    assert found.state == "pending"
    assert gateway.books("p", "EUR") is None
    assert not gateway.moves_money
    with pytest.raises(BadSignature):
        gateway.verify_event({}, b"{}")
