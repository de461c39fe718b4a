"""Policies tried on the past, a slice at a time: a worker that dies loses one slice, and no other work waits long."""

import time
from uuid import UUID

from returns_service.domain.errors import InvalidMany
from returns_service.jobs.outcome import TryLater
from returns_service.store.work import Work
from returns_service.usecases.run_simulation import ask_next, candidate_of, give_up, keep_progress, living
from returns_service.usecases.runtime import Runtime

SECONDS = 10.0
"""After so long other work gets its turn."""


def try_on_past(runtime: Runtime, work: Work) -> None:
    """The handler of topic "simulate"."""
    with runtime.db.read() as session:
        row = living(session, UUID(work.key))
    if row is None:
        return
    try:
        candidate = candidate_of(row)
    except InvalidMany as wrong:
        with runtime.db.begin() as session:
            give_up(session, row, wrong, now=runtime.now())
        return
    until = time.monotonic() + SECONDS
    while row is not None:
        with runtime.db.read() as session:
            found = ask_next(session, row, candidate)
        with runtime.db.begin() as session:
            if not keep_progress(session, row, found, now=runtime.now()):
                return
            row = living(session, row.id)
        if row is not None and time.monotonic() >= until:
            raise TryLater("more cases are to be asked", at=runtime.now())
