"""What is done to the service while it works, by name. Each is seeded, ends by itself, and clears what it did."""

import random
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass

import httpx
import psutil
import redis
from sqlalchemy import create_engine, text

from tests.ground.service import Service


@dataclass
class Scene:
    service: Service
    database_url: str
    random: random.Random
    over: threading.Event

    def pause(self, least: float, most: float) -> bool:
        """Wait for a while; True when the run is over."""
        return self.over.wait(self.random.uniform(least, most))

    def send(self, role: str, number: int) -> None:
        """A signal to one part of the service, its children included."""
        part = self.service.parts().get(role)
        if part is None:
            return
        with suppress(psutil.NoSuchProcess):
            for process in [*part.children(recursive=True), part]:
                process.send_signal(number)

    def control(self, kind: str, count: int = 1) -> None:
        with suppress(httpx.HTTPError):
            httpx.post(f"{self.service.sandbox_url}/control", json={"next": kind, "count": count}, timeout=2)


Nemesis = Callable[[Scene], None]


def kill(*roles: str, least: float = 0.1, most: float = 1.5) -> Nemesis:
    """kill -9 at random instants."""

    def act(scene: Scene) -> None:
        while not scene.pause(least, most):
            scene.send(scene.random.choice(roles), signal.SIGKILL)

    return act


def kill_web(scene: Scene) -> None:
    """kill -9 some instants after it began to answer, four times: a service that cannot even start shows nothing."""
    for _ in range(4):
        while not _answers(scene.service):
            if scene.pause(0.1, 0.2):
                return
        if scene.pause(0.1, 2.5):
            return
        scene.send("web", signal.SIGKILL)


def _answers(service: Service) -> bool:
    try:
        return httpx.get(f"{service.url}/livez", timeout=1).is_success
    except httpx.HTTPError:
        return False


def freeze(*roles: str) -> Nemesis:
    """Stopped for seconds, then awake again as if nothing had been: the zombie."""

    def act(scene: Scene) -> None:
        while not scene.pause(0.2, 1.5):
            role = scene.random.choice(roles)
            scene.send(role, signal.SIGSTOP)
            scene.pause(0.5, 3)
            scene.send(role, signal.SIGCONT)

    return act


def misbehave(*kinds: str) -> Nemesis:
    """The gateway does what it was told, again and again."""

    def act(scene: Scene) -> None:
        while not scene.pause(0.05, 0.4):
            scene.control(scene.random.choice(kinds))
        scene.control("nothing")

    return act


def empty_redis(scene: Scene) -> None:
    while not scene.pause(0.1, 0.8):
        with (
            suppress(redis.RedisError, OSError),
            closing(redis.Redis.from_url(_bell(scene.service))) as client,
        ):
            client.flushall()


def _bell(service: Service) -> str:
    found = next(service.folder.rglob("redis.sock"), None)
    return f"unix://{found}" if found else "redis://127.0.0.1:1"


def lock_database(scene: Scene) -> None:
    """SQLite: another process holds the write lock. PostgreSQL: every connection is cut."""
    while not scene.pause(0.3, 1.5):
        if scene.database_url.startswith("sqlite"):
            _hold_write_lock(scene)
        else:
            _cut_connections(scene.database_url)


def _hold_write_lock(scene: Scene) -> None:
    path = scene.database_url.removeprefix("sqlite:///")
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as other:
        other.execute("BEGIN IMMEDIATE")
        scene.pause(0.3, 2)
        other.execute("ROLLBACK")


def _cut_connections(url: str) -> None:
    engine = create_engine(url)
    with suppress(Exception), engine.connect() as connection:
        mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{mine} AND pid != pg_backend_pid()"))
    engine.dispose()


def nothing(scene: Scene) -> None:
    scene.over.wait()


SCENARIOS: dict[str, Nemesis] = {
    "calm": nothing,
    "F01-F03 web killed": kill_web,
    "F14-F17 worker killed": kill("worker"),
    "F18 worker frozen": freeze("worker"),
    "F22 redis killed": kill("redis", least=0.3),
    "F23 redis emptied": empty_redis,
    "F24 redis frozen": freeze("redis"),
    "F28 sweeper killed or frozen": freeze("sweeper"),
    "F29-F32 database cut or locked": lock_database,
    "F36 paid and timed out": misbehave("timeout_after_paying"),
    "F37 500, paid or not": misbehave("500", "500_after_paying"),
    "F38 busy and limited": misbehave("busy", "limited"),
    "F39 pending and slow": misbehave("pending", "slow", "timeout"),
    "F42 gateway and worker killed": kill("sandbox", "worker", least=0.3),
    "F61 everything": lambda scene: _everything(scene),
}


def _everything(scene: Scene) -> None:
    parts = [act for name, act in SCENARIOS.items() if not name.startswith(("calm", "F61"))]
    chosen = scene.random.sample(parts, 4)
    threads = [threading.Thread(target=act, args=(scene,), daemon=True) for act in chosen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
