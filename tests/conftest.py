"""Fixtures that many tests use: databases of both kinds, a redis, the whole service in real processes."""

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from returns_service.store import migrations
from returns_service.store.db import Database
from tests.ground import postgres as postgres_ground
from tests.ground import redis as redis_ground
from tests.ground.postgres import Postgres
from tests.ground.redis import RedisServer
from tests.ground.service import Service

_numbers = itertools.count(1)


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    """A variable of the person who runs the tests must not change what they test."""
    for name in [name for name in os.environ if name.startswith("RETURNS_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test process."""
    with postgres_ground.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a migrated, empty database that others are copied from."""
    name = postgres.create()
    migrations.upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of either kind, for this test alone."""
    if request.param == "sqlite":
        path = tmp_path / f"returns-{next(_numbers)}.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """`db_url`, opened."""
    database = Database(db_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A redis of this test process; tests empty it themselves when they need it empty."""
    with redis_ground.running() as server:
        yield server


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole service as `scripts/serve` runs it, on free ports and a folder of its own, without demo data."""
    with Service(tmp_path / "data").started() as running:
        yield running
