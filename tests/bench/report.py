"""The figures of one run: a table for people, JSON for programs."""

import json
import platform
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table

EMPTY_ROUTE = "floor: CPU of an empty Flask route"
EMPTY_ROUTE_THERE = 0.1
"""Milliseconds it took on the machine for which the targets were set: how much slower this one is today."""


@dataclass(frozen=True)
class Target:
    first: float
    goal: float
    more_is_better: bool = False
    timed: bool = False
    """Whether a slower machine makes it worse; statements, shares and memory it does not."""

    def met(self, value: float, slower: float = 1) -> str:
        """`slower`: so many times more than there a step takes here."""
        fair = value if not self.timed else value * slower if self.more_is_better else value / slower

        def reached(limit: float) -> bool:
            return fair >= limit if self.more_is_better else fair <= limit

        return "goal" if reached(self.goal) else "first" if reached(self.first) else "missed"


TARGETS = {
    "lifecycles/s, 8 clients": Target(30, 80, more_is_better=True, timed=True),
    "server CPU per lifecycle": Target(40, 15, timed=True),
    "SQL statements per lifecycle": Target(90, 50),
    "share of the plain SQL floor, 8 clients": Target(0.07, 0.20, more_is_better=True),
    "create, 1 client, p50": Target(12, 5, timed=True),
    "create, 1 client, p99": Target(40, 15, timed=True),
    "preview, p50": Target(8, 3, timed=True),
    "returnable, p50": Target(8, 3, timed=True),
    "scan to answer, server, p95": Target(150, 50, timed=True),
    "scan to sound, in a browser, p95": Target(150, 100, timed=True),
    "policy decisions, trace off": Target(30_000, 50_000, more_is_better=True, timed=True),
    "policy decisions, trace on": Target(20_000, 30_000, more_is_better=True, timed=True),
    "messages drained by one worker": Target(200, 1000, more_is_better=True, timed=True),
    "2 web processes against 1": Target(1.5, 1.8, more_is_better=True),
    "memory of web": Target(180, 110),
    "memory of a worker": Target(150, 100),
    "memory of the whole run": Target(600, 350),
    "start after installation": Target(3, 1.5, timed=True),
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

    @property
    def slower(self) -> float:
        """How many times more CPU a step takes here than where the targets were set."""
        return self.value(EMPTY_ROUTE) / EMPTY_ROUTE_THERE

    def as_json(self) -> str:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "slower": self.slower}
        rows = [asdict(figure) | self._verdicts(figure) for figure in self.figures]
        return json.dumps({"figures": rows, "failures": self.failures, **machine}, indent=2)

    def _verdicts(self, figure: Figure) -> dict[str, str]:
        target = figure.target
        if target is None:
            return {}
        return {"target": target.met(figure.value), "target_by_speed": target.met(figure.value, self.slower)}

    def show(self) -> None:
        columns = ("what", "value", "unit", "first", "goal", "as set", "by speed")
        table = Table(*columns, title="returns-service, one run on this machine")
        for figure in self.figures:
            target = figure.target
            limits = (f"{target.first:g}", f"{target.goal:g}") if target else ("", "")
            shown = f"{figure.value:,.4g}" if figure.value < 1000 else f"{figure.value:,.0f}"
            table.add_row(figure.name, shown, figure.unit, *limits, *self._verdicts(figure).values())
        console = Console(width=120)
        console.print(table)
        console.print(
            f"by speed: an empty Flask route took {EMPTY_ROUTE_THERE} ms where the targets were set and takes"
            f" {self.value(EMPTY_ROUTE):.2f} ms here, so times may be {self.slower:.1f} times as long."
        )
        for line in self.failures[:10]:
            console.print(f"failed: {line}", style="red", markup=False)
