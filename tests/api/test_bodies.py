"""Bodies as domain objects: what the command line reads from files passes the same checks."""

import copy
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns_service.api import bodies
from returns_service.api.examples import ORDER
from returns_service.api.schemas.fields import instant
from returns_service.domain.errors import InvalidMany
from returns_service.domain.order import Order


def order(**changes: Any) -> Order:
    return bodies.order_from(copy.deepcopy(ORDER) | changes, "1001")


def _wrong(call: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidMany) as refused:
        call()
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def test_the_order_of_the_contract_in_minor_units():
    read = order()
    assert read.paid == {"1": 10480}
    assert read.payments[0].captured == 12570
    assert read.lines[0].exchange_options[0].price == 5990
    assert read.customer.tier == "standard"
    assert read.placed_at.isoformat() == "2026-10-01T09:30:00+00:00"


def test_the_snapshot_is_written_with_its_defaults():
    loaded = bodies.load(bodies._ORDER, copy.deepcopy(ORDER))
    written = bodies.snapshot_body(loaded)
    assert written["lines"][0]["refunded_elsewhere"] == {"quantity": 0, "amount": "0.00"}
    assert written["payments"][0]["refunded"] == "0.00"
    assert written["placed_at"] == "2026-10-01T09:30:00Z"
    assert written["region"] is None
    assert bodies.order_from(written, "1001") == order()


def test_every_fault_is_told_at_once():
    broken = copy.deepcopy(ORDER)
    del broken["number"]
    broken["lines"][0] |= {"quantity": 0, "unit_price": 59.9, "colour": "red"}
    broken["customer"]["email"] = "ana"
    assert _wrong(lambda: bodies.order_from(broken, "1")) == {
        ("/number", "required"),
        ("/lines/0/quantity", "quantity"),
        ("/lines/0/unit_price", "amount"),
        ("/lines/0/colour", "unknown_field"),
        ("/customer/email", "email"),
    }


def test_a_pointer_escapes_what_a_key_contains():
    assert _wrong(lambda: bodies.order_from(ORDER | {"a/b~c": 1}, "1")) == {("/a~1b~0c", "unknown_field")}


def test_the_same_wish_twice_is_one_and_another_wish_is_another():
    line = {"order_line_id": "1", "quantity": 1, "reason": "defective", "photos": ["p1"], "comment": "torn"}
    other = line | {"reason": "changed_mind"}
    read = bodies.request_from(
        {"order_id": "1", "lines": [line, other, line | {"photos": ["p2"], "comment": ""}]}
    )
    assert [(one.reason, one.quantity, one.photos, one.comment) for one in read.lines] == [
        ("defective", 2, ("p1", "p2"), "torn"),
        ("changed_mind", 1, ("p1",), "torn"),
    ]


def test_findings_with_evidence():
    units, evidence, _ = bodies.findings_from(
        {
            "lines": [
                {"line_id": "1", "units": [{"quantity": 2, "grade": "B", "findings": ["worn", "worn"]}]}
            ],
            "evidence": [
                {"type": "carrier_scan", "data": {"event": "LOST", "at": "2026-10-05T14:20:00+02:00"}}
            ],
        }
    )
    assert (units[0].order_line_id, units[0].quantity, units[0].findings) == ("1", 2, ("worn",))
    assert evidence[0].at.isoformat() == "2026-10-05T12:20:00+00:00"
    assert _wrong(lambda: bodies.evidence_from({"type": "scan", "data": {"at": "soon"}})) == {
        ("/data/at", "instant")
    }


def test_a_past_of_units_and_money():
    past = bodies.history_from(
        {"lines": [{"line_id": "1", "returned": 1, "refunded": "52.40"}], "returns_in_lookback": 3}, order()
    )
    assert past.line("1").held == {0}
    assert past.tender_refunded == {"p1": 5240}
    assert past.returns_in_lookback == 3


def test_money_for_a_unit_that_was_kept_was_a_compensation():
    past = bodies.history_from({"lines": [{"line_id": "1", "refunded": "5.00"}]}, order())
    assert (past.line("1").held, past.line("1").compensated) == (frozenset(), {0: 500})


def test_a_past_that_does_not_fit_its_order():
    body = {"lines": [{"line_id": "9"}, {"line_id": "1", "held": 2, "returned": 1, "refunded": "1.005"}]}
    assert _wrong(lambda: bodies.history_from(body, order())) == {
        ("/lines/0/line_id", "unknown_line"),
        ("/lines/1", "quantity"),
        ("/lines/1/refunded", "amount"),
    }


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-05T14:20:00Z", "2026-10-05T14:20:00+00:00"),
        ("2026-10-05t14:20:00.123456789z", "2026-10-05T14:20:00.123456+00:00"),
        ("2026-10-05T23:30:00-05:00", "2026-10-06T04:30:00+00:00"),
    ],
)
def test_an_instant_is_kept_in_utc(text: str, utc: str):
    assert instant(text).isoformat() == utc


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-05",
        "2026-10-05T14:20:00",
        "2026-10-05 14:20:00Z",
        "2026-13-05T14:20:00Z",
        "9999-10-05T14:20:00Z",
        5,
    ],
)
def test_what_is_no_instant(text: object):
    assert instant(text) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(_JSON, st.sampled_from(["order", "request", "findings"]))
def test_whatever_is_sent_is_read_or_refused(data: Any, kind: str):
    read = {
        "order": lambda d: bodies.order_from(d, "1"),
        "request": bodies.request_from,
        "findings": bodies.findings_from,
    }
    with suppress(InvalidMany):
        read[kind](data)


_KEYS = [
    "number",
    "currency",
    "lines",
    "payments",
    "fulfilments",
    "shipping",
    "discounts",
    "customer",
    "attributes",
    "placed_at",
]


@given(st.sampled_from(_KEYS), _JSON)
def test_an_order_with_one_member_replaced_is_read_or_refused(key: str, value: Any):
    with suppress(InvalidMany):
        bodies.order_from(copy.deepcopy(ORDER) | {key: value}, "1")
