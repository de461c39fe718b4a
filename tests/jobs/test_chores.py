"""One case that cannot be looked after stands in nobody's way."""

import pytest
from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.jobs import chores
from returns_service.store import deadlines
from returns_service.store.tables import ReturnCase
from returns_service.usecases.open_case import open_case
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import Clock
from tests.shop import a_shop, example_order, put

WISH = ReturnRequest((RequestLine("1", 1, "changed_mind", "unopened"),))


@pytest.fixture
def two_cases(runtime: Runtime, clock: Clock) -> None:
    """The first of them has a deadline that nobody can read."""
    with runtime.db.begin() as session:
        actor = Actor.of("storefront", a_shop(session, now=clock()).id)
        put(session, example_order({"1": 2}), actor=actor, now=clock())
    with runtime.db.begin() as session:
        broken = open_case(session, "1001", WISH, actor=actor, now=clock()).row
        broken.next_deadline_at, broken.deadlines = clock(), [{"for": "ship", "at": "never", "done": []}]
    with runtime.db.begin() as session:
        open_case(session, "1001", WISH, actor=actor, now=clock())


@pytest.mark.usefixtures("two_cases")
def test_a_deadline_that_cannot_be_kept_does_not_keep_others_from_theirs(
    runtime: Runtime, clock: Clock
) -> None:
    clock.turn(days=60)
    chores.deadlines(runtime)
    with runtime.db.read() as session:
        assert set(session.exec(select(ReturnCase.state))) == {"approved", "expired"}
        assert deadlines.due(session, now=clock(), limit=9) == []
        assert deadlines.soonest(session) == clock() + chores.AGAIN
