"""The demo's own time: stories happen one beside the other, with all the work that follows, up to the present."""

from collections.abc import Callable, Generator, Iterable
from datetime import datetime, timedelta
from heapq import heappop, heappush

from returns_service.jobs import chores, relay
from returns_service.store import deadlines
from returns_service.store import work as queue
from returns_service.usecases.runtime import Runtime

Story = Generator[timedelta, None, None]
"""Something that happens; it yields how long it waits for its next step."""

_LEAP = timedelta(minutes=10)
"""How far time moves on where work that is due could not be done."""


class Clock:
    """The instant at which the demo is; it only moves forward."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def move(self, at: datetime) -> None:
        self._at = max(at, self._at)


class Simulation:
    """Tells stories in the order of time; between their steps the outbox is drained and deadlines are kept."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self._runtime, self._clock = runtime, clock

    def tell(
        self, stories: Iterable[tuple[datetime, Story]], until: datetime, *, told: Callable[[int], None]
    ) -> None:
        """Every story from its beginning to its end. Raises ValueError for a story that would end in the future.

        `told` hears after each how many have ended.
        """
        waiting: list[tuple[datetime, int, Story]] = []
        for number, (at, story) in enumerate(stories):
            heappush(waiting, (at, number, story))
        ended = 0
        while waiting:
            at, number, story = heappop(waiting)
            if at > until:
                raise ValueError(f"A story would go on until {at.isoformat()}, after the present")
            self._pass(at)
            pause = next(story, None)
            self._work()
            if pause is not None:
                heappush(waiting, (at + pause, number, story))
                continue
            ended += 1
            told(ended)
        self._pass(until)

    def _pass(self, until: datetime) -> None:
        """Let time go by; what falls due on the way is done when it is due."""
        due = self._next_due()
        while due is not None and due <= until:
            self._clock.move(due)
            self._work()
            after = self._next_due()
            due = max(after, self._clock() + _LEAP) if after is not None and after <= self._clock() else after
        self._clock.move(until)

    def _next_due(self) -> datetime | None:
        with self._runtime.db.read() as session:
            found = (queue.soonest(session), deadlines.soonest(session))
        return min((at for at in found if at is not None), default=None)

    def _work(self) -> None:
        chores.deadlines(self._runtime)
        relay.drain(self._runtime)
