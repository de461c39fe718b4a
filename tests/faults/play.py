"""One run: a fresh database, a service, a fault, a workload, quiet, and a judgement."""

import json
import random
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.faults import workload
from tests.faults.checker import judge
from tests.faults.judges.answers import RECOVERY, tries
from tests.faults.judges.money import differing
from tests.faults.log import Log
from tests.faults.record import Record, plain, read
from tests.faults.scenarios import SCENARIOS, Scenario, Scene
from tests.ground import postgres, redis
from tests.ground.parts import Parts
from tests.ground.stage import House, Stage

RETURNS, CLIENTS = 20, 4
BOOKS = {
    "ledger verify": "│ 0        │",
    "audit verify": " 0 problems",
    "refunds reconcile": " {lies} differences",
}
"""The service's own verifications, and what they say when all is well, or as many lies were told."""


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """What all runs share."""
    settings = {"synchronous_commit": "on", "deadlock_timeout": "100ms"}
    with postgres.running(**settings) as server, redis.running() as bell:
        made = House(folder, Parts(), bell, server)
        try:
            yield made
        finally:
            made.close()


def run(where: House, number: str, kind: str, seed: int, *, returns: int = RETURNS) -> dict[str, Any]:
    """One scenario on one kind of database; answers what the campaign keeps."""
    folder = where.folder / f"{number}-{kind}-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    scenario, chance, log = SCENARIOS[number], random.Random(f"{number}/{kind}/{seed}"), Log()
    began = time.monotonic()
    stage = Stage(where, kind, folder)
    try:
        stage.start()
        record, words = _played(stage, scenario, log, chance, returns)
        found = judge(record)
    finally:
        stage.close()
    if found:
        (folder / "record.json").write_text(
            json.dumps(vars(record), default=lambda one: getattr(one, "__dict__", str(one)))
        )
    else:
        shutil.rmtree(folder, ignore_errors=True)
    asked, failed = tries(record)
    figures = {"returns": len(log.ends), "calls": asked, "client_errors": failed, "mails": len(record.mails)}
    figures["mails_twice"] = len(record.mails) - len({one["id"] for one in record.mails})
    times = {"seconds": round(time.monotonic() - began, 1), "recovery": round(record.recovery, 1)}
    return {
        "scenario": number,
        "database": kind,
        "seed": seed,
        "violations": found,
        "words": words,
        **figures,
        **times,
    }


def _played(
    stage: Stage, scenario: Scenario, log: Log, chance: random.Random, returns: int
) -> tuple[Record, str]:
    log.intake_open, log.mailed_twice = scenario.intake_open, scenario.cuts
    look = Look(stage, log)
    scene = Scene(stage, log, random.Random(chance.getrandbits(64)), quiet=look.quiet)
    breaking = threading.Thread(target=scenario.act, args=(scene,), daemon=True)
    breaking.start()
    workload.run(stage, log, chance, returns=returns, clients=CLIENTS)
    scene.over.set()
    breaking.join(60)
    began = time.monotonic()
    scenario.after(scene)
    stage.heal()
    while time.monotonic() - began < RECOVERY + 1 and not look.quiet():
        time.sleep(0.05)
    recovery = time.monotonic() - began
    look.close()
    record = read(stage, log)
    record.recovery = recovery
    record.books = books(stage, record)
    log.mailed_twice |= lease_lost(stage)
    return record, scene.words


def lease_lost(stage: Stage) -> bool:
    """Whether somebody was so slow that another took over: then a message may have gone out twice."""
    return any("lease ran out" in file.read_text() for file in stage.folder.glob("*.log"))


def books(stage: Stage, record: Record) -> dict[str, str]:
    """Which of the service's own verifications does not say that all is well, and what it says."""
    found, lies = {}, len(differing(record))
    for command, well in BOOKS.items():
        said = stage.command(*command.split())
        found[command] = "" if well.format(lies=lies) in said else said[-400:]
    return found


class Look:
    """Whether everything has come to rest."""

    def __init__(self, stage: Stage, log: Log) -> None:
        self._engine, self._log = create_engine(stage.database_url), log

    def quiet(self) -> bool:
        """No work waits, and every case is where it must be."""
        try:
            with self._engine.connect() as connection:
                waiting = connection.execute(
                    text("SELECT count(*) FROM outbox WHERE state IN ('ready', 'leased')")
                )
                if waiting.scalar():
                    return False
                rows = connection.execute(text("SELECT id, state FROM return_cases"))
                states = {plain(row[0]): row[1] for row in rows}
        except DBAPIError:
            return False
        return all(states.get(plain(one)) in wanted for one, wanted in list(self._log.ends.items()))

    def close(self) -> None:
        self._engine.dispose()
