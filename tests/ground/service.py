"""The service in real processes, as people run it: for journeys, faults and the browser."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from tests.ground import processes

COMMAND = [sys.executable, "-m", "returns_service"]


class Service:
    """`returns-service serve` on free ports, with everything it writes in one folder."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self.sandbox_port = processes.free_ports(2)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RETURNS_")},
            "RETURNS_PORT": str(self.port),
            "RETURNS_SANDBOX_PORT": str(self.sandbox_port),
            "RETURNS_DATA_DIR": str(folder),
            "RETURNS_DEMO": "false",
            "RETURNS_RATE_LIMIT": "off",
            "RETURNS_ALLOW_PRIVATE_HOOKS": "true",
            **{f"RETURNS_{name.upper()}": value for name, value in settings.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def log(self) -> Path:
        return self.folder.with_name(self.folder.name + ".log")

    def start(self, seconds: float = 60, *, whole: bool = True) -> None:
        """Starts it and waits until it is ready; `whole`: and until worker and sweeper run, which come after."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = processes.start(
                [*COMMAND, "serve"], env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        processes.eventually(self.ready, seconds, f"the start of the service ({self.log})")
        if whole:
            processes.eventually(
                lambda: set(ROLES) <= set(self.parts()), 10, "the start of worker and sweeper"
            )

    def ready(self) -> bool:
        assert self.process is not None and self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        assert self.process is not None
        return processes.stop(self.process, with_signal, seconds=20)

    @contextmanager
    def started(self) -> Iterator["Service"]:
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def command(self, *arguments: str, check: bool = True) -> str:
        """Runs `returns-service ...` with the same settings and answers its standard output."""
        done = subprocess.run(
            [*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=60
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def key(self, *scopes: str, shop: str = "demo") -> str:
        """A fresh API key."""
        return self.command("key", "create", "--shop", shop, "--scopes", ",".join(scopes)).splitlines()[-1]

    def client(self, *scopes: str, shop: str = "demo") -> httpx.Client:
        """An HTTP client that speaks for a shop."""
        headers = {"Authorization": f"Bearer {self.key(*scopes, shop=shop)}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def parts(self) -> dict[str, psutil.Process]:
        """The processes of the service by role: redis, sandbox, web, worker, sweeper."""
        assert self.process is not None
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a part that ends just now
                said = " ".join(child.cmdline())
                role = (
                    "redis" if "valkey-server" in said else next((w for w in ROLES if w in said.split()), "")
                )
                found[role] = child
        return found


ROLES = ("sandbox", "web", "worker", "sweeper")
