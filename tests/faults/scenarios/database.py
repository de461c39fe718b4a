"""F29-F33: the database is cut off, exhausted, deadlocked, locked, full or read-only."""

import os
import resource
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import make_url

from tests.faults.scenarios.scene import Scenario, Scene

CRASHES = 4
"""In one run."""


def _connect(scene: Scene) -> "psycopg.Connection[tuple[object, ...]]":
    return scene.stage.house.server.connect(make_url(scene.stage.database_url).database or "")


def crash(scene: Scene) -> None:
    """PostgreSQL: one backend is killed, so all are, and the server recovers. SQLite: all who use the file are killed."""
    for _ in range(CRASHES):
        if scene.pause(0.3, 1.5):
            return
        if scene.stage.kind == "sqlite":
            for name in ("web", "worker", "sweeper"):
                scene.signal(name, signal.SIGKILL)
            scene.wait_ready()
            continue
        with suppress(psycopg.Error, ProcessLookupError, TypeError), closing(_connect(scene)) as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            victims = connection.execute(query).fetchall()
            if victims:
                os.kill(int(str(scene.random.choice(victims)[0])), signal.SIGKILL)


def cut(scene: Scene) -> None:
    """Every connection is cut, again and again (PostgreSQL); the write lock is held by another process (SQLite)."""
    for _ in range(2 * CRASHES):
        if scene.pause(0.2, 1.0):
            return
        if scene.stage.kind == "sqlite":
            _hold_write_lock(scene, 0.2, 0.8)
            continue
        with suppress(psycopg.Error), closing(_connect(scene)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def exhausted(scene: Scene) -> None:
    """No connection is left, and a transaction that does nothing holds what everybody needs."""
    while not scene.pause(0.2, 0.6):
        if scene.stage.kind == "sqlite":
            _hold_write_lock(scene, 1, 3)
            continue
        held = []
        with suppress(psycopg.Error):
            for _ in range(120):
                held.append(_connect(scene))
        with suppress(psycopg.Error, IndexError), held[0].transaction():
            held[0].execute("LOCK TABLE return_cases IN EXCLUSIVE MODE")
            scene.pause(0.5, 2.5)
        for one in held:
            one.close()


def deadlocks(scene: Scene) -> None:
    """Somebody locks rows the other way round (PostgreSQL); short locks at every instant (SQLite)."""
    while not scene.over.is_set():
        if scene.stage.kind == "sqlite":
            _hold_write_lock(scene, 0.01, 0.1)
            scene.pause(0.01, 0.05)
            continue
        with suppress(psycopg.Error), closing(_connect(scene)) as connection, connection.transaction():
            rows = "(SELECT id FROM {} ORDER BY id DESC LIMIT 6) FOR UPDATE"
            for table in scene.random.sample(
                ("tenders", "return_cases", "orders", "case_lines", "outbox"), 3
            ):
                connection.execute(f"SELECT 1 FROM {table} WHERE id IN {rows.format(table)}".encode())
                time.sleep(0.02)


def locked(scene: Scene) -> None:
    """Somebody else has the whole of it for a while, perhaps for longer than anybody waits."""
    longest = 10 if scene.random.random() < 0.3 else 2
    while not scene.pause(0.3, 1.0):
        if scene.stage.kind == "sqlite":
            _hold_write_lock(scene, longest / 2, longest)
            continue
        with suppress(psycopg.Error), closing(_connect(scene)) as connection, connection.transaction():
            connection.execute("LOCK TABLE orders, return_cases, outbox IN ACCESS EXCLUSIVE MODE")
            scene.pause(longest / 4, longest / 2)


def _hold_write_lock(scene: Scene, least: float, most: float) -> None:
    path = scene.stage.database_url.removeprefix("sqlite:///")
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as other:
        other.execute("BEGIN IMMEDIATE")
        scene.pause(least, most)
        other.execute("ROLLBACK")


def full(scene: Scene) -> None:
    """No more room: files may not grow (SQLite); only reading is allowed (PostgreSQL, as after a failover)."""
    while not scene.pause(0.2, 0.8):
        if scene.stage.kind == "sqlite":
            _let_nothing_grow(scene)
            continue
        _only_reading(scene, "on")
        scene.pause(0.3, 1.5)
        _only_reading(scene, "off")


def _only_reading(scene: Scene, setting: str) -> None:
    name = make_url(scene.stage.database_url).database
    with suppress(psycopg.Error), closing(scene.stage.house.server.connect()) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}'.encode())
        if setting == "on":
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(others, [name])


def _let_nothing_grow(scene: Scene) -> None:
    size = max(file.stat().st_size for file in Path(scene.stage.folder).glob("returns.db*"))
    found = scene.processes("web", "worker", "sweeper")
    for most in (size, resource.RLIM_INFINITY):
        for process in found:
            with suppress(psutil.Error, ProcessLookupError, ValueError):
                process.rlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        if most == size:
            scene.pause(0.3, 1.5)


SCENARIOS = [
    Scenario("F29", "database crashes in mid-transaction", crash),
    Scenario("F29b", "database connections cut", cut),
    Scenario("F30", "connections exhausted, idle in transaction", exhausted),
    Scenario("F31", "deadlocks", deadlocks),
    Scenario("F32", "database locked by somebody else", locked),
    Scenario("F33", "disk full or read-only", full, mixes=False),
]
