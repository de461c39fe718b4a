from datetime import timedelta

import pytest

from returns_service.jobs import relay, sweeper


@pytest.fixture(autouse=True)
def greeted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The topic `greet` does something while the test runs."""
    done: list[str] = []
    monkeypatch.setattr(
        relay.drain, "__defaults__", ({"greet": lambda _runtime, work: done.append(work.key)},)
    )
    return done


def test_nothing_due_nothing_rung(runtime, bell):
    sweeper.sweep(runtime, {})
    assert bell.rings == []


def test_it_rings_for_what_is_due_and_leaves_it_to_the_workers(runtime, bell, leave, greeted):
    leave()
    sweeper.sweep(runtime, {})
    assert (len(bell.rings), greeted) == (1, [])


def test_what_nobody_did_although_it_rang_it_does_itself(runtime, leave, greeted, clock):
    leave()
    clock.turn(seconds=3)
    sweeper.sweep(runtime, {})
    assert greeted == ["ann"]


def test_without_a_bell_it_does_the_work_at_once(runtime, bell, leave, greeted):
    bell.sounds = False
    leave()
    sweeper.sweep(runtime, {})
    assert greeted == ["ann"]


def test_a_chore_that_fails_does_not_stop_the_others(runtime):
    done = []
    sweeper.sweep(runtime, {"bad": lambda _: 1 / 0, "good": done.append})
    assert done == [runtime]


def test_of_several_sweepers_one_works(runtime, clock):
    done: list[str] = []

    def rounds(name: str, count: int):
        left = iter([False] * count)
        sweeper.run(runtime, {"chore": lambda _: done.append(name)}, stop=lambda: next(left, True))

    rounds("a", 2)
    rounds("b", 2)
    assert set(done) == {"a", "b"}  # the first left its lease behind when it ended
    with runtime.db.begin() as session:
        assert sweeper.leases.take(session, "sweeper", "c", now=clock(), until=clock() + timedelta(minutes=1))
    done.clear()
    rounds("d", 2)
    assert done == []
    clock.turn(seconds=61)
    rounds("e", 2)
    assert done == ["e"]
