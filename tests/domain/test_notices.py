"""Exactly the messages that are true: chosen by the event, dropped when time has overtaken them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from returns_service.domain.events import EventType
from returns_service.domain.notices import (
    _CUSTOMER,
    SILENT,
    Happened,
    Notice,
    Standing,
    for_customer,
    for_staff,
    still_true,
)

T0 = datetime(2026, 11, 21, 14, tzinfo=UTC)


def event(seq: int, type: str, minutes: int = 0, actor: str = "customer", **data: Any) -> Happened:
    return Happened(seq, type, T0 + timedelta(minutes=minutes), actor, data)


APPROVED = Standing("approved", goods_return=True)


def test_every_event_has_a_message_or_a_reason_for_none() -> None:
    assert set(_CUSTOMER) | set(SILENT) == set(EventType)
    assert not set(_CUSTOMER) & set(SILENT)


def test_a_request_that_waits_for_a_person_is_confirmed() -> None:
    asked = event(1, EventType.REQUESTED)
    assert for_customer(asked, [asked], Standing("requested", True)) is Notice.RECEIVED


def test_a_request_that_is_approved_at_once_gets_one_message() -> None:
    asked, approved = event(1, EventType.REQUESTED), event(2, EventType.APPROVED, actor="policy")
    assert for_customer(asked, [asked, approved], APPROVED) is None
    assert for_customer(approved, [asked, approved], APPROVED) is Notice.SEND_BACK


def test_an_approval_where_nothing_comes_back_asks_for_no_parcel() -> None:
    approved = event(2, EventType.APPROVED)
    assert for_customer(approved, [approved], Standing("approved", goods_return=False)) is Notice.APPROVED


@pytest.mark.parametrize(("arrived", "told"), [(True, Notice.APPROVED), (False, Notice.SEND_BACK)])
def test_an_approval_after_the_parcel_asks_for_what_is_still_missing(arrived: bool, told: Notice) -> None:
    approved = event(2, EventType.APPROVED, to="received")
    case = Standing("received", goods_return=True, arrived=arrived)
    assert for_customer(approved, [approved], case) is told


class TestRefunds:
    first, second = event(8, EventType.REFUND_SUCCEEDED), event(9, EventType.REFUND_SUCCEEDED, 2)

    def test_two_tenders_are_told_in_one_message(self) -> None:
        done = Standing("refunded", True, ("succeeded", "succeeded"))
        story = [self.first, self.second]
        assert for_customer(self.first, story, done) is None
        assert for_customer(self.second, story, done) is Notice.REFUNDED

    def test_the_first_waits_while_the_other_is_under_way(self) -> None:
        assert (
            for_customer(self.first, [self.first], Standing("settling", True, ("succeeded", "pending")))
            is None
        )

    def test_but_not_for_one_that_is_stuck(self) -> None:
        stuck = Standing("settling", True, ("succeeded", "manual"))
        assert for_customer(self.first, [self.first], stuck) is Notice.REFUNDED

    def test_store_credit_is_told_by_its_own_event(self) -> None:
        credit = event(8, EventType.REFUND_SUCCEEDED, method="store_credit")
        assert for_customer(credit, [credit], Standing("refunded", True)) is None


def test_only_messages_of_the_shop_are_announced() -> None:
    case = Standing("approved", True)
    own, internal = (
        event(3, EventType.MESSAGE_POSTED),
        event(4, EventType.MESSAGE_POSTED, actor="staff", internal=True),
    )
    answer = event(5, EventType.MESSAGE_POSTED, actor="staff", internal=False)
    asked = event(6, EventType.INFO_REQUESTED, 1, actor="staff")
    question = event(7, EventType.MESSAGE_POSTED, 1, actor="staff")
    story = [own, internal, answer, asked, question]
    assert [for_customer(e, story, case) for e in story] == [
        None,
        None,
        Notice.MESSAGE_RECEIVED,
        Notice.INFO_REQUESTED,
        None,
    ]


def test_a_label_that_was_there_at_the_approval_goes_with_it() -> None:
    label = event(2, EventType.LABEL_ATTACHED)
    approved = event(3, EventType.APPROVED)
    assert for_customer(label, [label, approved], APPROVED) is None
    later = event(4, EventType.LABEL_ATTACHED)
    assert for_customer(later, [approved, later], APPROVED) is Notice.LABEL_READY


def test_a_parcel_that_goes_back_is_announced_once() -> None:
    sent, closed = event(8, EventType.REPLACEMENT_SHIPPED), event(9, EventType.CLOSED)
    case = Standing("closed", True)
    assert for_customer(closed, [sent, closed], case) is None
    assert for_customer(closed, [closed], case) is Notice.CLOSED


def test_a_payment_is_asked_for_only_where_one_is_due() -> None:
    out_of_stock = event(6, EventType.CHOICE_NEEDED, reason="sold out", due="0.00")
    dear = event(6, EventType.CHOICE_NEEDED, due="15.00")
    case = Standing("settling", True)
    assert for_customer(out_of_stock, [out_of_stock], case) is Notice.CHOICE_NEEDED
    assert for_customer(dear, [dear], case) is Notice.PAYMENT_NEEDED


def test_the_bench_is_told_once_when_all_is_inspected() -> None:
    first = event(5, EventType.INSPECTED, to="received")
    last, corrected = (
        event(6, EventType.INSPECTED, 1, to="inspected"),
        event(7, EventType.INSPECTED, 2, to="inspected"),
    )
    case = Standing("inspected", True)
    assert for_customer(first, [first, last], case) is None
    assert for_customer(last, [first, last], case) is Notice.INSPECTED
    assert for_customer(last, [first, last, corrected], case) is None


def test_a_parcel_counted_in_several_scans_is_told_once() -> None:
    one, two, later = (event(4 + n, EventType.RECEIVED, minutes) for n, minutes in enumerate((0, 1, 600)))
    case = Standing("received", True)
    told = [for_customer(e, [one, two, later], case) for e in (one, two, later)]
    assert told == [None, Notice.PARCEL_ARRIVED, Notice.PARCEL_ARRIVED]


def test_only_the_shops_own_lateness_is_confessed() -> None:
    case = Standing("inspected", True)
    ours, theirs = (
        event(4, EventType.OVERDUE, **{"for": "inspect"}),
        event(4, EventType.OVERDUE, **{"for": "ship"}),
    )
    assert for_customer(ours, [ours], case) is Notice.DELAYED
    assert for_customer(theirs, [theirs], case) is None


def test_staff_hear_of_others_only() -> None:
    assert for_staff(event(1, EventType.REQUESTED)) is Notice.STAFF_ALERT
    assert for_staff(event(1, EventType.REQUESTED, actor="staff")) is None


@pytest.mark.parametrize(
    ("notice", "state", "minutes", "leaves"),
    [
        (Notice.SEND_BACK, "approved", 600, True),
        (Notice.SEND_BACK, "received", 3, True),
        (Notice.SEND_BACK, "received", 11, False),
        (Notice.PARCEL_ARRIVED, "refunded", 3, True),
        (Notice.PARCEL_ARRIVED, "refunded", 60, False),
        (Notice.REFUNDED, "settling", 6000, True),
        (Notice.REMINDER, "shipped_back", 0, False),
        (Notice.INFO_REQUESTED, "requested", 0, False),
        (Notice.CANCELLED, "cancelled", 600, True),
    ],
)
def test_an_overtaken_message_does_not_leave(notice: Notice, state: str, minutes: int, leaves: bool) -> None:
    happened = event(2, "any")
    assert still_true(notice, happened, Standing(state, True), T0 + timedelta(minutes=minutes)) is leaves
