"""Draining the outbox: claim a batch, do each row's work outside any transaction, record what came of it."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from returns_service.jobs.outcome import GiveUp, Keep, TryLater, Write
from returns_service.jobs.topics import TOPICS, Handler, Together
from returns_service.store import work as store
from returns_service.store.work import Work
from returns_service.telemetry import WORK, WORK_SECONDS
from returns_service.usecases.runtime import Runtime

log = structlog.get_logger(__name__)

BATCH = 50
LEASE = timedelta(seconds=60)
"""Longer than a batch may begin new rows plus the longest single row, shorter than any gateway keeps a key."""
BEGIN_FOR = timedelta(seconds=20)
"""After this long the rest of a batch is given back."""
MOMENT = 0.02
"""Seconds within which what was done is written together: a message that has left goes out again when we die before."""
MOST_ATTEMPTS = 15
LONGEST_PAUSE = timedelta(minutes=30)


@dataclass
class _Outcomes:
    done: list[Work] = field(default_factory=list)
    later: list[tuple[Work, datetime, str]] = field(default_factory=list)
    dead: list[tuple[Work, str]] = field(default_factory=list)
    writes: list[tuple[Work, Write]] = field(default_factory=list)
    since: float = 0.0

    def keep(self, work: Work, write: Write) -> None:
        """What belongs to the outcome of a row."""
        if not self.writes:
            self.since = time.monotonic()
        self.writes.append((work, write))

    def press(self, following: Work) -> bool:
        """Whether they are to be written before the next row is begun: one of another kind may take long."""
        late = time.monotonic() - self.since >= MOMENT
        return bool(self.writes) and (late or self.writes[0][0].topic != following.topic)

    def clear(self) -> None:
        for known in (self.done, self.later, self.dead, self.writes):
            known.clear()


def drain(
    runtime: Runtime,
    topics: Mapping[str, Handler | Together] = TOPICS,
    *,
    stop: Callable[[], bool] = lambda: False,
    seconds: float = 30,
    rung: bool = False,
) -> int:
    """Does everything that is due, for at most so long. Answers how many rows were taken.

    `rung`: whoever leaves more work rings for it, so a batch that is not full is the last one.
    """
    until = time.monotonic() + seconds
    taken, outcomes = 0, _Outcomes()
    while not stop() and time.monotonic() < until:
        now = runtime.now()
        with runtime.db.begin() as session:
            batch = store.claim(session, limit=BATCH, holder=holder(), now=now, until=now + LEASE)
        if not batch:
            break
        if len(batch) == BATCH:
            runtime.bell.ring(another=True)
        taken += len(batch)
        for handler, work in _opened(runtime, topics, batch, outcomes.keep):
            if outcomes.press(work):
                _record(runtime, outcomes)
            if stop() or runtime.now() >= now + BEGIN_FOR:
                untried = replace(work, attempts=work.attempts - 1)
                outcomes.later.append((untried, runtime.now(), "given back"))
            else:
                _attempt(runtime, handler, work, outcomes)
        _record(runtime, outcomes)
        if rung and len(batch) < BATCH:
            break
    return taken


def _opened(
    runtime: Runtime, topics: Mapping[str, Handler | Together], batch: Sequence[Work], keep: Keep
) -> Iterator[tuple[Callable[[Work], None] | None, Work]]:
    """Each row with what handles it, the rows of one topic after each other."""
    for topic, works in groupby(sorted(batch, key=lambda work: work.topic), lambda work: work.topic):
        rows, handler = list(works), topics.get(topic)
        if isinstance(handler, Together):
            opened: Callable[[Work], None] | None = _together(runtime, handler, rows, keep)
        else:
            opened = partial(handler, runtime) if handler else None
        yield from ((opened, work) for work in rows)


def _together(
    runtime: Runtime, handler: Together, rows: Sequence[Work], keep: Keep
) -> Callable[[Work], None]:
    """Opened for all of them; where that fails each row is opened by itself, so that only the guilty one fails."""
    try:
        return handler.open(runtime, rows, keep)
    except Exception:  # one row that cannot be read, for whatever reason, must not stop the others
        log.exception("rows could not be opened together", rows=len(rows))
        return lambda work: handler.open(runtime, [work], keep)(work)


def _attempt(
    runtime: Runtime, handler: Callable[[Work], None] | None, work: Work, outcomes: _Outcomes
) -> None:
    began = time.perf_counter()
    with structlog.contextvars.bound_contextvars(work=str(work.id), topic=work.topic, trace_id=work.trace_id):
        try:
            if handler is None:
                raise GiveUp(f"nobody here knows the topic {work.topic!r}")
            handler(work)
        except TryLater as later:
            outcome = "later"
            rest = replace(work, payload=later.payload or work.payload)
            _put_off(runtime, rest, str(later), outcomes, at=later.at)
        except GiveUp as why:
            outcome = "dead"
            log.error("work was given up", why=str(why))
            outcomes.dead.append((work, str(why)))
        except Exception as why:  # one row that fails, in whatever way, must not stop the others
            outcome = "failed"
            log.exception("work failed")
            _put_off(runtime, work, f"{type(why).__name__}: {why}", outcomes)
        else:
            outcome = "done"
            outcomes.done.append(work)
    WORK.labels(work.topic, outcome).inc()
    WORK_SECONDS.labels(work.topic).observe(time.perf_counter() - began)


def _put_off(
    runtime: Runtime, work: Work, reason: str, outcomes: _Outcomes, *, at: datetime | None = None
) -> None:
    if at is not None:  # the handler knows when: that is no failure, and failures count anew from here
        outcomes.later.append((replace(work, attempts=0), at, reason))
    elif work.attempts >= MOST_ATTEMPTS:
        outcomes.dead.append((work, reason))
    else:
        outcomes.later.append((work, runtime.now() + pause(work.attempts), reason))


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling, with some luck so that not all come back at once."""
    longest = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts, 20)))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads load, guards nothing


def _record(runtime: Runtime, outcomes: _Outcomes) -> None:
    """Write down what came of rows, all at once; where that fails, what belongs to each by itself."""
    try:
        _write(runtime, outcomes, outcomes.writes)
    except DBAPIError:
        if not outcomes.writes:
            raise
        log.exception("outcomes could not be written together", rows=len(outcomes.writes))
        for work, write in outcomes.writes:
            _write_alone(runtime, outcomes, work, write)
        _write(runtime, outcomes, ())
    outcomes.clear()


def _write(runtime: Runtime, outcomes: _Outcomes, writes: Sequence[tuple[Work, Write]]) -> None:
    with runtime.db.begin() as session:
        for _, write in writes:
            write(session)
        late = len(outcomes.done) - store.finish(session, outcomes.done)
        for work, at, reason in outcomes.later:
            store.postpone(session, work, at=at, error=reason)
        for work, reason in outcomes.dead:
            store.finish(session, [work], state="dead", error=reason)
    if late:
        log.warning("finished after the lease ran out; somebody else has taken over", rows=late)


def _write_alone(runtime: Runtime, outcomes: _Outcomes, work: Work, write: Write) -> None:
    try:
        with runtime.db.begin() as session:
            write(session)
    except DBAPIError as why:
        if work in outcomes.done:
            outcomes.done.remove(work)
            _put_off(runtime, work, f"{type(why).__name__}: {why}", outcomes)


def release_dead(runtime: Runtime, *, newborn: bool = False) -> int:
    """What processes of this machine had claimed when they died is due at once; others' leases run out in time.

    `newborn`: this process has claimed nothing yet, so what bears its number is a dead one's.
    """
    with runtime.db.read() as session:
        gone = [one for one in store.holders(session) if _is_gone(one) or (newborn and one == holder())]
    if not gone:
        return 0
    with runtime.db.begin() as session:
        return sum(store.release(session, one, now=runtime.now()) for one in gone)


@cache
def _place() -> str:
    """Names this run of this machine as seen from this container: only here a process id says something."""
    words = [os.uname().nodename]
    for hint in (Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")):
        if hint.is_symlink():
            words.append(str(hint.readlink()))
        elif hint.exists():
            words.append(hint.read_text())
    return sha256("\n".join(words).encode()).hexdigest()[:16]


def holder() -> str:
    """The name of this process on its claims."""
    return f"{_place()}:{os.getpid()}"


def _is_gone(claimant: str) -> bool:
    place, _, pid = claimant.partition(":")
    if place != _place() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
