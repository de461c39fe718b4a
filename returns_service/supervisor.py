"""`serve`: everything in one command. Starts the parts, restarts what dies, leaves nothing behind."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import click

from returns_service.adapters.embedded_redis import NoRedis
from returns_service.adapters.embedded_redis import command as redis_command
from returns_service.config import METRICS_FOLDER, Settings, load, strangers
from returns_service.processes import CannotStart, end_with_parent

LONGEST_PAUSE = 15.0
HEALTHY_AFTER = 20.0
"""Seconds of life after which a death is a new misfortune and not the same one again."""
PATIENCE = 12.0
"""Seconds that a part has to end before it is killed."""
READY_WITHIN = 60.0
MIGRATIONS = Path(__file__).parent / "store" / "migrations" / "versions"


@dataclass
class Part:
    """One process that should always run."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which ends the parts in order.
        self.process = subprocess.Popen(
            self.command, env=dict(self.environment), start_new_session=True, preexec_fn=end_with_parent
        )
        self.started = time.monotonic()

    def tend(self) -> None:
        """Start again what died, after a pause that grows while it keeps dying."""
        now = time.monotonic()
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            self.process = None
            self.deaths = 0 if now - self.started > HEALTHY_AFTER else self.deaths + 1
            self.again_at = now + (0.0 if not self.deaths else min(LONGEST_PAUSE, 0.25 * 2**self.deaths))
            click.echo(f"{self.name} ended ({_status(status)}) and is started again.", err=True)
        if now >= self.again_at:
            self.start()

    def end(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
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
                    _wait(part.process, PATIENCE if number == signal.SIGTERM else 5)


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _status(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two services on one folder would share a redis and a database by accident."""
    with (folder / "serve.lock").open("w") as file:
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


THIS = [sys.executable, "-m", "returns_service"]


def _front(environment: Mapping[str, str]) -> list[Part]:
    """What people meet first."""
    return [Part("web", [*THIS, "web"], environment), Part("sandbox", [*THIS, "sandbox"], environment)]


def _back(settings: Settings, environment: Mapping[str, str]) -> list[Part]:
    workers = [
        Part(f"worker {number + 1}", [*THIS, "worker"], environment) for number in range(settings.workers)
    ]
    return [*workers, Part("sweeper", [*THIS, "sweeper"], environment)]


def _redis(settings: Settings, environment: Mapping[str, str]) -> Part:
    socket_path = settings.redis_socket
    folder = settings.data_dir / "redis"
    for one in (folder, socket_path.parent):
        one.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return Part("redis", redis_command(folder, socket_path), environment)
    except NoRedis as why:
        raise CannotStart(str(why)) from None


def _look(settings: Settings) -> str:
    """What preparing depends on; empty where only the database itself can say whether it is prepared."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if not settings.database_url.startswith("sqlite:///") or not file.exists():
        return ""
    return "\n".join([str(file), str(settings.demo), *sorted(one.name for one in MIGRATIONS.glob("*.py"))])


def _prepare(settings: Settings, environment: Mapping[str, str], stopped: Callable[[], object]) -> None:
    """In a process of its own, so that the supervisor stays small: migrate, publish policies, load the demo."""
    mark = settings.data_dir / "prepared"
    if mark.exists() and mark.read_text() == _look(settings) != "":
        return
    part = Part("preparation", [*THIS, "prepare"], environment)
    part.start()
    while part.process is not None and part.process.poll() is None:
        if stopped():
            part.end(signal.SIGTERM)
        time.sleep(0.05)
    if part.process is None or (part.process.returncode and not stopped()):
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


def _environment(settings: Settings) -> dict[str, str]:
    metrics = settings.data_dir / "metrics"
    metrics.mkdir(exist_ok=True)
    for file in metrics.glob("*.db"):
        file.unlink()  # figures of processes of an earlier start
    few_arenas = {"MALLOC_ARENA_MAX": "2"}  # many threads, little memory each
    return {**few_arenas, **os.environ, METRICS_FOLDER: str(metrics), "PYTHONUNBUFFERED": "1"}


@click.command
def serve() -> None:
    """Run everything: redis, the sandbox gateway, web, workers and sweeper."""
    settings = load()
    for line in strangers(os.environ):
        click.echo(f"Note: {line}", err=True)
    with _alone(settings.data_dir):
        _check_port(settings.host, settings.port, "RETURNS_PORT")
        _check_port("127.0.0.1", settings.sandbox_port, "RETURNS_SANDBOX_PORT")
        _run(settings, _environment(settings))


def _run(settings: Settings, environment: Mapping[str, str]) -> None:
    supervisor = Supervisor()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.on_signal)
    try:
        if settings.embedded_redis:
            supervisor.parts.append(_redis(settings, environment))
            supervisor.parts[0].start()
        _prepare(settings, environment, lambda: supervisor.stopping)
        supervisor.parts += _front(environment)
        supervisor.watch(_once(settings))
        supervisor.parts += _back(settings, environment)
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
