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
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

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


def _parts(settings: Settings, environment: Mapping[str, str]) -> list[Part]:
    this = [sys.executable, "-m", "returns_service"]
    parts = [Part("sandbox", [*this, "sandbox"], environment), Part("web", [*this, "web"], environment)]
    for number in range(settings.workers):
        parts.append(Part(f"worker {number + 1}", [*this, "worker"], environment))
    parts.append(Part("sweeper", [*this, "sweeper"], environment))
    return parts


def _redis(settings: Settings, environment: Mapping[str, str]) -> Part:
    socket_path = settings.redis_socket
    folder = settings.data_dir / "redis"
    for one in (folder, socket_path.parent):
        one.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return Part("redis", redis_command(folder, socket_path), environment)
    except NoRedis as why:
        raise CannotStart(str(why)) from None


def _prepare(environment: Mapping[str, str]) -> None:
    """In a process of its own, so that the supervisor stays small: migrate, publish policies, load the demo."""
    done = subprocess.run(
        [sys.executable, "-m", "returns_service", "prepare"], env=dict(environment), check=False
    )
    if done.returncode:
        raise CannotStart("The database could not be prepared; nothing was started.")


def _is_ready(settings: Settings) -> bool:
    try:
        with urlopen(f"http://{settings.visible_host}:{settings.port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _environment(settings: Settings) -> dict[str, str]:
    metrics = settings.data_dir / "metrics"
    metrics.mkdir(exist_ok=True)
    for file in metrics.glob("*.db"):
        file.unlink()  # figures of processes of an earlier start
    return {**os.environ, METRICS_FOLDER: str(metrics), "PYTHONUNBUFFERED": "1"}


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
        _prepare(environment)
        supervisor.parts += _parts(settings, environment)
        limit = time.monotonic() + READY_WITHIN
        supervisor.watch(lambda: _is_ready(settings) or time.monotonic() > limit)
        if not supervisor.stopping:
            _welcome(settings)
        supervisor.watch()
    finally:
        click.echo("Stopping ...", err=True)
        supervisor.end()


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
