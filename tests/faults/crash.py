"""Killed at every step: the k-th commit, ring or call outside kills the process that makes it, for k = 1, 2, 3 ...

until a run comes through untouched; for creating a return, for inspecting it and for settling it.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.checker import judge
from tests.faults.judges.answers import RECOVERY, tries
from tests.faults.log import Log
from tests.faults.play import Look, books
from tests.faults.record import read
from tests.faults.workload import UNIT, Client, GaveUp
from tests.ground import steps
from tests.ground.processes import eventually
from tests.ground.stage import House, Stage

ROLES = ("web", "worker")
MOST = 200
"""Steps of one operation: an operation that never comes to its end is a violation too."""


@dataclass
class Case:
    """One return that is killed somewhere."""

    client: Client
    order: str
    body: Any = None

    @property
    def path(self) -> str:
        return f"/v1/returns/{self.body['id']}"

    @property
    def line(self) -> str:
        return str(self.body["lines"][0]["id"])

    def nothing(self) -> None:
        """An order is there."""

    def create(self) -> None:
        self.body = self.client.create(self.order)
        self.client.log.expect(self.body["id"], self.body["state"])

    def arrive(self) -> None:
        """One of two units is in."""
        self.body = self.client.create(self.order, quantity=2)
        self.client.send(self.body, self.order)
        self.client.ask("POST", f"{self.path}/receive", {"lines": [{"line_id": self.line, "quantity": 1}]})

    def arrive_whole(self) -> None:
        """The only unit is in."""
        self.body = self.client.create(self.order)
        self.client.send(self.body, self.order)
        self.client.ask("POST", f"{self.path}/receive", {"lines": [{"line_id": self.line, "quantity": 1}]})

    def inspect(self) -> None:
        """With the last unit the policy settles by itself, and the money moves."""
        self.client.log.expect(self.body["id"], "refunded")
        self.look()

    def look(self) -> None:
        found = {"lines": [{"line_id": self.line, "units": [UNIT]}]}
        self.body = self.client.ask("POST", f"{self.path}/inspect", found)

    def look_at_one(self) -> None:
        self.arrive()
        self.look()

    def settle(self) -> None:
        """A person does not wait for the second unit."""
        self.client.log.expect(self.body["id"], "refunded")
        self.client.ask("POST", f"{self.path}/settle", {}, version=self.body["version"])


OPERATIONS: dict[str, tuple[Callable[[Case], None], Callable[[Case], None]]] = {
    "create": (Case.nothing, Case.create),
    "inspect": (Case.arrive_whole, Case.inspect),
    "settle": (Case.look_at_one, Case.settle),
}
"""What comes before, and what is killed."""


def run(where: House, kind: str, seed: int, *, every: int = 1, seconds: float = 3600) -> dict[str, Any]:
    """All operations on one kind of database; `every` 7: only each seventh step, beginning with one that the seed picks."""
    folder, log, began = where.folder / f"steps-{kind}-{seed}", Log(mailed_twice=True), time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    stage = Stage(where, kind, folder)
    try:
        stage.start()
        sweep = Sweep(stage, log, Client(stage, log, seed), Look(stage, log), began + seconds)
        words = [f"{name} {sweep.through(name, 1 + seed % every, every)}" for name in OPERATIONS]
        record = read(stage, log)
        record.recovery, record.books = sweep.longest, books(stage, record)
        found = judge(record)
    finally:
        stage.close()
    if not found:
        shutil.rmtree(folder, ignore_errors=True)
    asked, failed = tries(record)
    figures = {"returns": len(log.ends), "calls": asked, "client_errors": failed, "mails": len(record.mails)}
    figures["mails_twice"] = len(record.mails) - len({one["id"] for one in record.mails})
    times = {"seconds": round(time.monotonic() - began, 1), "recovery": round(sweep.longest, 1)}
    steps_ = f"killed at steps of {', '.join(words)}"
    return {
        "scenario": "steps",
        "database": kind,
        "seed": seed,
        "violations": found,
        "words": steps_,
        **figures,
        **times,
    }


@dataclass
class Sweep:
    stage: Stage
    log: Log
    client: Client
    look: Look
    until: float
    """No further kill after this instant."""
    longest: float = 0.0
    """Seconds until all was quiet after the longest recovery."""

    def through(self, name: str, first: int, every: int) -> int:
        """Answers how many steps the operation has, or how far the time sufficed: a run that is to die after them survives."""
        before, operation = OPERATIONS[name]
        for k in range(first, MOST, every):
            if time.monotonic() > self.until:
                return k
            case = Case(self.client, self.client.order())
            before(case)
            self._quiet()
            steps.order(self.stage.order, left=k, roles=ROLES)
            try:
                operation(case)
            except GaveUp as why:
                self.log.wrong.append(f"{name}, killed at step {k}: {why}")
            died = self._settled()
            seen = steps.withdraw(self.stage.order)
            if not died:
                return len(seen)
            self.stage.wait_ready()
        self.log.wrong.append(f"{name} makes more than {MOST} steps")
        return MOST

    def _settled(self) -> bool:
        began = time.monotonic()
        self._quiet()
        self.longest = max(self.longest, time.monotonic() - began)
        return steps.was_carried_out(self.stage.order)

    def _quiet(self) -> None:
        try:
            eventually(self.look.quiet, RECOVERY + 1, "quiet")
        except AssertionError as why:
            self.log.wrong.append(str(why))
