"""What the machine says it cost: CPU by process, memory at its peak, statements as PostgreSQL counted them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from tests.ground.postgres import Postgres
from tests.ground.service import Service

COUNTED = ("web", "worker", "sweeper")
"""Whose CPU counts as the server's: the sweeper lends a hand when work has waited for three seconds."""

LOOK = 2.0
"""Seconds between two looks at the memory: each walks through all pages of processes that want to work."""

STATEMENTS = """
SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
WHERE query !~* '^(begin|commit|rollback|set |show |deallocate|discard)' AND query !~* 'pg_stat_statements'
"""


def trees(service: Service) -> dict[str, list[psutil.Process]]:
    """The processes of each part, children included; workers are added up."""
    found: dict[str, list[psutil.Process]] = {}
    for role, process in service.parts().items():
        found.setdefault(role, []).extend([process, *process.children(recursive=True)])
    return found


def cpu_seconds(service: Service) -> float:
    """CPU time of web, worker and sweeper so far."""
    times = [one.cpu_times() for role, tree in trees(service).items() if role in COUNTED for one in tree]
    return sum(time.user + time.system for time in times)


def cores() -> tuple[float, float]:
    """Seconds that the machine's cores were at work so far, and all there were."""
    times = psutil.cpu_times()
    whole = sum(times) - times.guest - times.guest_nice  # these are in user and nice already
    return whole - times.idle - times.iowait, whole


def memory(service: Service) -> dict[str, float]:
    """MiB by part, with what parts share counted once (PSS)."""
    return {
        role: sum(one.memory_full_info().pss for one in tree) / 2**20 for role, tree in trees(service).items()
    }


@dataclass
class Account:
    cpu_seconds: float = 0.0
    statements: int = 0
    busy: float = 0.0
    """The part of all cores' time, whoever had it: what is left is all that more processes could take."""
    peak: dict[str, float] = field(default_factory=dict)


@contextmanager
def counted(service: Service, server: Postgres, database: str) -> Iterator[Account]:
    """Fills the account with what the block cost."""
    account, stop = Account(), threading.Event()

    def watch() -> None:
        while not stop.wait(LOOK):
            for role, size in memory(service).items():
                account.peak[role] = max(size, account.peak.get(role, 0.0))

    watcher = threading.Thread(target=watch, daemon=True)
    server.run("SELECT pg_stat_statements_reset()", database)
    before, (at_work, whole) = cpu_seconds(service), cores()
    watcher.start()
    try:
        yield account
    finally:
        stop.set()
        watcher.join()
        account.cpu_seconds = cpu_seconds(service) - before
        account.busy = (cores()[0] - at_work) / (cores()[1] - whole)
        account.statements = int(server.ask(STATEMENTS, database))
