"""The figures of one run: a table for people, JSON for programs."""

import json
import platform
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Target:
    first: float
    goal: float
    more_is_better: bool = False

    def met(self, value: float) -> str:
        def reached(limit: float) -> bool:
            return value >= limit if self.more_is_better else value <= limit

        return "goal" if reached(self.goal) else "first" if reached(self.first) else "missed"


TARGETS = {
    "lifecycles/s, 8 clients": Target(30, 80, more_is_better=True),
    "server CPU per lifecycle": Target(40, 15),
    # The same beside the empty route of the same run: that took 0.1 ms on the machine for which 40 and 15 were set.
    "server CPU per lifecycle, in empty Flask routes": Target(400, 150),
    "SQL statements per lifecycle": Target(90, 50),
    "share of the plain SQL floor, 8 clients": Target(0.07, 0.20, more_is_better=True),
    "create, 1 client, p50": Target(12, 5),
    "create, 1 client, p99": Target(40, 15),
    "preview, p50": Target(8, 3),
    "returnable, p50": Target(8, 3),
    "scan to answer, server, p95": Target(150, 50),
    "scan to sound, in a browser, p95": Target(150, 100),
    "policy decisions, trace off": Target(30_000, 50_000, more_is_better=True),
    "policy decisions, trace on": Target(20_000, 30_000, more_is_better=True),
    "messages drained by one worker": Target(200, 1000, more_is_better=True),
    "memory of web": Target(180, 110),
    "memory of a worker": Target(150, 100),
    "memory of the whole run": Target(600, 350),
    "start after installation": Target(3, 1.5),
}


GROWTH = Target(1.5, 1.1)


@dataclass
class Figure:
    name: str
    value: float
    unit: str

    @property
    def target(self) -> Target | None:
        return GROWTH if self.name.startswith("growth of ") else TARGETS.get(self.name)


@dataclass
class Report:
    figures: list[Figure] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str) -> None:
        self.figures.append(Figure(name, round(value, 4), unit))

    def value(self, name: str) -> float:
        return next(figure.value for figure in self.figures if figure.name == name)

    def as_json(self) -> str:
        rows = [
            asdict(figure) | ({"target": figure.target.met(figure.value)} if figure.target else {})
            for figure in self.figures
        ]
        machine = {"python": platform.python_version(), "machine": platform.machine()}
        return json.dumps({"figures": rows, "failures": self.failures, **machine}, indent=2)

    def show(self) -> None:
        table = Table(
            "what", "value", "unit", "first", "goal", "", title="returns-service, one run on this machine"
        )
        for figure in self.figures:
            target = figure.target
            limits = (
                (f"{target.first:g}", f"{target.goal:g}", target.met(figure.value))
                if target
                else ("", "", "")
            )
            table.add_row(
                figure.name,
                f"{figure.value:,.4g}" if figure.value < 1000 else f"{figure.value:,.0f}",
                figure.unit,
                *limits,
            )
        console = Console(width=110)
        console.print(table)
        for line in self.failures[:10]:
            console.print(f"failed: {line}", style="red", markup=False)
