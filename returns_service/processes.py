"""Processes: what stops one from starting, and how one ends with its parent even when that is killed."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """Something stands against starting, said in one line; nothing was started."""


def end_with_parent() -> None:
    """The kernel ends this process as soon as its parent is gone (Linux; elsewhere nothing happens)."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
