"""A shop behind its API: a real database of either kind, keys for every kind of caller."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from returns_service.store.db import Database
from tests.api.client import Api, Behind
from tests.ground.runtime import Clock, CountingBell, runtime


def _behind(database: Database, folder: Path) -> Behind:
    clock = Clock()
    ours = runtime(database, folder, clock, CountingBell())
    unlimited = ours.settings.model_copy(update={"rate_limit": "off"})
    return Behind(replace(ours, settings=unlimited), clock)


@pytest.fixture
def behind(tmp_path: Path, sqlite_template: Path) -> Iterator[Behind]:
    """On SQLite: for what does not depend on the database."""
    shutil.copyfile(sqlite_template, tmp_path / "returns.db")
    database = Database(f"sqlite:///{tmp_path / 'returns.db'}")
    yield _behind(database, tmp_path)
    database.close()


@pytest.fixture
def behind_both(db: Database, tmp_path: Path) -> Behind:
    """On SQLite and on PostgreSQL."""
    return _behind(db, tmp_path)


@pytest.fixture
def api(behind: Behind) -> Api:
    """Everything is allowed to this key."""
    return behind.key("admin")
