"""The sweeper: every few seconds, in one process at a time, it looks for what nobody else remembered."""

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from returns_service.jobs import relay
from returns_service.store import leases, simulations
from returns_service.store import work as store
from returns_service.usecases.remember_answer import forget_answers
from returns_service.usecases.runtime import Runtime

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=2)
LEASE = timedelta(seconds=15)
OVERDUE = timedelta(seconds=3)
"""A row that is due for so long although the bell was rung: nobody is listening, so it is done here."""
KEEP_DONE = timedelta(days=3)
KEEP_SIMULATIONS = timedelta(days=90)

Chore = Callable[[Runtime], object]


def sweep(runtime: Runtime, chores: Mapping[str, Chore]) -> None:
    """One round: the chores, then the work that waits. A chore that fails does not keep the others from running."""
    for name, chore in chores.items():
        try:
            chore(runtime)
        except Exception:  # whatever one chore trips over, the others are as important
            log.exception("a chore failed", chore=name)
    relay.release_dead(runtime)
    remind(runtime)


def remind(runtime: Runtime) -> None:
    """Ring for what is due; do it here when ringing has not helped."""
    with runtime.db.read() as session:
        due = store.soonest(session)
    now = runtime.now()
    if due is None or due > now:
        return
    if not runtime.bell.ring() or due <= now - OVERDUE:
        relay.drain(runtime, seconds=10)


def forget(runtime: Runtime) -> int:
    """Remove finished work and trials after some days, and answers kept for repeated requests after their time."""
    now = runtime.now()
    with runtime.db.begin() as session:
        simulations.forget(session, before=now - KEEP_SIMULATIONS)
        return store.forget(session, before=now - KEEP_DONE) + forget_answers(session, now=now)


def run(runtime: Runtime, chores: Mapping[str, Chore], *, stop: Callable[[], bool]) -> None:
    """Sweep until told to stop; of several sweepers one works and the others wait for its lease to end."""
    me = secrets.token_hex(8)
    while not stop():
        now = runtime.now()
        with runtime.db.begin() as session:
            elected = leases.take(session, "sweeper", me, now=now, until=now + LEASE)
        if elected:
            sweep(runtime, chores)
        _pause(stop)
    with runtime.db.begin() as session:
        leases.give_up(session, "sweeper", me)


def _pause(stop: Callable[[], bool]) -> None:
    until = time.monotonic() + EVERY.total_seconds()
    while not stop() and time.monotonic() < until:
        time.sleep(0.1)
