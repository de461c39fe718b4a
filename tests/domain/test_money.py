"""Amounts inside and outside, and the one rounding."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns_service.domain import money
from returns_service.domain.errors import Invalid

EXPONENTS = {
    "EUR": 2,
    "USD": 2,
    "GBP": 2,
    "CNY": 2,
    "TWD": 2,
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "KWD": 3,
    "TND": 3,
    "HUF": 2,
    "UYW": 4,
}


@pytest.mark.parametrize(("currency", "digits"), EXPONENTS.items())
def test_exponents_come_from_iso_4217(currency: str, digits: int) -> None:
    assert money.exponent(currency) == digits


@pytest.mark.parametrize("currency", ["", "eur ", "XXX", "ZZZ", "EURO"])
def test_what_is_no_currency_with_amounts_is_refused(currency: str) -> None:
    with pytest.raises(Invalid):
        money.exponent(currency)


@pytest.mark.parametrize(("text", "currency", "minor"), [
    ("19.90", "EUR", 1990), ("19.9", "EUR", 1990), ("0", "EUR", 0), ("-4.90", "EUR", -490), ("100", "JPY", 100),
    ("1.234", "KWD", 1234), ("100.00", "EUR", 10000),
])  # fmt: skip
def test_a_decimal_string_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert money.parse(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["100,00", "1.999", "NaN", "Infinity", "1e3", " 1", "1 ", "+1", ".5", "5.", "01", "", "--1", "١"]
)
def test_a_comma_too_many_decimals_and_anything_else_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        money.parse(text, "EUR")
    assert refused.value.code == "amount"


def test_a_float_is_never_an_amount() -> None:
    with pytest.raises(Invalid):
        money.parse(19.9, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["1.5", "1.0"])
def test_yen_have_no_decimals(text: str) -> None:
    with pytest.raises(Invalid):
        money.parse(text, "JPY")


def test_halves_go_away_from_zero_and_shares_just_below_a_unit_are_not_cut() -> None:
    assert [money.half_up(Fraction(n, 2)) for n in (1, 3, -1, -3)] == [1, 2, -1, -2]
    assert money.half_up(Fraction(1999999, 1000)) == 2000
    assert money.percent(1999, "15") == 300


@given(st.sampled_from(sorted(EXPONENTS)), st.integers(-(10**12), 10**12))
def test_every_amount_survives_being_written_and_read(currency: str, amount: int) -> None:
    assert money.parse(money.text(amount, currency), currency) == amount


@given(st.integers(0, 10**9), st.integers(1, 50))
def test_slots_sum_to_the_whole_and_differ_by_at_most_one_minor_unit(total: int, count: int) -> None:
    slots = [money.slot(total, count, index) for index in range(count)]
    assert sum(slots) == total
    assert max(slots) - min(slots) <= 1


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_spread_parts_sum_to_the_whole_and_stay_near_their_share(total: int, weights: list[int]) -> None:
    parts = money.spread(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(
            abs(part - Fraction(total * weight, whole)) <= 1
            for part, weight in zip(parts, weights, strict=True)
        )
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(st.fractions())
def test_rounding_moves_no_more_than_half(value: Fraction) -> None:
    assert abs(money.half_up(value) - value) <= Fraction(1, 2)
    assert money.half_up(-value) == -money.half_up(value)
