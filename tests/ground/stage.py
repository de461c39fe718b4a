"""The whole service as separate processes that a test may kill, stop, double and set in motion again."""

import json
import shutil
import signal
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from sqlalchemy import create_engine, make_url, text

from tests.ground import processes, steps
from tests.ground.parts import Parts
from tests.ground.postgres import Postgres
from tests.ground.redis import RedisServer
from tests.ground.sinks import Listener, Mailbox

SCOPES = "orders:write,returns:read,returns:write,warehouse,staff,admin"
SHOPS = ("demo", "other")
CARRIER_SECRET = "whsec_Y2Fycmllci1zZWNyZXQtZm9yLXRlc3Rz"
ALWAYS = {"web": ("web",), "sandbox": ("sandbox",), "worker": ("worker",), "sweeper": ("sweeper",)}
TOLD = ["return.requested", "refund.succeeded", "return.refunded"]


@dataclass
class Part:
    """One process that is started again when it dies, unless it is to stay away."""

    name: str
    arguments: tuple[str, ...]
    changes: dict[str, str] = field(default_factory=dict)
    process: psutil.Process | None = None
    wanted: bool = True
    starts: int = 0


@dataclass
class House:
    """What outlives one service: the forking process, redis, PostgreSQL, message sinks and prepared databases."""

    folder: Path
    parts: Parts
    redis: RedisServer
    server: Postgres
    mailbox: Mailbox = field(default_factory=Mailbox)
    listener: Listener = field(default_factory=Listener)
    templates: dict[str, str] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.smtp_url, self.hook_url = self.mailbox.start(), self.listener.start()

    def close(self) -> None:
        self.mailbox.stop()
        self.listener.stop()
        self.parts.close()

    def environment(self, folder: Path, url: str) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "RETURNS_DATA_DIR": str(folder),
            "RETURNS_DATABASE_URL": url,
            "RETURNS_REDIS_URL": self.redis.url,
            "RETURNS_SMTP_URL": self.smtp_url,
            "RETURNS_SECRET_KEY": "the-same-secret-for-every-run-of-faults",
            "RETURNS_DEMO": "false",
            "RETURNS_RATE_LIMIT": "off",
            "RETURNS_ALLOW_PRIVATE_HOOKS": "true",
            "RETURNS_LOG_LEVEL": "warning",
        }

    def database(self, kind: str, folder: Path) -> str:
        """A new database with two shops, their keys and policies: a copy of one that was prepared once."""
        if kind not in self.templates:
            self._prepare(kind)
        if kind == "sqlite":
            shutil.copyfile(self.templates[kind], folder / "returns.db")
            return f"sqlite:///{folder / 'returns.db'}"
        return self.server.url(self.server.create(self.templates[kind]))

    def _prepare(self, kind: str) -> None:
        folder = self.folder / f"template-{kind}"
        folder.mkdir()
        name = self.server.create() if kind == "postgresql" else str(folder / "returns.db")
        url = self.server.url(name) if kind == "postgresql" else f"sqlite:///{name}"
        run = lambda *words: self.parts.run(*words, environment=self.environment(folder, url), folder=folder)  # noqa: E731
        run("prepare")
        run("shop", "create", SHOPS[1])
        found = {shop: run("key", "create", "--shop", shop, "--scopes", SCOPES) for shop in SHOPS}
        self.keys[kind] = {shop: said.split()[-1] for shop, said in found.items()}
        engine = create_engine(url)
        with engine.begin() as connection:
            settings = {"settings": json.dumps({"carrier_secret": CARRIER_SECRET})}
            connection.execute(text("UPDATE shops SET settings = :settings"), settings)
        engine.dispose()
        if kind == "sqlite":
            _into_one_file(name)
        self.templates[kind] = name


def _into_one_file(name: str) -> None:
    engine = create_engine(f"sqlite:///{name}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


class Stage:
    """One service on one database, with everything it writes in one folder."""

    def __init__(self, house: House, kind: str, folder: Path) -> None:
        self.house, self.kind, self.folder = house, kind, folder
        folder.mkdir(parents=True)
        self.database_url = house.database(kind, folder)
        self.keys = house.keys[kind]
        self.port, self.second_port, self.sandbox_port = processes.free_ports(3)
        self.url, self.second_url = (f"http://127.0.0.1:{port}" for port in (self.port, self.second_port))
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}"
        self.order = folder / "order"
        self.parts = {name: Part(name, words) for name, words in ALWAYS.items()}
        self._lock, self._closed = threading.RLock(), threading.Event()

    def environment(self, part: Part | None = None) -> dict[str, str]:
        mine = {"RETURNS_PORT": str(self.port), "RETURNS_SANDBOX_PORT": str(self.sandbox_port)}
        roles = {steps.ORDER: str(self.order), steps.ROLE: part.name if part else "command"}
        base = self.house.environment(self.folder, self.database_url)
        return {**base, **mine, **roles, **(part.changes if part else {})}

    def start(self) -> None:
        self.house.redis.ensure()
        with closing(self.house.redis.client()) as client:
            client.flushall()
        self.house.mailbox.taken.clear()
        self.house.listener.taken.clear()
        threading.Thread(target=self._tend, daemon=True).start()
        self.wait_ready()
        self._listen()

    def _listen(self) -> None:
        headers = {"Authorization": f"Bearer {self.keys['demo']}", "Idempotency-Key": "listen"}
        body = {"url": self.house.hook_url, "events": TOLD}
        answer = httpx.post(f"{self.url}/v1/webhook-endpoints", json=body, headers=headers, timeout=20)
        answer.raise_for_status()
        self.house.listener.secret = answer.json()["secret"]

    def ready(self) -> bool:
        try:
            web = httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
            return web and httpx.get(f"{self.sandbox_url}/livez", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def wait_ready(self) -> None:
        processes.eventually(self.ready, 30, f"a service that is ready ({self.folder})")

    def _tend(self) -> None:
        while not self._closed.wait(0.05):
            with self._lock:
                for part in list(self.parts.values()):
                    if part.wanted and not _lives(part.process):
                        self._start(part)

    def _start(self, part: Part) -> None:
        part.starts += 1
        log = self.folder / f"{part.name}.log"
        part.process = self.house.parts.fork(*part.arguments, environment=self.environment(part), log=log)

    def signal(self, name: str, number: int) -> None:
        """To one part, its children included."""
        part = self.parts.get(name)
        if part is None or part.process is None:
            return
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            for process in [*part.process.children(recursive=True), part.process]:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)

    def away(self, *names: str) -> None:
        """kill -9, and nobody starts it again."""
        with self._lock:
            for name in names:
                self.parts[name].wanted = False
        for name in names:
            self.signal(name, signal.SIGKILL)

    def back(self, *names: str) -> None:
        with self._lock:
            for name in names:
                self.parts[name].wanted = True

    def add(self, name: str, role: str, **changes: str) -> None:
        """One more of a kind."""
        with self._lock:
            self.parts.setdefault(name, Part(name, ALWAYS[role], changes)).wanted = True

    def heal(self) -> None:
        """Everything runs again, extras are gone, and nothing misbehaves."""
        steps.withdraw(self.order)
        self.house.mailbox.away = self.house.listener.away = False
        self.house.redis.ensure()
        for name in list(self.parts):
            self.signal(name, signal.SIGCONT)
            if name not in ALWAYS:
                self.away(name)
                del self.parts[name]
        self.back(*ALWAYS)
        self.wait_ready()
        self.control({"next": "nothing"})

    def control(self, body: dict[str, Any]) -> None:
        """Tell the gateway what to do wrong."""
        with suppress(httpx.HTTPError):
            httpx.post(f"{self.sandbox_url}/control", json=body, timeout=2)

    def command(self, *arguments: str) -> str:
        return self.house.parts.run(*arguments, environment=self.environment(), folder=self.folder)

    def close(self) -> None:
        self._closed.set()
        time.sleep(0.06)
        for name in list(self.parts):
            self.away(name)
        if self.kind == "postgresql":
            with suppress(psycopg.Error):
                self.house.server.drop(make_url(self.database_url).database or "")


def _lives(process: psutil.Process | None) -> bool:
    try:
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
