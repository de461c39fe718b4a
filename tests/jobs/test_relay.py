import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from returns_service.jobs import relay
from returns_service.jobs.outcome import GiveUp, TryLater
from returns_service.jobs.topics import Together
from returns_service.store import work as store
from returns_service.store.appending import append
from returns_service.store.tables import Shop
from returns_service.store.work import Work
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON


class Greeter:
    """Handles the topic `greet`; does what the key tells it."""

    def __init__(self) -> None:
        self.greeted: list[str] = []

    def __call__(self, runtime: Runtime, work: Work) -> None:
        self.greeted.append(work.key)
        if work.key == "fails":
            raise ConnectionError("no line")
        if work.key == "later":
            raise TryLater("not yet", at=runtime.now() + timedelta(minutes=5))
        if work.key == "never":
            raise GiveUp("impossible")


@pytest.fixture
def greeter() -> Greeter:
    return Greeter()


@pytest.fixture
def topics(greeter: Greeter):
    return {"greet": greeter}


def test_one_bell_drains_many_rows(runtime, leave, row, topics, greeter):
    rows = [leave(key=str(n)) for n in range(relay.BATCH + 5)]
    assert relay.drain(runtime, topics) == len(rows)
    assert greeter.greeted == [str(n) for n in range(relay.BATCH + 5)]
    assert {row(one).state for one in rows} == {"done"}
    assert relay.drain(runtime, topics) == 0


def test_a_full_batch_calls_for_help(runtime, leave, topics, bell):
    for n in range(relay.BATCH):
        leave(key=str(n))
    relay.drain(runtime, topics)
    assert len(bell.rings) == 1


def test_work_that_fails_comes_back_later_and_does_not_stop_the_others(runtime, leave, row, topics, clock):
    bad, good = leave(key="fails"), leave(key="ann")
    relay.drain(runtime, topics)
    assert row(good).state == "done"
    failed = row(bad)
    assert (failed.state, failed.attempts, failed.last_error) == ("ready", 1, "ConnectionError: no line")
    assert clock() < failed.next_attempt_at <= clock() + timedelta(seconds=2)


def test_a_row_that_cannot_be_opened_with_the_others_fails_alone(runtime, leave, row, greeter):
    bad, good = leave(key="of another version"), leave(key="ann")

    def together(runtime, works, keep):
        if any(work.key != "ann" for work in works):
            raise KeyError("version")
        return lambda work: greeter(runtime, work)

    relay.drain(runtime, {"greet": Together(together)})
    assert row(good).state == "done"
    assert (row(bad).state, row(bad).last_error) == ("ready", "KeyError: 'version'")


@pytest.mark.parametrize(("moment", "seen"), [(0, [1, 2, 3]), (60, [1, 1, 1])])
def test_what_belongs_to_outcomes_is_written_with_them_in_a_moment(
    runtime, leave, row, monkeypatch, moment, seen
):
    monkeypatch.setattr(relay, "MOMENT", moment)
    rows, shops = [leave(key=key) for key in ("ann", "bob", "eve")], []

    def together(runtime, works, keep):
        def greet(work):
            with runtime.db.read() as session:
                shops.append(len(session.exec(select(Shop)).all()))
            keep(work, lambda session: append(session, a_shop(work.key)))

        return greet

    relay.drain(runtime, {"greet": Together(together)})
    assert shops == seen
    with runtime.db.read() as session:
        assert len(session.exec(select(Shop)).all()) == 4
    assert {row(one).state for one in rows} == {"done"}


def test_what_belongs_to_outcomes_does_not_wait_for_work_of_another_kind(runtime, leave, monkeypatch):
    monkeypatch.setattr(relay, "MOMENT", 60)
    leave(topic="greet")
    leave(topic="stay", key="long")
    shops = []

    def together(runtime, works, keep):
        return lambda work: keep(work, lambda session: append(session, a_shop(work.key)))

    def stay(runtime, work):
        with runtime.db.read() as session:
            shops.extend(session.exec(select(Shop.slug)))

    relay.drain(runtime, {"greet": Together(together), "stay": stay})
    assert set(shops) == {"ann", "demo"}


def test_what_cannot_be_written_fails_alone(runtime, leave, row):
    rows = [leave(key=key) for key in ("ann", "demo", "eve")]

    def together(runtime, works, keep):
        return lambda work: keep(work, lambda session: append(session, a_shop(work.key)))

    relay.drain(runtime, {"greet": Together(together)})  # there is a shop "demo" already
    assert [row(one).state for one in rows] == ["done", "ready", "done"]
    assert row(rows[1]).last_error.startswith("IntegrityError")
    with runtime.db.read() as session:
        assert set(session.exec(select(Shop.slug))) == {"ann", "demo", "eve"}


def a_shop(slug):
    return Shop(slug=slug, name=slug, policy_name="standard", time_zone="Europe/Berlin", created_at=NOON)


def test_work_that_keeps_failing_is_dead_and_stays_visible(runtime, leave, row, topics, clock, db):
    bad = leave(key="fails")
    for _ in range(relay.MOST_ATTEMPTS):
        relay.drain(runtime, topics)
        clock.turn(hours=1)
    assert row(bad).state == "dead"
    with db.read() as session:
        assert [one.id for one in store.dead(session)] == [bad.id]
        assert store.soonest(session) is None
    with db.begin() as session:
        assert store.revive(session, bad.shop_id, bad.id, now=clock()) == 1
    assert row(bad).state == "ready"


def test_work_that_asks_for_a_time_comes_back_then_however_often(runtime, leave, row, topics, clock):
    patient = leave(key="later")
    for _ in range(relay.MOST_ATTEMPTS + 3):
        relay.drain(runtime, topics)
        assert row(patient).next_attempt_at == clock() + timedelta(minutes=5)
        clock.turn(minutes=5)
    assert row(patient).state == "ready"


def test_work_that_is_pointless_is_given_up_at_once(runtime, leave, row, topics):
    pointless = leave(key="never")
    relay.drain(runtime, topics)
    assert (row(pointless).state, row(pointless).last_error) == ("dead", "impossible")


def test_an_unknown_topic_is_parked_and_not_lost(runtime, leave, row, topics):
    strange = leave(topic="strange")
    relay.drain(runtime, topics)
    assert row(strange).state == "dead"


def test_two_claims_never_get_the_same_row(runtime, leave, clock):
    leave()
    with runtime.db.begin() as session:
        first = store.claim(session, limit=9, holder="a:1", now=clock(), until=clock() + relay.LEASE)
    with runtime.db.begin() as session:
        second = store.claim(session, limit=9, holder="b:1", now=clock(), until=clock() + relay.LEASE)
    assert (len(first), second) == (1, [])


def test_a_late_finisher_changes_nothing_once_somebody_took_over(runtime, leave, row, clock):
    one = leave()

    def claim(holder: str) -> list[Work]:
        with runtime.db.begin() as session:
            return store.claim(session, limit=9, holder=holder, now=clock(), until=clock() + relay.LEASE)

    slow = claim("a:1")
    clock.turn(seconds=61)
    quick = claim("b:1")
    assert [work.id for work in slow] == [work.id for work in quick]
    with runtime.db.begin() as session:
        assert store.finish(session, slow) == 0
        assert store.postpone(session, slow[0], at=clock(), error="") == 0
    assert row(one).state == "leased"
    with runtime.db.begin() as session:
        assert store.finish(session, quick) == 1


def test_what_a_killed_process_of_this_machine_had_claimed_is_due_at_once(
    runtime, leave, topics, clock, greeter
):
    leave(key="ann")
    leave(key="bob")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    place = relay.holder().split(":")[0]
    with runtime.db.begin() as session:
        store.claim(session, limit=1, holder=f"{place}:{dead.pid}", now=clock(), until=clock() + relay.LEASE)
        store.claim(
            session, limit=1, holder=f"{place}:{os.getppid()}", now=clock(), until=clock() + relay.LEASE
        )
    assert relay.drain(runtime, topics) == 0
    assert relay.release_dead(runtime) == 1
    assert relay.drain(runtime, topics) == 1
    assert greeter.greeted == ["ann"]


def test_a_newborn_process_takes_over_from_one_that_bore_its_number(runtime, leave, clock):
    leave()
    with runtime.db.begin() as session:
        store.claim(session, limit=1, holder=relay.holder(), now=clock(), until=clock() + relay.LEASE)
    assert relay.release_dead(runtime) == 0
    assert relay.release_dead(runtime, newborn=True) == 1


def test_told_to_stop_it_gives_the_rest_back(runtime, leave, row, greeter):
    rows = [leave(key=str(n)) for n in range(3)]
    relay.drain(runtime, {"greet": greeter}, stop=lambda: bool(greeter.greeted))
    assert [row(one).state for one in rows] == ["done", "ready", "ready"]
    assert [row(one).attempts for one in rows] == [1, 0, 0]  # nobody tried them


def test_finished_work_is_forgotten_after_some_days_and_nothing_else_is(runtime, leave, row, topics, db):
    leave(key="ann")
    relay.drain(runtime, topics)
    waits = leave(key="bob")
    with db.begin() as session:
        # ids carry the real time, not the test's
        assert store.forget(session, before=relay_time(waits) + timedelta(days=4)) == 1
    assert row(waits).state == "ready"


def relay_time(row):
    return datetime.fromtimestamp((row.id.int >> 80) / 1000, UTC)


def test_pauses_grow_and_end():
    assert relay.pause(1) <= timedelta(seconds=2)
    assert timedelta(seconds=256) <= relay.pause(9) <= timedelta(seconds=512)
    assert relay.pause(500) <= relay.LONGEST_PAUSE
