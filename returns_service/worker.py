"""The worker process: the application is imported once, RQ brings the bell, the relay does the work."""

import threading
from collections.abc import Callable
from time import monotonic

import click
import structlog
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from returns_service.adapters import bell
from returns_service.adapters.bell import Bell
from returns_service.config import load
from returns_service.jobs import relay
from returns_service.processes import rarely_collect
from returns_service.store import work as store
from returns_service.usecases.runtime import Runtime
from returns_service.wiring import build

log = structlog.get_logger(__name__)

A_SECOND = 1.0
GATHER = 0.03
"""Seconds between two looks while it keeps ringing: what comes together is done together."""
LONGEST = 60.0
"""Seconds after which a job ends and rings for the next one."""
LOOK = 10.0
"""Seconds after which a worker looks although nobody rang: a ring may be lost, and no sweeper may be there."""


class Worker(SimpleWorker):
    """One queue, no fork; asked to stop, it finishes the row at hand and not the whole backlog."""

    max_connection_wait_time = 2.0

    def procline(self, message: str) -> None:
        """The process keeps its name."""

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        _stopping.set()


class _State:
    """What the job finds when RQ calls it by name: this process works for one runtime."""

    runtime: Runtime | None = None
    bell: Bell | None = None
    alarm: threading.Timer | None = None
    looked_at = float("-inf")
    """When it was looked for the next due row."""


_state = _State()
_stopping = threading.Event()


def answer() -> int:
    """The RQ job: somebody rang. Answers how many rows were done."""
    runtime, ringing = _state.runtime, _state.bell
    if runtime is None or ringing is None:
        raise RuntimeError("only `returns-service worker` answers the bell")
    _arm(ringing.ring, LOOK)  # should the database or redis be away in the middle of this
    taken, until = 0, monotonic() + LONGEST
    while monotonic() < until:
        rings = ringing.heard()
        taken += relay.drain(runtime, stop=_stopping.is_set, rung=True)
        if ringing.answered(rings) or _stopping.wait(GATHER):
            break
    else:
        ringing.answered(ringing.heard())
        ringing.ring()
    _set_alarm(runtime, ringing.ring)
    return taken


def _set_alarm(runtime: Runtime, ring: Callable[[], object]) -> None:
    """Ring again when the next row is due: while there is much to do in a second, and now and then in any case."""
    seconds = A_SECOND
    if monotonic() - _state.looked_at >= A_SECOND:
        with runtime.db.read() as session:
            due = store.soonest(session)
        _state.looked_at = monotonic()
        seconds = min(LOOK, max(0.05, (due - runtime.now()).total_seconds())) if due else LOOK
    _arm(ring, seconds)


def _arm(ring: Callable[[], object], seconds: float) -> None:
    def wake() -> None:
        if not ring():  # redis did not answer in time
            _arm(ring, LOOK)

    if _state.alarm is not None:
        _state.alarm.cancel()
    _state.alarm = threading.Timer(seconds, wake)
    _state.alarm.daemon = True
    _state.alarm.start()


@click.command
def worker() -> None:
    """Run a worker that answers the bell. Without a redis it waits for one; the sweeper works meanwhile."""
    settings = load()
    runtime = build(settings)
    _state.runtime, _state.bell = runtime, Bell(settings.bell_url)
    relay.release_dead(runtime, newborn=True)
    connection = bell.connect(settings.bell_url)
    queue = Queue(bell.QUEUE, connection=connection, serializer=JSONSerializer)
    _wait_for_redis(connection.ping)
    _state.bell.answered(_state.bell.heard())
    _state.bell.ring()
    worker = Worker(
        [queue], connection=connection, serializer=JSONSerializer, worker_ttl=60, maintenance_interval=60
    )
    worker.log_job_description = False
    rarely_collect()
    log.info("worker is listening", queue=bell.QUEUE)
    worker.work(logging_level="WARNING")


def _wait_for_redis(ping: Callable[[], object]) -> None:
    said = False
    while not _stopping.wait(0 if not said else 1):
        try:
            ping()
        except RedisError as why:
            if not said:
                log.warning("waiting for redis", why=str(why))
            said = True
        else:
            return
