"""The books are compared each day, a slice at a time; a payment that two orders share is no difference."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from returns_service.jobs import reconcile, relay
from returns_service.store.tables import Check, OutboxRow
from tests.shop import example_order, put
from tests.usecases.counter import Shop


@pytest.fixture
def shop(open_shop: Any) -> Shop:
    """Two orders that were paid with one payment, of which some went back for either."""
    made: Shop = open_shop()
    card = {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_1", "captured": "64.90"}
    body = example_order({"1": 3}, number="1002", payments=[card])
    with made.db.begin() as session:
        put(session, body, actor=made.actor, now=made.clock(), order_id="1002")
    made.through_all({"1": 1})
    made.through_all({"1": 1}, order="1002")
    return made


def work(shop: Shop) -> list[tuple[str, int]]:
    """What became of the work: its state, and how many payments it has looked at."""
    with shop.db.read() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.topic == "reconcile"))
        return [(row.state, row.payload.get("looked", 0)) for row in rows]


def checked(shop: Shop) -> list[tuple[int, list[Any]]]:
    with shop.db.read() as session:
        return [(row.looked_at, row.found) for row in session.exec(select(Check))]


def look(shop: Shop) -> None:
    relay.drain(
        shop.runtime, {"reconcile": reconcile.look_at_books}, stop=iter((False, False, True)).__next__
    )


def test_books_are_compared_once_a_day_whoever_was_started_again(shop: Shop) -> None:
    for _ in range(2):
        reconcile.nightly(shop.runtime)
    assert work(shop) == [("ready", 0)]
    relay.drain(shop.runtime, {"reconcile": reconcile.look_at_books, "event": lambda _runtime, _work: None})
    assert checked(shop) == [(2, [])]
    shop.clock.turn(hours=22)
    reconcile.nightly(shop.runtime)
    assert work(shop) == [("done", 0)]
    shop.clock.turn(hours=2)
    reconcile.nightly(shop.runtime)
    assert [state for state, _ in work(shop)] == ["done", "ready"]


def test_many_payments_let_other_work_in_between(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "SECONDS", 0.0)
    reconcile.nightly(shop.runtime)
    seen = []
    for _ in range(3):
        look(shop)
        seen += work(shop)
    assert seen == [("ready", 1), ("ready", 2), ("done", 2)]
    assert checked(shop) == [(2, [])]


def test_a_gateway_that_is_away_is_told_and_left_alone_between(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "SECONDS", 0.0)
    shop.gateway.away = True
    reconcile.nightly(shop.runtime)
    look(shop)
    with shop.db.read() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.topic == "reconcile")).one()
    assert row.next_attempt_at - shop.clock() == reconcile.SILENCE > timedelta(0)
    assert [one["kind"] for one in row.payload["found"]] == ["silent"]
