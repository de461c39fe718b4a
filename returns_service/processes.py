"""Processes: how a part of the service comes to life, what stops it, and how it ends with its parent."""

import ctypes
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from setproctitle import setproctitle

_PR_SET_PDEATHSIG = 1
_M_ARENA_MAX = -8
_ARENAS = 2
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(Exception):
    """Something stands against starting, said in one line; nothing was started."""


class Running(Protocol):
    """A process that was started from here."""

    @property
    def pid(self) -> int: ...

    def status(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""

    def wait(self, seconds: float) -> None:
        """Until it ends, or so long."""


class Program:
    """Another program, in a session of its own: Ctrl-C reaches its parent alone."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_parent)
        self.pid = self._process.pid

    def status(self) -> int | None:
        return self._process.poll()

    def wait(self, seconds: float) -> None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return


class Copy:
    """A copy of this process that goes on with `run`; what was imported before is there at once and shared."""

    def __init__(self, name: str, run: Callable[[], object]) -> None:
        self._process = multiprocessing.get_context("fork").Process(target=_go_on, args=(name, run))
        with _undisturbed():
            self._process.start()
        self.pid = self._process.pid or 0

    def status(self) -> int | None:
        return self._process.exitcode

    def wait(self, seconds: float) -> None:
        self._process.join(seconds)


def title(part: str) -> str:
    """What `ps` shows."""
    return f"returns-service {part}"


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No signal between the fork and the moment when the copy has put away its parent's handlers."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _go_on(name: str, run: Callable[[], object]) -> None:
    os.setsid()
    end_with_parent()
    for number in _STOPS:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    setproctitle(title(name))
    gc.enable()
    run()


def end_with_parent() -> None:
    """The kernel ends this process as soon as its parent is gone (Linux; elsewhere nothing happens)."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def few_arenas() -> None:
    """Many threads, little memory each: glibc would give each thread a heap of its own."""
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune is not None:
        tune(_M_ARENA_MAX, _ARENAS)


def rarely_collect() -> None:
    """What is loaded by now stays for good: the collector need not look at it, nor look so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
