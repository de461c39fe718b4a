"""F01-F13: the web process dies, clients misbehave, and several want the same thing at once."""

import signal
import socket
import struct
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.bench import journey
from tests.faults.log import Asked, Race
from tests.faults.scenarios.scene import Scenario, Scene
from tests.faults.workload import Client, GaveUp


def slow_bodies(scene: Scene) -> None:
    """Sockets that send a few bytes and then nothing, some of which hang up in the middle."""
    head = (
        f"POST /v1/returns HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {scene.stage.keys['demo']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 5000\r\nIdempotency-Key: slow\r\n\r\n{"
    )
    while not scene.over.is_set():
        held = []
        for _ in range(200):
            with suppress(OSError):
                one = socket.create_connection(("127.0.0.1", scene.stage.port), timeout=2)
                one.sendall(head.encode())
                held.append(one)
        scene.pause(0.5, 1.5)
        for one in held:
            if scene.random.random() < 0.5:  # a reset instead of a farewell
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()


def double_click(scene: Scene) -> None:
    """The same post twice, 0 to 300 ms apart."""
    client = scene.client()
    while not scene.over.is_set():
        wish, key = journey.request(client.order()), client.new_key()
        apart = scene.random.uniform(0, 0.3)

        def later(seconds: float, wish: Any = wish, key: str = key) -> Asked:
            time.sleep(seconds)
            return client.told("POST", "/v1/returns", wish, key=key)

        scene.race("double click", [lambda: later(0), lambda apart=apart: later(apart)], 409)  # type: ignore[misc]


def one_key(scene: Scene) -> None:
    """Many at once with one key."""
    client = scene.client()
    for _ in range(2):
        wish, key = journey.request(client.order()), client.new_key()
        ask = lambda wish=wish, key=key: client.told("POST", "/v1/returns", wish, key=key)  # noqa: E731
        scene.race("one key", [ask] * 25, 409)


def other_body(scene: Scene) -> None:
    """The same key with another body."""
    client = scene.client()
    while not scene.pause(0.05, 0.3):
        wish, key = journey.request(client.order()), client.new_key()
        client.ask("POST", "/v1/returns", wish, key=key)
        other = {**wish, "client_reference": "another"}
        scene.race(
            "another body",
            [lambda other=other, key=key: client.told("POST", "/v1/returns", other, key=key)],
            422,
            winners=0,
        )


def forgotten_key(scene: Scene) -> None:
    """31 days later a key is new again, and the request with it too."""
    client = scene.client()
    wish, key = journey.request(client.order()), client.new_key()
    client.ask("POST", "/v1/returns", wish, key=key)
    scene.wait_quiet()
    later = datetime.now(UTC) + timedelta(days=31)
    scene.log.forgotten = True
    scene.stage.command("sweep", "--at", later.isoformat())
    again = client.told("POST", "/v1/returns", wish, key=key)
    again.key = f"{key}, 31 days later"
    status = 304 if again.replayed else again.status
    scene.log.races.append(Race("a key after its time", [status], (), 1))


def last_unit(scene: Scene) -> None:
    """Everybody wants the last unit: some dozens, or a thousand."""
    each = 25 if scene.random.random() < 0.1 else 1
    clients = [scene.client() for _ in range(40)]
    number = clients[0].order()
    clients[0].create(number)  # one of two
    wish = journey.request(number)
    found = scene.at_once([lambda one=one: _want(one, wish, each) for one in clients])
    statuses = [one.status for asked in found if asked for one in asked]
    scene.log.races.append(Race("the last unit", statuses, (409, 422)))


def _want(client: Client, wish: Any, times: int) -> list[Asked]:
    return [client.told("POST", "/v1/returns", wish, key=client.new_key()) for _ in range(times)]


def two_reviewers(scene: Scene) -> None:
    """One approves and one rejects, on the same version."""
    while not scene.pause(0.02, 0.1):
        case = _waiting(scene)
        acts = [
            _move(scene, case, "approve", {}),
            _move(scene, case, "reject", {"code": "worn", "message": "It was worn."}),
        ]
        scene.race("two reviewers", acts, 412, 409)


def stale_tab(scene: Scene) -> None:
    """A tab that saw an older version decides, and one that names no version."""
    while not scene.pause(0.02, 0.1):
        case = _waiting(scene)
        client = scene.client()
        client.ask("POST", f"/v1/returns/{case['id']}/approve", {}, version=case["version"])
        acts = [_move(scene, case, "cancel", {}), _move(scene, {**case, "version": 0}, "cancel", {})]
        scene.race("a stale tab", acts, 412, 428, winners=0)


def cancel_or_receive(scene: Scene) -> None:
    """The customer cancels in the instant in which the warehouse counts the parcel in."""
    while not scene.pause(0.02, 0.1):
        client = scene.client()
        case = client.create(client.order())
        units = {"lines": [{"line_id": case["lines"][0]["id"], "quantity": 1}]}
        cancel, count = (
            _move(scene, case, "cancel", {}),
            _move(scene, {**case, "version": 0}, "receive", units),
        )
        cancelled, counted = scene.at_once([cancel, count])
        if not counted.well:
            scene.log.races.append(Race("a parcel is always receivable", [counted.status], ()))
        if cancelled.status not in (200, 409, 412):
            scene.log.races.append(Race("cancel or receive", [cancelled.status], ()))


def _waiting(scene: Scene) -> Any:
    """A case that a person must look at."""
    client = scene.client()
    return client.create(client.order(), reason="other")


def _move(scene: Scene, case: Any, trigger: str, body: Any) -> Callable[[], Asked]:
    """One try, by somebody who saw this case."""
    one = scene.client()
    path = f"/v1/returns/{case['id']}/{trigger}"
    return lambda: one.told("POST", path, body, key=one.new_key(), version=case["version"])


def rolling_restart(scene: Scene) -> None:
    """The web server replaces its processes under load, by HUP and by TERM."""
    for _ in range(4):
        if scene.pause(0.3, 1.0):
            return
        part = scene.stage.parts["web"].process
        if part is not None:
            with suppress(Exception):
                part.send_signal(scene.random.choice((signal.SIGHUP, signal.SIGTERM)))
        scene.wait_ready()


def migration(scene: Scene) -> None:
    """The database gains a column and is migrated again while the old program runs; a new process starts beside it."""
    scene.stage.add("web 2", "web", RETURNS_PORT=str(scene.stage.second_port))
    engine = create_engine(scene.stage.database_url)
    for table in ("return_cases", "outbox", "refunds"):
        scene.pause(0.1, 0.6)
        for _ in range(20):
            with suppress(DBAPIError), engine.begin() as connection:
                connection.execute(text(f"ALTER TABLE {table} ADD COLUMN of_a_later_version VARCHAR NULL"))
                break
    engine.dispose()
    scene.stage.command("db", "upgrade")
    client = scene.client()
    client.http = httpx.Client(base_url=scene.stage.second_url, headers=client.http.headers, timeout=8)
    with closing(client.http):
        for _ in range(3):
            try:
                client.one_return()
            except GaveUp as why:
                scene.log.wrong.append(str(why))


_WEB = ("web",)
SCENARIOS = [
    Scenario("F01", "web killed before a commit", lambda s: s.deaths(_WEB, "before commit")),
    Scenario("F02", "web killed after a commit", lambda s: s.deaths(_WEB, "after commit")),
    Scenario(
        "F03",
        "web killed before it rings",
        lambda s: s.deaths(_WEB, "before enqueue", "after enqueue", within=2),
    ),
    Scenario("F04", "slow bodies, clients that hang up", slow_bodies, intake_open=True, cuts=False),
    Scenario("F05", "double clicks", double_click, cuts=False, mixes=False),
    Scenario("F06", "25 at once with one key", one_key, cuts=False, mixes=False),
    Scenario(
        "F07",
        "a key with another body, and after its time",
        other_body,
        forgotten_key,
        cuts=False,
        mixes=False,
    ),
    Scenario("F08", "the last unit, wanted by 40 or 1000", last_unit, cuts=False, mixes=False),
    Scenario("F09", "approve against reject", two_reviewers, cuts=False, mixes=False),
    Scenario("F10", "a stale tab", stale_tab, cuts=False, mixes=False),
    Scenario("F11", "cancel against receive", cancel_or_receive, cuts=False, mixes=False),
    Scenario("F12", "rolling restart", rolling_restart),
    Scenario("F13", "migration while the old version runs", migration, mixes=False),
]
