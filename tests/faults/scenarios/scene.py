"""A scene: the running service, its seeded chance, and what scenarios have in common."""

import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil

from tests.faults.log import Asked, Log, Race
from tests.faults.workload import Client, GaveUp
from tests.ground import processes, steps
from tests.ground.stage import Stage

DEATHS = 4
"""In one run: who is always being born gets nothing done."""


@dataclass
class Scene:
    stage: Stage
    log: Log
    random: random.Random
    over: threading.Event = field(default_factory=threading.Event)
    """The workload is through."""
    quiet: Callable[[], bool] = lambda: True
    words: str = ""

    def pause(self, least: float, most: float) -> bool:
        """Wait for a while; True when the workload is over."""
        return self.over.wait(self.random.uniform(least, most))

    def client(self, shop: str = "demo") -> Client:
        return Client(self.stage, self.log, self.random.getrandbits(64), shop)

    def signal(self, name: str, number: int) -> None:
        self.stage.signal(name, number)

    def deaths(self, roles: tuple[str, ...], *kinds: str, within: int = 8) -> None:
        """Some times a process dies at one of these steps."""
        for _ in range(DEATHS):
            if self.pause(0.05, 0.4):
                break
            self.death(roles, *kinds, within=within)

    def death(self, roles: tuple[str, ...], *kinds: str, within: int) -> None:
        """A process dies, if it comes to one of these steps in time."""
        steps.order(
            self.stage.order, left=self.random.randint(1, within), roles=roles, kinds=kinds or steps.KINDS
        )
        until = time.monotonic() + 1.5
        while not steps.was_carried_out(self.stage.order) and time.monotonic() < until:
            if self.over.wait(0.02):
                break
        steps.withdraw(self.stage.order)

    def order(self, *kinds: str, least: float = 0.05, most: float = 0.4) -> None:
        """The gateway does one of these, again and again."""
        while not self.pause(least, most):
            self.stage.control({"next": self.random.choice(kinds)})

    def freeze(self, name: str, least: float, most: float) -> None:
        """Stopped for seconds, then awake again as if nothing had been."""
        self.signal(name, signal.SIGSTOP)
        self.pause(least, most)
        self.signal(name, signal.SIGCONT)

    def at_once(self, acts: Sequence[Callable[[], Any]]) -> list[Any]:
        """All at the same instant; answers what each answered."""
        start, found = threading.Barrier(len(acts)), [None] * len(acts)

        def run(place: int, act: Callable[[], Any]) -> None:
            start.wait()
            try:
                found[place] = act()
            except GaveUp as why:
                self.log.wrong.append(str(why))

        threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def race(self, name: str, acts: Sequence[Callable[[], Asked]], *allowed: int, winners: int = 1) -> None:
        """Of all these one may win; a replay of the winner's answer is no win."""
        asked = [one for one in self.at_once(acts) if one is not None]
        statuses = [304 if one.replayed else one.status for one in asked]
        self.log.races.append(Race(name, statuses, (304, *allowed), winners))

    def processes(self, *roles: str) -> list[psutil.Process]:
        found = []
        for role in roles:
            part = self.stage.parts.get(role)
            if part is not None and part.process is not None:
                with suppress(psutil.NoSuchProcess):
                    found += [part.process, *part.process.children(recursive=True)]
        return found

    def wait_ready(self) -> None:
        """Until the web answers again, or the workload is over."""
        while not self.over.wait(0.1) and not self.stage.ready():
            pass

    def wait_quiet(self, seconds: float = 20) -> None:
        processes.eventually(self.quiet, seconds, "quiet")


Act = Callable[[Scene], Any]
KINDS = ("sqlite", "postgresql")


def _nothing(_scene: Scene) -> None:
    """No more."""


@dataclass(frozen=True)
class Scenario:
    """`act` runs beside the workload and ends with it; `after` when the workload is through and all is well again."""

    number: str
    title: str
    act: Act
    after: Act = _nothing
    intake_open: bool = False
    """The web and its database are left alone: every request has to be answered."""
    cuts: bool = True
    """Processes, connections or answers are cut, so that a message may go out twice."""
    mixes: bool = True
    """May run together with others."""
    kinds: tuple[str, ...] = KINDS

    def fits(self, kind: str) -> bool:
        return kind in self.kinds
