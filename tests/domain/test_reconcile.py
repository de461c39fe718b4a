"""Our books beside a gateway's."""

from datetime import UTC, datetime, timedelta

import pytest

from returns_service.domain.ledger import Balance, Impossible, fold
from returns_service.domain.ports import GatewayRefund
from returns_service.domain.reconcile import OurAttempt, compare

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def ours(state: str, key: str = "k1", age: timedelta = timedelta(hours=2)) -> OurAttempt:
    return OurAttempt(key, state, 4000, "EUR", NOW - age)


def theirs(
    state: str = "succeeded", amount: int = 4000, currency: str = "EUR", key: str | None = "k1"
) -> GatewayRefund:
    return GatewayRefund("re_1", "pay_1", amount, currency, state, key)


@pytest.mark.parametrize(("here", "there", "kinds"), [
    (ours("ok"), theirs(), []),
    (ours("pending"), theirs("pending"), []),
    (ours("declined"), theirs("failed"), []),
    (ours("declined"), None, []),
    (ours("ok"), None, ["missing_there"]),
    (ours("ok"), theirs("failed"), ["state"]),
    (ours("declined"), theirs(), ["state"]),
    (ours("ok"), theirs(amount=3999), ["amount"]),
    (ours("ok"), theirs(currency="USD"), ["currency"]),
    (ours("unknown"), None, ["unresolved"]),
    (ours("sent"), theirs(), ["state"]),
    (ours("sent", age=timedelta(minutes=1)), theirs(), []),
    (ours("sent", age=timedelta(minutes=1)), theirs(amount=3999), ["amount"]),
    (ours("sent", age=timedelta(minutes=1)), None, []),
    (None, theirs(), ["missing_here"]),
    (None, theirs("failed"), []),
    (None, theirs(key=None), ["missing_here"]),
    (ours("ok"), theirs(key="other"), ["missing_there", "missing_here"]),
])  # fmt: skip
def test_every_difference_has_a_name(
    here: OurAttempt | None, there: GatewayRefund | None, kinds: list[str]
) -> None:
    found = compare("pay_1", [here] if here else [], [there] if there else [], now=NOW)
    assert [difference.kind for difference in found] == kinds


def test_a_gateway_that_keeps_no_key_is_matched_by_its_own_reference() -> None:
    attempt = OurAttempt("k1", "ok", 4000, "EUR", NOW, reference="re_1")
    assert compare("pay_1", [attempt], [theirs(key=None)], now=NOW) == []


def test_entries_of_a_refund_come_to_a_balance() -> None:
    assert fold([]) == Balance()
    assert fold([("reserved", 5)]) == Balance(reserved=5)
    assert fold([("reserved", 5), ("paid", 5)]) == Balance(paid=5)
    assert fold([("reserved", 5), ("failed", 5), ("reserved", 5), ("paid", 5), ("failed", 5)]) == Balance()


@pytest.mark.parametrize("entries", [
    [("paid", 5)], [("reserved", 5), ("reserved", 5)], [("reserved", 5), ("paid", 6)], [("reserved", 5), ("paid", 5), ("paid", 5)],
    [("failed", 5)],
])  # fmt: skip
def test_entries_that_nothing_could_have_written_are_found(entries: list[tuple[str, int]]) -> None:
    with pytest.raises(Impossible):
        fold(entries)
