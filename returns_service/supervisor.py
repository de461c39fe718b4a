"""`serve`: everything in one command. Starts the parts, restarts what dies, leaves nothing behind."""

import fcntl
import gc
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote

import click

from returns_service.adapters.embedded_redis import NoRedis
from returns_service.adapters.embedded_redis import command as redis_command
from returns_service.adapters.tls import trust
from returns_service.config import METRICS_FOLDER, Settings, load, strangers
from returns_service.processes import CannotStart, Copy, Program, Running, few_arenas, rarely_collect

LONGEST_PAUSE = 15.0
HEALTHY_AFTER = 20.0
"""Seconds of life after which a death is a new misfortune and not the same one again."""
PATIENCE = 12.0
"""Seconds that a part has to end before it is killed."""
READY_WITHIN = 60.0
Main = Callable[[Sequence[str]], object]
"""The command line itself: runs `returns-service` with these arguments."""
MIGRATIONS = Path(__file__).parent / "store" / "migrations" / "versions"


@dataclass
class Part:
    """One process that should always run."""

    name: str
    launch: Callable[[], Running]
    process: Running | None = None
    deaths: int = 0
    started: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        self.process = self.launch()
        self.started = time.monotonic()

    def tend(self) -> None:
        """Start again what died, after a pause that grows while it keeps dying."""
        now = time.monotonic()
        if self.process is not None:
            status = self.process.status()
            if status is None:
                return
            self.process = None
            self.deaths = 0 if now - self.started > HEALTHY_AFTER else self.deaths + 1
            self.again_at = now + (0.0 if not self.deaths else min(LONGEST_PAUSE, 0.25 * 2**self.deaths))
            click.echo(f"{self.name} ended ({_status(status)}) and is started again.", err=True)
        if now >= self.again_at:
            self.start()

    def end(self, number: int) -> None:
        if self.process is not None and self.process.status() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@dataclass
class Supervisor:
    """The parts in the order in which they start; they end the other way round."""

    parts: list[Part] = field(default_factory=list)
    stopping: int = 0

    def on_signal(self, _number: int, _frame: object) -> None:
        self.stopping += 1
        if self.stopping > 1:
            for part in self.parts:
                part.end(signal.SIGKILL)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        while not self.stopping and not until():
            for part in self.parts:
                part.tend()
            time.sleep(0.1)

    def end(self) -> None:
        """Front to back: first nobody is let in, then the work at hand is finished, redis goes last."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for part in reversed(self.parts):
                part.end(number)
                if part.process is not None:
                    part.process.wait(PATIENCE if number == signal.SIGTERM else 5)


def _status(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two services on one folder would share a redis and a database by accident."""
    with (folder / "serve.lock").open("w") as file:
        os.register_at_fork(after_in_child=file.close)  # the lock is the supervisor's alone
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another service already runs on {folder}; set RETURNS_DATA_DIR to another folder."
            ) from None
        yield


def _check_port(host: str, port: int, name: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as why:
            raise CannotStart(
                f"Port {port} on {host} cannot be used ({why.strerror}); set {name} to another."
            ) from None


PRELOADED = (
    "returns_service.app",
    "returns_service.web",
    "returns_service.worker",
    "returns_service.sweeper",
    "returns_service.sandbox.__main__",
)
"""Imported once, before the parts are copied: they start at once and share the memory."""


def _preload() -> None:
    gc.disable()  # what is imported stays; looking through it again and again finds nothing
    for name in PRELOADED:
        import_module(name)
    trust()
    rarely_collect()


def _part(name: str, command: str, main: Main) -> Part:
    """A part that runs one of our own commands."""
    if sys.platform == "linux":
        return Part(name, partial(Copy, command, partial(main, [command])))
    return Part(name, partial(Program, [sys.executable, "-m", "returns_service", command]))


def _front(main: Main) -> list[Part]:
    """What people meet first."""
    return [_part("web", "web", main), _part("sandbox", "sandbox", main)]


def _back(settings: Settings, main: Main) -> list[Part]:
    workers = [_part(f"worker {number + 1}", "worker", main) for number in range(settings.workers)]
    return [*workers, _part("sweeper", "sweeper", main)]


def _redis(settings: Settings) -> Part:
    socket_path = settings.redis_socket
    folder = settings.data_dir / "redis"
    for one in (folder, socket_path.parent):
        one.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return Part("redis", partial(Program, redis_command(folder, socket_path)))
    except NoRedis as why:
        raise CannotStart(str(why)) from None


def _look(settings: Settings) -> str:
    """What preparing depends on; empty where only the database itself can say whether it is prepared."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if not settings.database_url.startswith("sqlite:///") or not file.exists():
        return ""
    known = sorted(one.name for one in MIGRATIONS.glob("*.py"))
    return "\n".join([str(file), _revision(file), str(settings.demo), *known])


def _revision(file: Path) -> str:
    """The schema's; another file may have been put in its place, such as a backup from before an upgrade."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as db,
    ):
        return str(db.execute("SELECT version_num FROM alembic_version").fetchone())
    return ""


def _prepare(settings: Settings, main: Main, stopped: Callable[[], object]) -> None:
    """In a process of its own, so that the supervisor stays small: migrate, publish policies, load the demo."""
    mark = settings.data_dir / "prepared"
    if mark.exists() and mark.read_text() == _look(settings) != "":
        return
    part = _part("preparation", "prepare", main)
    part.start()
    while part.process is not None and part.process.status() is None:
        if stopped():
            part.end(signal.SIGTERM)
        time.sleep(0.05)
    if part.process is None or (part.process.status() and not stopped()):
        raise CannotStart("The database could not be prepared; nothing was started.")
    if not stopped():
        mark.write_text(_look(settings))


def _is_ready(settings: Settings) -> bool:
    connection = HTTPConnection(settings.visible_host, settings.port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _set_up(settings: Settings) -> None:
    """What the parts inherit."""
    metrics = settings.data_dir / "metrics"
    metrics.mkdir(exist_ok=True)
    for file in metrics.glob("*.db"):
        file.unlink()  # figures of processes of an earlier start
    os.environ |= {METRICS_FOLDER: str(metrics), "PYTHONUNBUFFERED": "1"}
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    few_arenas()


@click.command
@click.pass_obj
def serve(main: Main) -> None:
    """Run everything: redis, the sandbox gateway, web, workers and sweeper."""
    settings = load()
    for line in strangers(os.environ):
        click.echo(f"Note: {line}", err=True)
    with _alone(settings.data_dir):
        _check_port(settings.host, settings.port, "RETURNS_PORT")
        _check_port("127.0.0.1", settings.sandbox_port, "RETURNS_SANDBOX_PORT")
        _set_up(settings)
        _run(settings, main)


def _run(settings: Settings, main: Main) -> None:
    supervisor = Supervisor()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.on_signal)
    try:
        if settings.embedded_redis:
            supervisor.parts.append(_redis(settings))
            supervisor.parts[0].start()
        _preload()
        _prepare(settings, main, lambda: supervisor.stopping)
        supervisor.parts += _front(main)
        supervisor.watch(_once(settings))
        supervisor.parts += _back(settings, main)
        if not supervisor.stopping:
            _welcome(settings)
        supervisor.watch()
    finally:
        click.echo("Stopping ...", err=True)
        supervisor.end()


def _once(settings: Settings) -> Callable[[], bool]:
    """True when the web answers, or has had its time: the parts behind it do not compete with its start."""
    limit = time.monotonic() + READY_WITHIN
    return lambda: _is_ready(settings) or time.monotonic() > limit


def _welcome(settings: Settings) -> None:
    if not _is_ready(settings):
        click.echo(f"Not ready after {READY_WITHIN:.0f} seconds; see the lines above.", err=True)
    click.echo(f"\nReturns service on {settings.public_url}   (Ctrl-C stops it)\n")
    lines = [
        ("API document", f"{settings.public_url}/v1/docs"),
        (
            "Mailbox",
            f"{settings.public_url}/dev/mailbox" if not settings.smtp_url else str(settings.mail_from),
        ),
        ("Sandbox gateway", f"{settings.sandbox_url}/ledger"),
        ("Data", str(settings.data_dir)),
    ]
    sign_ins = settings.data_dir / "demo-sign-ins.txt"
    if sign_ins.exists():
        lines.append(("Demo sign-ins", str(sign_ins)))
    for name, value in lines:
        click.echo(f"  {name:<16} {value}")
    if sign_ins.exists():
        click.echo("\n" + sign_ins.read_text().rstrip())
    click.echo()
