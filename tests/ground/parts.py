"""Many short lives: one process that has imported the service forks its parts, each a real process to kill.

It reads one JSON line per wish, `{"arguments": ["worker"], "environment": {...}, "log": "..."}`, and answers a pid.
"""

import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

import psutil

from tests.ground import processes

AHEAD = (
    "returns_service.app",
    "returns_service.web",
    "returns_service.worker",
    "returns_service.sweeper",
    "returns_service.sandbox.__main__",
    "returns_service.commands.books",
    "returns_service.commands.database",
    "returns_service.commands.people",
    "granian.server.mp",
)


class Parts:
    """The harness's end: forks on demand, in some milliseconds."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.ground.parts"]
        self._process = processes.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lock = threading.Lock()

    def fork(self, *arguments: str, environment: dict[str, str], log: Path) -> psutil.Process | None:
        """`returns-service <arguments>` in a new process; None when it is gone already."""
        wish = {"arguments": arguments, "environment": environment, "log": str(log)}
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(wish).encode() + b"\n")
            self._process.stdin.flush()
            pid = int(self._process.stdout.readline())
        try:
            return psutil.Process(pid)
        except psutil.NoSuchProcess:
            return None

    def run(self, *arguments: str, environment: dict[str, str], folder: Path, seconds: float = 60) -> str:
        """Runs a command to its end and answers what it printed."""
        log = folder / f"command-{time.monotonic_ns()}.txt"
        process = self.fork(*arguments, environment=environment, log=log)
        processes.eventually(
            lambda: process is None or not process.is_running(), seconds, " ".join(arguments)
        )
        said = log.read_text()
        log.unlink()
        return said

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        processes.stop(self._process, seconds=5)


def _serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    for line in sys.stdin.buffer:
        wish = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(wish)
        print(pid, flush=True)


def _become(wish: dict[str, Any]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(processes.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    log = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(here, there)
    os.environ.clear()
    os.environ.update(wish["environment"])
    sys.argv = ["returns-service", *wish["arguments"]]
    status = 1
    try:
        CLI()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    from importlib import import_module

    from returns_service.cli import main as CLI  # noqa: N812
    from tests.ground import haste, steps, warm

    for module in AHEAD:
        import_module(module)
    haste.install()
    steps.install()
    warm.up()
    gc.freeze()
    _serve()
