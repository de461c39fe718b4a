"""After the time that a shop sets, a person is forgotten without asking; nobody else is."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden, Invalid
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.jobs import chores, relay
from returns_service.jobs.topics import TOPICS
from returns_service.store.db import Database
from returns_service.store.tables import OutboxRow, StoreCredit
from returns_service.usecases.cancel import cancel
from returns_service.usecases.open_case import open_case
from returns_service.usecases.retention import Retention, retention, set_retention
from tests.shop import example_order, put
from tests.usecases.desk import Desk

YEAR = 366
WISH = ReturnRequest((RequestLine("1", 1, "changed_mind"),))


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


def administrator(desk: Desk) -> Actor:
    return Actor(desk.shop.id, "staff", "ruth", frozenset({"staff", "admin"}))


def keep_for(desk: Desk, months: int | None) -> None:
    with desk.db.begin() as session:
        set_retention(session, months, actor=administrator(desk))


def seen(desk: Desk) -> Retention:
    with desk.db.read() as session:
        return retention(session, actor=administrator(desk))


def a_night(desk: Desk) -> None:
    """The chore, and the work that it leaves."""
    chores.retention(desk.runtime)
    desk.clock.turn(minutes=5)
    relay.drain(desk.runtime, {**TOPICS, "refund": lambda _runtime, _work: None})


def opened(desk: Desk) -> UUID:
    with desk.db.begin() as session:
        return open_case(session, "1001", WISH, actor=desk.actor, now=desk.clock(), request_review=True).id


def end(desk: Desk, case_id: UUID) -> None:
    with desk.db.begin() as session:
        cancel(session, case_id, expected=None, actor=desk.actor, now=desk.clock())


def letters(desk: Desk) -> list[str]:
    with desk.db.read() as session:
        return [row.topic for row in session.exec(select(OutboxRow).where(OutboxRow.topic == "erased"))]


def test_without_a_word_of_the_shop_everybody_is_remembered(desk: Desk) -> None:
    desk.clock.turn(days=20 * YEAR)
    a_night(desk)
    assert seen(desk) == Retention(None, known=1, erased=0)


def test_a_person_is_forgotten_after_the_time_and_not_before(desk: Desk) -> None:
    keep_for(desk, 12)
    a_night(desk)
    assert seen(desk) == Retention(12, known=1, erased=0)
    desk.clock.turn(days=YEAR)
    a_night(desk)
    assert seen(desk) == Retention(12, known=0, erased=1)
    assert letters(desk) == []


def test_the_time_begins_anew_with_the_end_of_a_return(desk: Desk) -> None:
    keep_for(desk, 12)
    case_id = opened(desk)
    desk.clock.turn(days=YEAR)
    end(desk, case_id)
    a_night(desk)
    assert seen(desk).known == 1
    desk.clock.turn(days=YEAR)
    a_night(desk)
    assert seen(desk).known == 0
    assert desk.events(case_id)[-1] == "data.erased"
    desk.audit()


def test_an_open_return_is_never_too_old(desk: Desk) -> None:
    keep_for(desk, 1)
    opened(desk)
    desk.clock.turn(days=3 * YEAR)
    chores.retention(desk.runtime)
    desk.clock.turn(minutes=5)
    relay.drain(desk.runtime, {"erasure": TOPICS["erasure"]})
    assert seen(desk).known == 1


def test_whoever_still_has_store_credit_is_remembered(desk: Desk) -> None:
    keep_for(desk, 12)
    case_id = desk.settled(resolution="store_credit")
    desk.work()
    desk.clock.turn(days=YEAR)
    a_night(desk)
    assert seen(desk).known == 1
    with desk.db.begin() as session:
        session.exec(select(StoreCredit)).one().balance = 0
    a_night(desk)
    assert seen(desk).known == 0
    assert desk.events(case_id)[-1] == "data.erased"


def test_the_erasures_come_one_after_the_other_and_each_once(desk: Desk) -> None:
    with desk.db.begin() as session:
        for number in ("1002", "1003"):
            order = {**example_order({"1": 1}), "number": number}
            order["payments"] = [
                {**one, "reference": f"{one['reference']}-{number}"} for one in order["payments"]
            ]
            put(session, order, actor=desk.actor, now=desk.clock(), order_id=number)
    keep_for(desk, 12)
    desk.clock.turn(days=YEAR)
    chores.retention(desk.runtime)
    chores.retention(desk.runtime)
    with desk.db.read() as session:
        due = sorted(session.exec(select(OutboxRow.next_attempt_at).where(OutboxRow.topic == "erasure")))
    assert [at - due[0] for at in due] == [timedelta(seconds=n) for n in range(3)]


@pytest.mark.parametrize("months", [0, -1, 241])
def test_a_time_that_is_none_is_refused(desk: Desk, months: int) -> None:
    with pytest.raises(Invalid):
        keep_for(desk, months)
    assert seen(desk).months is None


def test_only_an_administrator_decides_it(desk: Desk) -> None:
    with pytest.raises(Forbidden), desk.db.begin() as session:
        set_retention(session, 12, actor=Actor(desk.shop.id, "staff", "ines", frozenset({"staff"})))


@pytest.mark.parametrize("meanwhile", ["a return", "a longer time"])
def test_what_is_no_longer_too_old_when_its_turn_comes_is_kept(desk: Desk, meanwhile: str) -> None:
    keep_for(desk, 12)
    desk.clock.turn(days=YEAR)
    chores.retention(desk.runtime)
    if meanwhile == "a return":
        end(desk, opened(desk))
    else:
        keep_for(desk, 24)
    desk.clock.turn(hours=3)
    relay.drain(desk.runtime, {"erasure": TOPICS["erasure"]})
    assert seen(desk).known == 1
    with desk.db.read() as session:
        waits = select(OutboxRow.state).where(OutboxRow.topic == "erasure")
        assert list(session.exec(waits)) == ["done"]
