"""The refund protocol from the reservation to the record: once in effect, whatever the gateway and our processes do."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from returns_service.domain.errors import Conflict, Forbidden, IllegalMove
from returns_service.domain.ports import GatewayEvent, GatewayRefund
from returns_service.store.db import Database
from returns_service.store.tables import GatewayEvent as GatewayEventRow
from returns_service.store.tables import RefundAttempt
from returns_service.usecases.confirm_refund import confirm_refund
from returns_service.usecases.gateway_event import take_gateway_event
from returns_service.usecases.prepare_attempt import prepare_attempt
from returns_service.usecases.release_refund import release_refund
from returns_service.usecases.resolve_refund import resolve_refund
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(shop_db, tmp_path)
    yield made
    made.audit()


def tell(desk: Desk, refund: GatewayRefund, event_id: str = "evt_1", reason: str = "") -> bool:
    with desk.db.begin() as session:
        event = GatewayEvent(event_id, refund, reason)
        return take_gateway_event(session, desk.shop.id, "sandbox", event, now=desk.clock())


def booked(desk: Desk) -> GatewayRefund:
    (refund,) = desk.gateway.booked.values()
    return refund


def test_a_refund_reserves_moves_and_is_recorded_once(desk: Desk) -> None:
    case = desk.settled()
    amount = desk.refund(case).amount
    assert desk.tender() == (amount, 0)
    desk.work()
    assert desk.work() == 0
    assert desk.tender() == (0, amount)
    assert [a.state for a in desk.attempts(case)] == ["ok"]
    assert booked(desk).amount == amount
    assert desk.state(case) == "refunded"
    assert desk.refund(case).gateway_reference == booked(desk).reference
    assert sorted(desk.ledger(case)) == [
        ("owed", amount),
        ("paid", amount),
        ("recover", amount),
        ("reserved", amount),
    ]
    assert desk.events(case)[-2:] == ["refund.succeeded", "return.refunded"]


def test_a_time_out_after_paying_is_found_and_not_paid_again(desk: Desk) -> None:
    desk.gateway.next = ["timeout_after_paying"]
    case = desk.settled()
    desk.work()
    assert (desk.refund(case).state, desk.state(case)) == ("unknown", "settling")
    desk.work(seconds=5)
    assert desk.refund(case).state == "succeeded"
    assert len(desk.gateway.calls) == 1


def test_a_time_out_before_paying_is_repeated_with_the_same_key(desk: Desk) -> None:
    desk.gateway.next = ["timeout", "timeout"]
    case = desk.settled()
    for _ in range(4):
        desk.work(minutes=1)
    assert desk.refund(case).state == "succeeded"
    assert len(desk.gateway.calls) == 3
    assert len(set(desk.gateway.calls)) == 1


def test_a_crash_between_writing_down_and_sending_asks_before_it_sends(desk: Desk) -> None:
    case = desk.settled()
    with desk.db.begin() as session:
        first = prepare_attempt(
            session, desk.refund(case).id, shop_id=desk.shop.id, fence=1, now=desk.clock()
        )
    assert first is not None
    assert first.fresh
    desk.gateway.refund(first.intent)  # it was sent, and the process died before it wrote down the answer
    desk.work()
    assert desk.refund(case).state == "succeeded"
    assert len(desk.gateway.calls) == 1


def test_a_decline_frees_the_balance_and_stays_visible_until_it_is_paid(desk: Desk) -> None:
    desk.gateway.next = ["decline", "decline"]
    case = desk.settled()
    for n in (1, 2):
        desk.work()
        assert (desk.refund(case).state, desk.state(case), desk.tender()) == ("failed", "settling", (0, 0))
        assert desk.refund(case).reason == "card: closed"
        with desk.db.begin() as session:
            resolve_refund(
                session, desk.refund(case).id, outcome="retry", reference=None, note="", actor=desk.actor, now=desk.clock()
            )  # fmt: skip
        assert len(desk.attempts(case)) == n
    desk.work()
    assert desk.state(case) == "refunded"
    assert [(a.n, a.state) for a in desk.attempts(case)] == [(1, "declined"), (2, "declined"), (3, "ok")]
    assert len(set(desk.gateway.calls)) == 3


def test_a_failed_refund_becomes_store_credit_on_a_persons_word(desk: Desk) -> None:
    desk.gateway.next = ["decline"]
    case = desk.settled()
    desk.work()
    with desk.db.begin() as session:
        resolve_refund(
            session, desk.refund(case).id, outcome="store_credit", reference=None, note="card closed", actor=desk.actor,
            now=desk.clock(),
        )  # fmt: skip
    desk.work()
    declined, credit = desk.refunds(case)
    assert (declined.state, credit.state, credit.method) == ("failed", "succeeded", "store_credit")
    assert credit.code
    assert credit.amount == declined.amount
    assert desk.state(case) == "refunded"


def test_a_success_may_fail_later_and_the_case_is_open_again(desk: Desk) -> None:
    case = desk.settled()
    desk.work()
    amount = desk.refund(case).amount
    assert tell(desk, replace(booked(desk), state="failed"), reason="account closed")
    assert (desk.refund(case).state, desk.state(case), desk.tender()) == ("failed", "settling", (0, 0))
    assert desk.events(case)[-2:] == ["return.reopened", "refund.failed"]
    assert desk.ledger(case)[-1] == ("failed", amount)


@pytest.mark.parametrize(
    "order",
    [
        ("pending", "succeeded", "failed"),
        ("failed", "succeeded", "pending"),
        ("succeeded", "failed", "succeeded"),
    ],
)
def test_events_in_any_order_and_repeated_lead_to_the_same_end(desk: Desk, order: tuple[str, ...]) -> None:
    case = desk.settled()
    with desk.db.begin() as session:
        first = prepare_attempt(
            session, desk.refund(case).id, shop_id=desk.shop.id, fence=1, now=desk.clock()
        )
    assert first is not None
    desk.gateway.refund(first.intent)
    for number, state in enumerate(order):  # all of them before our own record
        for _ in range(2):
            tell(desk, replace(booked(desk), state=state), f"evt_{number}")
    desk.gateway.booked[first.intent.key] = replace(booked(desk), state="failed")
    desk.work()
    assert (desk.refund(case).state, desk.tender()) == ("failed", (0, 0))
    assert desk.events(case).count("refund.failed") == 1


def test_a_webhook_resolves_an_unknown_refund_before_anybody_asks(desk: Desk) -> None:
    desk.gateway.next = ["timeout_after_paying"]
    case = desk.settled()
    desk.work()
    tell(desk, booked(desk))
    assert desk.state(case) == "refunded"
    desk.work(minutes=1)
    assert len(desk.gateway.calls) == 1


def test_the_same_event_is_taken_once_and_one_about_nothing_of_ours_waits_for_a_person(desk: Desk) -> None:
    stranger = GatewayRefund("re_9", "pay_9", 100, "EUR", "succeeded", "rf_somebody_else")
    assert tell(desk, stranger)
    assert not tell(desk, stranger)


def test_an_event_that_repeats_the_answer_changes_nothing_and_one_that_differs_is_looked_into(
    desk: Desk,
) -> None:
    case = desk.settled()
    desk.work()
    before = desk.events(case)
    assert tell(desk, booked(desk), "evt_1")
    assert not tell(desk, booked(desk), "evt_1")
    assert tell(desk, replace(booked(desk), amount=1), "evt_2")
    with desk.db.read() as session:
        notes = session.exec(select(GatewayEventRow.event_id, GatewayEventRow.note)).all()
        (attempt,) = session.exec(select(RefundAttempt)).all()
    assert sorted(notes) == [("evt_1", "known"), ("evt_2", "applied")]
    assert "moved 0.01 instead of" in attempt.detail
    assert desk.events(case) == before


def test_a_key_that_may_be_forgotten_is_never_sent_again(desk: Desk) -> None:
    desk.gateway.next = ["timeout"]
    case = desk.settled()
    desk.work()
    desk.gateway.away = True
    for _ in range(30):
        desk.work(hours=1)
    desk.gateway.away = False
    calls = len(desk.gateway.calls)
    desk.work(hours=2)
    assert desk.refund(case).state == "manual"
    assert len(desk.gateway.calls) == calls
    assert desk.gateway.booked == {}
    assert desk.events(case)[-1] == "refund.manual"


def test_another_amount_than_ours_is_never_silently_accepted(desk: Desk) -> None:
    desk.gateway.next = ["other_amount"]
    case = desk.settled()
    desk.work()
    assert (desk.refund(case).state, desk.state(case)) == ("manual", "settling")
    assert "instead of" in desk.refund(case).reason


def test_another_currency_than_ours_is_never_silently_accepted(desk: Desk) -> None:
    desk.gateway.next = ["timeout"]
    case = desk.settled()
    desk.work()
    (attempt,) = desk.attempts(case)
    said = GatewayRefund(
        "re_9", "pay_1", desk.refund(case).amount, "USD", "succeeded", attempt.idempotency_key
    )
    assert tell(desk, said)
    assert (desk.refund(case).state, desk.state(case)) == ("manual", "settling")
    assert desk.tender() == (desk.refund(case).amount, 0)


def test_a_person_finds_out_what_machines_could_not(desk: Desk) -> None:
    desk.gateway.next = ["other_amount"]
    case = desk.settled()
    desk.work()
    with desk.db.begin() as session:
        resolve_refund(
            session, desk.refund(case).id, outcome="succeeded", reference="seen", note="", actor=desk.actor,
            now=desk.clock(),
        )  # fmt: skip
    assert (desk.refund(case).state, desk.state(case)) == ("succeeded", "refunded")


def test_a_refund_under_way_is_nobodys_to_decide(desk: Desk) -> None:
    case = desk.settled()
    for outcome in ("succeeded", "failed", "retry", "store_credit"):
        with pytest.raises(IllegalMove), desk.db.begin() as session:
            resolve_refund(
                session, desk.refund(case).id, outcome=outcome, reference=None, note="", actor=desk.actor, now=desk.clock()
            )  # fmt: skip
    with pytest.raises(Conflict), desk.db.begin() as session:
        confirm_refund(session, desk.refund(case).id, reference="x", actor=desk.actor, now=desk.clock())


def test_pending_at_the_gateway_stays_reserved_until_it_comes_through(desk: Desk) -> None:
    desk.gateway.next = ["pending"]
    case = desk.settled()
    desk.work()
    assert (desk.refund(case).state, desk.tender()[1]) == ("pending", 0)
    desk.gateway.away = True
    desk.work(hours=2)
    assert desk.refund(case).state == "pending"
    desk.gateway.away = False
    key = desk.gateway.calls[0]
    desk.gateway.booked[key] = replace(desk.gateway.booked[key], state="succeeded")
    desk.work(hours=2)
    assert desk.state(case) == "refunded"


def test_store_credit_is_issued_once_however_often_the_job_runs(desk: Desk) -> None:
    case = desk.settled(resolution="store_credit")
    desk.work()
    desk.work()
    (refund,) = desk.refunds(case)
    assert (refund.state, desk.tender(), desk.state(case)) == ("succeeded", (0, 0), "refunded")
    assert desk.events(case).count("credit.issued") == 1


def test_two_refunds_never_share_one_balance(shop_db: Database, tmp_path: Path) -> None:
    payment = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1", "captured": "25.00"}
    desk = Desk(shop_db, tmp_path, payments=[payment])
    first, second = desk.settled(), desk.settled()
    desk.work()
    moved = sum(refund.amount for refund in desk.gateway.booked.values())
    assert moved <= 2500
    assert desk.tender() == (0, moved)
    assert desk.state(first) == "refunded"
    assert desk.state(second) == "settling"
    assert {refund.state for refund in desk.refunds(second)} >= {"manual"}
    desk.audit()


def test_money_above_the_limit_waits_for_a_second_person(desk: Desk) -> None:
    with desk.db.begin() as session:
        desk.shop.settings = {"release_above": {"EUR": "10.00"}}
        session.add(desk.shop)
    case = desk.settled()
    refund = desk.refund(case)
    assert refund.state == "awaiting_release"
    assert "refund.requested" not in desk.events(case)
    assert desk.work() >= 0
    assert desk.gateway.calls == []
    asked_by = desk.as_person(refund.requested_by)
    with pytest.raises(Forbidden), desk.db.begin() as session:
        release_refund(session, refund.id, actor=asked_by, now=desk.clock())
    with desk.db.begin() as session:
        release_refund(session, refund.id, actor=desk.as_person("Kim"), now=desk.clock())
    desk.work()
    assert desk.state(case) == "refunded"


def test_what_nobody_can_tell_us_about_is_not_sent_again_and_never_forgotten(desk: Desk) -> None:
    desk.gateway.away = True
    case = desk.settled()
    for _ in range(20):
        desk.work(minutes=5)
    assert len(desk.gateway.calls) == 1
    assert desk.refund(case).state == "unknown"
    find, desk.gateway.find = desk.gateway.find, lambda _: 1 / 0  # type: ignore[assignment,method-assign]
    desk.work(hours=1)  # after so many looks one accident must not be the last
    desk.gateway.find, desk.gateway.away = find, False  # type: ignore[method-assign]
    desk.work(hours=1)
    assert desk.refund(case).state == "succeeded"


def test_the_limit_is_for_the_case_however_many_payments_share_it(desk: Desk) -> None:
    def paid(name: str) -> dict[str, str]:
        return {
            "id": name,
            "method": "card",
            "gateway": "sandbox",
            "reference": f"pay_{name}",
            "captured": "32.45",
        }

    with desk.db.begin() as session:
        desk.put(session, payments=[paid("p1"), paid("p2")])
        session.merge(desk.shop).settings = {"release_above": {"EUR": "50.00"}}
    case = desk.settled(3)
    assert [refund.state for refund in desk.refunds(case)] == ["awaiting_release"] * 2
    desk.work()
    assert desk.gateway.booked == {}
