"""The sandbox gateway as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.ground import processes

SECRET = "whsec_c2FuZGJveC1zZWNyZXQtZm9yLXRlc3Rz"
NOWHERE = "http://127.0.0.1:9"


class Sandbox:
    """Hangs for 1.5 s instead of 30, is slow for 0.5 s, lets refunds turn after 0.2 s."""

    def __init__(self, data: Path, service: str = NOWHERE) -> None:
        self.data = data
        self.service = service
        (self.port,) = processes.free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "returns_service.sandbox", "--port", str(self.port)]
        command += ["--data", str(self.data), "--service", self.service, "--secret", SECRET]
        command += ["--hang", "1.5", "--slow", "0.5", "--turn", "0.2"]
        environment = {**os.environ, "RETURNS_DATA_DIR": str(self.data)}
        self.process = processes.start(command, env=environment)
        processes.eventually(self._lives, what="the start of the sandbox gateway")

    def _lives(self) -> bool:
        try:
            return httpx.get(f"{self.url}/livez").is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """kill -9: whatever it knew must be on disk."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def control(self, kind: str, count: int = 1, *, webhooks: bool = True) -> None:
        body = {"next": kind, "count": count, "webhooks": webhooks}
        httpx.post(f"{self.url}/control", json=body).raise_for_status()

    def ledger(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(f"{self.url}/ledger").json()
        return answer


@contextmanager
def running(data: Path, service: str = NOWHERE) -> Iterator[Sandbox]:
    sandbox = Sandbox(data, service)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.kill()
