"""Many seeded runs: `scripts/faults --runs 12`. Results gather in a file, so that a campaign may be cut and resumed."""

import json
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.faults import crash, play
from tests.faults.checker import INVARIANTS
from tests.faults.scenarios import ALL, SCENARIOS

SHORT = ("F01", "F08", "F14", "F23", "F29", "F36", "F39", "F44")
"""One run of each, on alternating databases, with few returns, and a sample of the steps to die at."""
SHORT_SECONDS = 75
"""After so long the short form begins no further run; there is some left for the last one and the steps."""
STEPS_EVERY = 5
RESULTS, SHORT_RESULTS = Path(".data/faults.jsonl"), Path(".data/faults-short.jsonl")

Plan = list[tuple[str, str, int]]
Result = dict[str, Any]


@click.command
@click.option("--short", is_flag=True, help="A few runs in under three minutes.")
@click.option("--runs", default=2, show_default=True, help="Runs for each scenario and database.")
@click.option("--seed", default=1, show_default=True, help="Of the first run; the others count on.")
@click.option("--scenario", "chosen", multiple=True, help="Only these: F36, F61, steps ...")
@click.option("--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgresql"]))
@click.option(
    "--results", type=click.Path(path_type=Path), help=f"Where they gather: {RESULTS}, or {SHORT_RESULTS}."
)
@click.option("--report", "only_report", is_flag=True, help="Only show what was found so far.")
def main(
    short: bool,
    runs: int,
    seed: int,
    chosen: tuple[str, ...],
    databases: tuple[str, ...],
    results: Path | None,
    only_report: bool,
) -> None:
    """Break the running service on purpose and let a checker of its own judge what is left. Exit status 1: a violation."""
    kinds = databases or ("sqlite", "postgresql")
    results = results or (SHORT_RESULTS if short else RESULTS)
    plan = [] if only_report else _short(seed) if short else _plan(chosen, kinds, range(seed, seed + runs))
    done = {_key(one) for one in _read(results) if not one["violations"]}
    left = [one for one in plan if short or one not in done]
    found = _carry_out(left, len(plan), results, short)
    shown = found if short else _read(results)
    report(shown)
    sys.exit(1 if any(one["violations"] for one in shown) else 0)


def _plan(chosen: Sequence[str], databases: Sequence[str], seeds: range) -> Plan:
    numbers = [*(one.number for one in ALL), "steps"]
    wanted = [one for one in numbers if not chosen or one in chosen]
    plan = [(name, database, number) for number in seeds for name in wanted for database in databases]
    return [one for one in plan if _is_due(*one)]


def _is_due(name: str, database: str, seed: int) -> bool:
    """All steps are long to go through: once in so many seeds."""
    return seed % STEPS_EVERY == 1 if name == "steps" else SCENARIOS[name].fits(database)


def _short(seed: int) -> Plan:
    return [
        (name, ("sqlite", "postgresql")[(n + seed) % 2], seed) for n, name in enumerate((*SHORT, "steps"))
    ]


def _carry_out(plan: Plan, total: int, results: Path, short: bool) -> list[Result]:
    found: list[Result] = []
    if not plan:
        return found
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cut off, it leaves nothing behind
    results.parent.mkdir(parents=True, exist_ok=True)
    if results.exists() and not results.read_text().endswith("\n"):
        with results.open("a") as file:
            file.write("\n")  # the last line was cut off
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
    with play.house(folder) as where, _bar() as bar:
        task = bar.add_task("runs", total=total, completed=total - len(plan))
        for name, database, seed in plan:
            if short and time.monotonic() - began > SHORT_SECONDS and name != "steps":
                continue
            bar.update(task, description=f"{name}, {database}, seed {seed}")
            found.append(_run(where, name, database, seed, short))
            with results.open("a") as file:
                file.write(json.dumps(found[-1]) + "\n")
            bar.advance(task)
    if not any(one["violations"] for one in found):
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _run(where: play.House, name: str, database: str, seed: int, short: bool) -> Result:
    if name == "steps":
        return (
            crash.run(where, database, seed, every=9, seconds=30)
            if short
            else crash.run(where, database, seed)
        )
    return play.run(where, name, database, seed, returns=play.RETURNS // 2 if short else play.RETURNS)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


def _key(one: Result) -> tuple[str, str, int]:
    return one["scenario"], one["database"], one["seed"]


def _read(results: Path) -> list[Result]:
    """The last result of each run: one with a violation is repeated. A line that was cut off does not count."""
    found: dict[tuple[str, str, int], Result] = {}
    for line in results.read_text().splitlines() if results.exists() else []:
        try:
            one = json.loads(line)
        except json.JSONDecodeError:
            continue
        found[_key(one)] = {**one, "mended": _key(one) in found}
    return list(found.values())


def report(results: Sequence[Result]) -> None:
    """One row for each scenario: runs by database, violations, what clients felt, how long recovery took."""
    names = (
        "scenario",
        "sqlite",
        "postgresql",
        "violations",
        "calls failed",
        "recovery p50",
        "max",
        "mail twice",
    )
    table = Table(*names)
    groups: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        groups[one["scenario"]].append(one)
    for number, runs in sorted(groups.items()):
        table.add_row(*_row(number, runs))
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    violated = [one for one in results if one["violations"]]
    runs = Counter(one["database"] for one in results)
    returns = sum(one["returns"] for one in results)
    console.print(
        f"{len(results)} runs ({runs['sqlite']} on SQLite, {runs['postgresql']} on PostgreSQL) with {returns} returns, "
        f"{len(violated)} runs with a violation; {sum(one.get('mended', False) for one in results)} were repeated after one."
    )
    for one in violated:
        for name, words in one["violations"].items():
            console.print(
                f"{one['scenario']} {one['database']} seed {one['seed']}: {name} {words[0]}", markup=False
            )
    console.print("Judged: " + " ".join(f"{name}: {_words(check)}" for name, check in INVARIANTS.items()))


def _row(number: str, runs: Sequence[Result]) -> list[str]:
    databases = Counter(one["database"] for one in runs)
    broken = Counter(name for one in runs for name in one["violations"])
    times = sorted(one["recovery"] for one in runs)
    calls, errors = sum(one["calls"] for one in runs), sum(one["client_errors"] for one in runs)
    title = SCENARIOS[number].title if number in SCENARIOS else "killed at every step"
    return [
        f"{number} {title}",
        str(databases["sqlite"]),
        str(databases["postgresql"]),
        ", ".join(f"{n} x {name}" for name, n in broken.items()) or "0",
        f"{errors / max(calls, 1):.1%}",
        f"{times[len(times) // 2]:.1f} s",
        f"{times[-1]:.1f} s",
        str(sum(one["mails_twice"] for one in runs)),
    ]


def _words(check: object) -> str:
    return (check.__doc__ or "").split("\n")[0]


if __name__ == "__main__":
    main()
