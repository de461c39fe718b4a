"""Many seeded runs: `python -m tests.faults.campaign --runs 500`. Results gather in a file, so that it may be cut and resumed."""

import json
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.bench.sections import SCOPES
from tests.faults import workload
from tests.faults.checker import INVARIANTS, Checker
from tests.faults.nemesis import SCENARIOS, Scene
from tests.faults.workload import Log, Patient
from tests.ground import postgres as postgres_ground
from tests.ground.postgres import Postgres
from tests.ground.service import Service

RECOVERY = 120.0
"""Seconds until everything must be quiet after the fault is over."""
RETURNS, CLIENTS = 20, 4


SHORT = ("F01", "F14", "F22", "F29", "F36", "F61")
"""One run of each, on alternating databases, with few returns: under three minutes."""

Plan = list[tuple[str, str, int]]


@click.command
@click.option("--short", is_flag=True, help="A few runs in under three minutes.")
@click.option("--runs", default=2, show_default=True, help="Runs for each scenario and database.")
@click.option("--seed", default=1, show_default=True, help="Of the first run; the others count on.")
@click.option("--scenario", "scenarios", multiple=True, help="Only scenarios whose name contains this.")
@click.option("--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgresql"]))
@click.option(
    "--results", type=click.Path(path_type=Path), default=Path(".data/faults.jsonl"), show_default=True
)
def main(
    short: bool, runs: int, seed: int, scenarios: tuple[str, ...], databases: tuple[str, ...], results: Path
) -> None:
    """Break the running service on purpose and let a checker of its own judge what is left. Exit status 1: a violation."""
    kinds = databases or ("sqlite", "postgresql")
    plan = _short(seed) if short else _plan(scenarios, kinds, range(seed, seed + runs))
    returns = RETURNS // 3 if short else RETURNS
    results.parent.mkdir(parents=True, exist_ok=True)
    done = {(r["scenario"], r["database"], r["seed"]) for r in _read(results)}
    left = [one for one in plan if short or one not in done]
    found = []
    with postgres_ground.running() as server, _bar() as bar:
        task = bar.add_task("runs", total=len(plan), completed=len(plan) - len(left))
        for name, database, number in left:
            bar.update(task, description=f"{name}, {database}, seed {number}")
            found.append(one_run(name, database, number, returns=returns, server=server))
            with results.open("a") as file:
                file.write(json.dumps(found[-1]) + "\n")
            bar.advance(task)
    report(found if short else _read(results))
    sys.exit(1 if any(result["violations"] for result in found) else 0)


def _plan(scenarios: Sequence[str], databases: Sequence[str], seeds: range) -> Plan:
    chosen = [name for name in SCENARIOS if not scenarios or any(part in name for part in scenarios)]
    return [(name, database, number) for number in seeds for database in databases for name in chosen]


def _short(seed: int) -> Plan:
    chosen = [name for name in SCENARIOS if name.startswith(SHORT)]
    return [(name, ("sqlite", "postgresql")[(n + seed) % 2], seed) for n, name in enumerate(chosen)]


def one_run(scenario: str, database: str, seed: int, *, returns: int, server: Postgres) -> dict[str, Any]:
    """One service, one fault, one judgement."""
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
    log, chance = Log(), random.Random(f"{scenario}/{database}/{seed}")
    with _database(database, folder, server) as url:
        settings = {"database_url": url} if database == "postgresql" else {}
        with Service(folder / "data", **settings).started() as service:
            result = _shaken(service, url, scenario, chance, log, returns)
    if not result["violations"]:
        shutil.rmtree(folder, ignore_errors=True)
    return {"scenario": scenario, "database": database, "seed": seed, "folder": str(folder), **result}


def _shaken(
    service: Service, url: str, scenario: str, chance: random.Random, log: Log, returns: int
) -> dict[str, Any]:
    key, over = service.key(*SCOPES), threading.Event()
    seeds = [chance.getrandbits(64) for _ in range(CLIENTS)]
    scene = Scene(service, url, random.Random(chance.getrandbits(64)), over)
    breaking = threading.Thread(target=SCENARIOS[scenario], args=(scene,), daemon=True)
    breaking.start()
    began = time.monotonic()
    patient = lambda n: Patient(service.url, key, log, random.Random(seeds[n]))  # noqa: E731
    wrong = workload.run(patient, returns=returns, clients=CLIENTS, log=log)
    worked = time.monotonic() - began
    over.set()
    breaking.join(30)
    checker = Checker(url, service.sandbox_url, service.folder / "mail", log)
    recovery = _until_quiet(checker)
    verdict = checker.judge()
    for name, words in (
        ("I12", wrong),
        ("I13", [] if recovery < RECOVERY else [f"not quiet after {RECOVERY} s"]),
    ):
        verdict.violations[name] += words
    for command in (("ledger", "verify"), ("audit", "verify"), ("refunds", "reconcile")):
        said = service.command(*command, check=False)
        if "0 differences" not in said and "0 problems" not in said and " 0        │" not in said:
            verdict.violations["I9"].append(f"{' '.join(command)}: {said[-300:]}")
    return {
        "violations": {name: words[:5] for name, words in verdict.violations.items() if words},
        "returns": len(log.cases),
        "calls": log.calls,
        "client_errors": log.errors,
        "seconds": round(worked, 1),
        "recovery": round(recovery, 1),
        "repeated_mails": checker.repeated,
    }


def _until_quiet(checker: Checker) -> float:
    began = time.monotonic()
    while time.monotonic() - began < RECOVERY:
        if checker.quiet():
            break
        time.sleep(0.2)
    return time.monotonic() - began


@contextmanager
def _database(kind: str, folder: Path, server: Postgres) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'data' / 'returns.db'}"
        return
    name = server.create()
    yield server.url(name)
    server.drop(name)


def _bar() -> Progress:
    words = TextColumn("{task.description}")
    return Progress(
        words, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    )


def _read(results: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []


def report(results: list[dict[str, Any]]) -> None:
    """One row for each scenario and database: runs, violations, what clients felt, how long recovery took."""
    table = Table(
        "scenario", "database", "runs", "violations", "client errors", "recovery p50/max s", "mails twice"
    )
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        groups[(result["scenario"], result["database"])].append(result)
    for (scenario, database), runs in sorted(groups.items()):
        broken = Counter(name for run in runs for name in run["violations"])
        times = sorted(run["recovery"] for run in runs)
        calls, errors = sum(run["calls"] for run in runs), sum(run["client_errors"] for run in runs)
        table.add_row(
            scenario, database, str(len(runs)), ", ".join(f"{n} x {name}" for name, n in broken.items()) or "0",
            f"{errors / max(calls, 1):.1%}", f"{times[len(times) // 2]} / {times[-1]}", str(sum(r["repeated_mails"] for r in runs)),
        )  # fmt: skip
    console = Console()
    console.print(table)
    violated = sum(bool(result["violations"]) for result in results)
    console.print(
        f"{len(results)} runs, {sum(r['returns'] for r in results)} returns, {violated} runs with a violation."
    )
    console.print("Judged: " + "; ".join(f"{name} {words}" for name, words in INVARIANTS.items()))


if __name__ == "__main__":
    main()
