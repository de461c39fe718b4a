"""A runtime for tests of the edges: real database, a clock that the test turns, a bell that is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from returns_service.config import Settings
from returns_service.domain.ports import WorkerSeen
from returns_service.store.db import Database
from returns_service.usecases.runtime import Runtime
from returns_service.wiring import build

NOON = datetime(2026, 10, 7, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class CountingBell:
    """Nobody listens to it; says as the real one does whether it could be rung."""

    sounds: bool = True
    rings: list[None] = field(default_factory=list)

    def ring(self, *, another: bool = False) -> bool:
        self.rings.append(None)
        return self.sounds

    def workers(self) -> list[WorkerSeen]:
        return [WorkerSeen("here 1", NOON, NOON, busy=False)] if self.sounds else []

    def works(self) -> bool:
        return self.sounds


def settings(folder: Path, **values: object) -> Settings:
    return Settings(data_dir=folder, secret_key="0123456789" * 4, **values)  # type: ignore[arg-type]


def runtime(db: Database, folder: Path, clock: Callable[[], datetime], bell: CountingBell) -> Runtime:
    """What `wiring` builds, on the given database, clock and bell."""
    built = build(settings(folder, database_url=db.url))
    built.db.close()
    return Runtime(**{**built.__dict__, "db": db, "now": clock, "bell": bell})
