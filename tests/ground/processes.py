"""Child processes of tests: never outlive the test run, not even one that is killed."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """In the child, before it starts: the kernel ends it when the test process is gone."""
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command: Sequence[str | Path], **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([str(part) for part in command], preexec_fn=die_with_parent, **options)


def stop(process: subprocess.Popen[Any], with_signal: int = signal.SIGTERM, seconds: float = 10) -> int:
    """Ends a process and answers its exit status."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def eventually(holds: Callable[[], Any], seconds: float = 20, what: str = "it") -> Any:
    """The first true answer of `holds`; fails when none comes in time."""
    until = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not happen within {seconds} seconds")
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def short_folder(prefix: str) -> Path:
    """A temporary folder with a path short enough for a Unix socket, whatever TMPDIR says."""
    base = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix=prefix, dir=base if len(base) < 40 else "/tmp"))


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def is_root() -> bool:
    return os.geteuid() == 0
