"""A shop behind its API: a real database of either kind, keys for every kind of caller."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from returns_service.store.db import Database
from tests.api.client import Api, Behind, unlimited
from tests.ground.runtime import NOON, Clock
from tests.shop import a_shop


@pytest.fixture(scope="session")
def with_shop(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UUID]:
    """A migrated SQLite file in which the shop `demo` has published its policy."""
    path = tmp_path_factory.mktemp("api") / "shop.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.begin() as session:
        shop_id = a_shop(session, now=NOON).id
    database.close()
    return path, shop_id


@pytest.fixture
def behind(tmp_path: Path, with_shop: tuple[Path, UUID]) -> Iterator[Behind]:
    """On SQLite: for what does not depend on the database."""
    shutil.copyfile(with_shop[0], tmp_path / "returns.db")
    database, clock = Database(f"sqlite:///{tmp_path / 'returns.db'}"), Clock()
    yield Behind(unlimited(database, tmp_path, clock), clock, {"demo": with_shop[1]})
    database.close()


@pytest.fixture(scope="module")
def behind_module(tmp_path_factory: pytest.TempPathFactory, with_shop: tuple[Path, UUID]) -> Iterator[Behind]:
    """One for all tests of a module."""
    folder = tmp_path_factory.mktemp("module")
    shutil.copyfile(with_shop[0], folder / "returns.db")
    database, clock = Database(f"sqlite:///{folder / 'returns.db'}"), Clock()
    yield Behind(unlimited(database, folder, clock), clock, {"demo": with_shop[1]})
    database.close()


@pytest.fixture
def behind_both(db: Database, tmp_path: Path) -> Behind:
    """On SQLite and on PostgreSQL."""
    clock = Clock()
    made = Behind(unlimited(db, tmp_path, clock), clock, {})
    made.shop("demo")
    return made


@pytest.fixture
def api(behind: Behind) -> Api:
    """Everything is allowed to this key."""
    return behind.key("admin")
