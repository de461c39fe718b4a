"""F14-F21, F28: workers and sweepers die, freeze, are doubled, and meet work that nobody can do."""

import json
import resource
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from returns_service.jobs import relay
from tests.faults.scenarios.scene import Scenario, Scene
from tests.ground import haste

_MIB = 1 << 20


def call_outlives_worker(scene: Scene) -> None:
    """The worker dies while the gateway still works on its call: the money moves when nobody listens any more."""
    while not scene.pause(0.05, 0.3):
        scene.stage.control(
            {"next": scene.random.choice(("late", "slow", "timeout_after_paying")), "count": 2}
        )
        scene.pause(0.05, 0.5)
        scene.signal("worker", signal.SIGKILL)


def out_of_memory(scene: Scene) -> None:
    """The worker may not have another megabyte; then the kernel takes it away."""
    while not scene.pause(0.1, 0.6):
        for process in scene.processes("worker"):
            with suppress(psutil.Error, ProcessLookupError):
                most = process.memory_info().vms + scene.random.randint(0, 4) * _MIB
                process.rlimit(resource.RLIMIT_AS, (most, most))
        scene.pause(0.1, 0.5)
        scene.signal("worker", signal.SIGKILL)


def lost_after_dequeue(scene: Scene) -> None:
    """A worker takes the bell's job and is gone before it looks; another one listens too."""
    scene.stage.add("worker 2", "worker")
    scene.deaths(("worker", "worker 2"), "before dequeue", within=2)


def zombie(scene: Scene) -> None:
    """A worker stands still for longer than its lease; a second one takes over; the first one wakes up."""
    scene.stage.add("worker 2", "worker")
    while not scene.pause(0.05, 0.4):
        scene.freeze(scene.random.choice(("worker", "worker 2")), 0.3, 2)
    if scene.random.random() < 0.5:  # longer than the lease, while the other one goes on
        scene.signal("worker", signal.SIGSTOP)
        time.sleep(haste.TIMES[relay]["LEASE"].total_seconds() + 1)
        scene.signal("worker", signal.SIGCONT)


def _put_in(scene: Scene, topic: str, key: str, **payload: object) -> None:
    """A row of work that no program of this version has written."""
    engine = create_engine(scene.stage.database_url)
    row = {
        "id": uuid4().hex,
        "topic": topic,
        "key": key,
        "payload": json.dumps(payload),
        "now": datetime.now(UTC),
    }
    postgres = scene.stage.kind == "postgresql"
    row["now"] = row["now"] if postgres else row["now"].strftime("%Y-%m-%d %H:%M:%S.%f")
    names = "id, topic, key, shop_id, payload, state, attempts, next_attempt_at, lease_holder, fence, last_error, trace_id"
    values = ":id, :topic, :key, (SELECT id FROM shops LIMIT 1), :payload, 'ready', 0, :now, '', 0, '', ''"
    for _ in range(40):
        with suppress(DBAPIError), engine.begin() as connection:
            connection.execute(text(f"INSERT INTO outbox ({names}, created_at) VALUES ({values}, :now)"), row)
            scene.log.poison.add(str(row["id"]))
            break
    engine.dispose()


def poison(scene: Scene) -> None:
    """Work that fails whenever it is tried."""
    for _ in range(3):
        _put_in(scene, "event", str(uuid4()), version=1, listens=True)
        _put_in(scene, "refund", "not-an-id")
        if scene.pause(0.1, 0.5):
            return


def from_another_version(scene: Scene) -> None:
    """Work of a newer program, and of an older one that said less."""
    for _ in range(3):
        _put_in(scene, "of_a_later_version", str(uuid4()), says="hello")
        _put_in(scene, "event", str(uuid4()))
        if scene.pause(0.1, 0.5):
            return


def nobody_works(scene: Scene) -> None:
    """No worker and no sweeper for as long as customers ask."""
    scene.stage.away("worker", "sweeper")
    scene.over.wait()


def two_sweepers(scene: Scene) -> None:
    """Two sweepers; the leader stands still until the other one has taken over, and wakes up."""
    scene.stage.add("sweeper 2", "sweeper")
    scene.signal("worker", signal.SIGKILL)
    while not scene.pause(0.1, 0.4):
        scene.freeze(scene.random.choice(("sweeper", "sweeper 2")), 0.3, 2.5)


SCENARIOS = [
    Scenario(
        "F14",
        "worker killed between effect and record",
        lambda s: s.deaths(("worker",), "after call", within=4),
    ),
    Scenario("F15", "worker killed, its call lives on", call_outlives_worker),
    Scenario("F16", "worker out of memory", out_of_memory, intake_open=True),
    Scenario("F17", "job taken and lost", lost_after_dequeue, intake_open=True),
    Scenario("F18", "worker frozen and awake again", zombie),
    Scenario("F19", "poison", poison, cuts=False),
    Scenario("F20", "nobody works for a while", nobody_works, intake_open=True),
    Scenario("F21", "work of another version", from_another_version, cuts=False),
    Scenario("F28", "two sweepers, one frozen", two_sweepers),
]
