"""Human numbers survive a telephone."""

from hypothesis import given
from hypothesis import strategies as st

from returns_service.domain import case

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def test_a_number_is_read_however_it_was_typed() -> None:
    number = case.new_number()
    for typed in (
        number,
        number.lower(),
        number.replace("-", " "),
        number.replace("-", ""),
        f" {number[2:]} ",
    ):
        assert case.read_number(typed) == number


@given(position=st.integers(0, 7), sign=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found(position: int, sign: str) -> None:
    number = case.new_number()
    signs = number[2:6] + number[7:]
    wrong = signs[:position] + sign + signs[position + 1 :]
    assert (case.read_number(wrong) is not None) == (wrong == signs)


@given(position=st.integers(0, 6))
def test_two_swapped_signs_are_found(position: int) -> None:
    number = case.new_number()
    signs = number[2:6] + number[7:]
    swapped = signs[:position] + signs[position + 1] + signs[position] + signs[position + 2 :]
    assert (case.read_number(swapped) is not None) == (swapped == signs)


def test_every_state_has_a_stage() -> None:
    from_table = {
        "requested",
        "info_requested",
        "approved",
        "rejected",
        "shipped_back",
        "received",
        "inspected",
    }
    assert from_table <= set(case.STAGES)
