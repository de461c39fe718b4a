"""Places where a process may be killed: before and after each commit, enqueue and call to the outside.

An order is a file: `{"roles": ["worker"], "kinds": ["before call"], "left": 3}`. Every process counts its steps down in
it, and the one that comes to zero kills its whole process group with SIGKILL. Without the file nothing happens.
"""

import fcntl
import functools
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rq import Queue
from sqlalchemy import event
from sqlmodel import Session

from returns_service.adapters.messages import Smtp
from returns_service.adapters.payments.sandbox import SandboxGateway
from returns_service.adapters.webhooks import SafeCaller
from returns_service.worker import Worker

ORDER, ROLE = "FAULTS_ORDER", "FAULTS_ROLE"
KINDS = tuple(
    f"{when} {what}" for what in ("commit", "enqueue", "call", "dequeue") for when in ("before", "after")
)


def order(path: Path, *, left: int, roles: tuple[str, ...], kinds: tuple[str, ...] = KINDS) -> None:
    """Let the process die that makes the `left`-th of these steps."""
    body = {"roles": roles, "kinds": kinds, "left": left, "seen": []}
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(body))
    draft.replace(path)


def withdraw(path: Path) -> list[str]:
    """Nobody dies any more; answers the steps that were counted, the deadly one included."""
    done = path.with_suffix(".done")
    if done.exists():
        seen: list[str] = json.loads(done.read_text())
        done.unlink()
        return seen
    try:
        found = json.loads(path.read_text())
        path.unlink()
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    return list(found["seen"])


def was_carried_out(path: Path) -> bool:
    """Whether somebody died by the order."""
    return path.with_suffix(".done").exists()


def step(kind: str) -> None:
    """One step of this process, and perhaps its last."""
    path = os.environ.get(ORDER, "")
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file).st_nlink:
            _count(file, Path(path), kind)
    finally:
        os.close(file)


def _count(file: int, path: Path, kind: str) -> None:
    found, role = json.loads(os.pread(file, 1_000_000, 0)), os.environ.get(ROLE, "")
    if role not in found["roles"] or kind not in found["kinds"]:
        return
    found["left"] -= 1
    found["seen"].append(f"{role} {kind}")
    if found["left"] > 0:
        text = json.dumps(found).encode()
        os.ftruncate(file, len(text))
        os.pwrite(file, text, 0)
        return
    path.with_suffix(".dying").write_text(json.dumps(found["seen"]))
    path.unlink()
    path.with_suffix(".dying").replace(path.with_suffix(".done"))
    os.killpg(os.getpgid(0), signal.SIGKILL)


def install() -> None:
    """Count steps in this process and in those that it forks."""
    event.listen(Session, "before_commit", lambda session: _commit(session, "before commit"))
    event.listen(Session, "after_commit", lambda session: _commit(session, "after commit"))
    places = (
        (Queue, "enqueue", "enqueue"),
        (Worker, "execute_job", "dequeue"),
        (SandboxGateway, "refund", "call"),
    )
    for owner, name, what in (*places, (Smtp, "send", "call"), (SafeCaller, "post", "call")):
        setattr(owner, name, _stepped(getattr(owner, name), what))


def _commit(session: Session, kind: str) -> None:
    options = session.get_bind().get_execution_options()
    if not options.get("reads_only") and not options.get("postgresql_readonly"):
        step(kind)


def _stepped(real: Callable[..., Any], what: str) -> Callable[..., Any]:
    @functools.wraps(real)
    def call(*given: Any, **named: Any) -> Any:
        step(f"before {what}")
        answer = real(*given, **named)
        step(f"after {what}")
        return answer

    return call
