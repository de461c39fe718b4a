"""How an amount is split over the payments of an order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns_service.domain import tenders
from returns_service.domain.decision import QuoteShare
from returns_service.domain.order import Payment

P1 = Payment("p1", method="gift_card", captured=2000)
P2 = Payment("p2", captured=5500)


def shares(*pairs: tuple[str, int]) -> tuple[QuoteShare, ...]:
    return tuple(QuoteShare(payment, amount) for payment, amount in pairs)


def test_a_split_tender_fills_the_first_and_then_the_second() -> None:
    assert tenders.split(3000, [P1, P2]) == (shares(("p1", 2000), ("p2", 1000)), 0)
    assert tenders.split(4500, [P1, P2], {"p1": 2000, "p2": 1000}) == (shares(("p2", 4500)), 0)
    assert tenders.split(1, [P1, P2], {"p1": 2000, "p2": 5500}) == ((), 1)


def test_reverse_starts_with_the_last_payment() -> None:
    assert tenders.split(6000, [P1, P2], {}, "reverse") == (shares(("p1", 500), ("p2", 5500)), 0)


def test_proportional_follows_what_each_payment_still_holds() -> None:
    assert tenders.split(3750, [P1, P2], {}, "proportional") == (shares(("p1", 1000), ("p2", 2750)), 0)


def test_two_manual_tenders_get_their_own_part_and_no_remainder_twice() -> None:
    cash, transfer = Payment("cash", captured=2000), Payment("bank", captured=3000)
    assert tenders.split(5000, [cash, transfer]) == (shares(("cash", 2000), ("bank", 3000)), 0)


def test_pending_refunds_are_reserved_and_failed_ones_are_free() -> None:
    first, second = Payment("p1", captured=50000), Payment("p2", captured=50000)
    already = {"p1": 10000 + 20000 + 10000, "p2": 10000 + 20000}
    assert [tenders.refundable(p, already[p.id]) for p in (first, second)] == [10000, 20000]


def test_what_no_payment_can_take_is_left_over_and_not_forgotten() -> None:
    assert tenders.split(5000, [Payment("p1", captured=3000)]) == (shares(("p1", 3000)), 2000)


@pytest.mark.parametrize(("payment", "left", "code"), [
    (Payment("p", captured=0), 0, "not_captured"),
    (Payment("p", captured=6000), 6000, None),
    (Payment("p", captured=5000, charged_back=5000, chargeback="open"), 0, "chargeback_open"),
    (Payment("p", captured=5000, charged_back=2000, chargeback="open"), 0, "chargeback_open"),
    (Payment("p", captured=5000, charged_back=5000, chargeback="won"), 5000, None),
    (Payment("p", captured=5000, chargeback="lost"), 0, "chargeback_lost"),
    (Payment("p", captured=5000, charged_back=5000, chargeback="lost"), 0, "chargeback_lost"),
    (Payment("p", captured=5000, charged_back=2000, chargeback="lost"), 3000, None),
    (Payment("p", captured=10000, refunded=4000), 6000, None),
    (Payment("p", captured=10000, refunded=12000), 0, "already_refunded"),
])  # fmt: skip
def test_disputed_uncaptured_and_refunded_money_is_not_refundable(
    payment: Payment, left: int, code: str | None
) -> None:
    assert tenders.refundable(payment) == left
    assert tenders.why_not(payment) == code


amounts = st.integers(0, 10**7)
payments = st.lists(
    st.builds(
        Payment, id=st.uuids().map(str), captured=amounts, refunded=amounts, charged_back=amounts,
        chargeback=st.sampled_from([None, "open", "won", "lost"]),
    ),
    max_size=6,
)  # fmt: skip


@given(amounts, payments, st.sampled_from(list(tenders.STRATEGIES)), st.randoms(use_true_random=False))
def test_parts_sum_to_the_whole_and_stay_within_every_balance(amount, orders, strategy, random) -> None:  # type: ignore[no-untyped-def]
    already = {payment.id: random.randint(0, 10**6) for payment in orders}
    parts, unfunded = tenders.split(amount, orders, already, strategy)
    assert sum(part.amount for part in parts) + unfunded == amount
    assert unfunded == max(amount - tenders.total_refundable(orders, already), 0)
    by_id = {payment.id: payment for payment in orders}
    for part in parts:
        assert part.payment_id is not None
        assert 0 < part.amount <= tenders.refundable(by_id[part.payment_id], already[part.payment_id])


@given(payments, st.sampled_from(list(tenders.STRATEGIES)), st.lists(st.integers(1, 10**5), max_size=8))
def test_a_series_of_refunds_never_exceeds_what_was_captured(orders, strategy, steps) -> None:  # type: ignore[no-untyped-def]
    already = {payment.id: 0 for payment in orders}
    for step in steps:
        for part in tenders.split(step, orders, already, strategy)[0]:
            already[part.payment_id] += part.amount
    assert all(already[p.id] <= max(p.captured - p.refunded, 0) for p in orders)
