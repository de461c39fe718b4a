"""Databases with a shop whose policy is published: published once, compiled once, copied for every test."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from returns_service.store.db import Database
from tests.ground.postgres import Postgres
from tests.shop import a_shop
from tests.usecases.counter import Shop
from tests.usecases.desk import START

_numbers = itertools.count(1)


def _with_shop(url: str) -> None:
    database = Database(url)
    with database.begin() as session:
        a_shop(session, now=START)
    database.close()


@pytest.fixture(scope="session")
def sqlite_shop(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "template.db"
    shutil.copyfile(sqlite_template, path)
    _with_shop(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_shop(postgres: Postgres, postgres_template: str) -> str:
    name = postgres.create(postgres_template)
    _with_shop(postgres.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def shop_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of either kind with a shop in it, for this test alone."""
    if request.param == "sqlite":
        path = tmp_path / f"shop-{next(_numbers)}.db"
        shutil.copyfile(request.getfixturevalue("sqlite_shop"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("postgres_shop"))
    database = Database(server.url(name))
    yield database
    database.close()
    server.drop(name)


@pytest.fixture
def open_shop(shop_db: Database, tmp_path: Path) -> Iterator[Any]:
    made: list[Shop] = []

    def opened(**order: Any) -> Shop:
        made.append(Shop(shop_db, tmp_path, **order))
        return made[-1]

    yield opened
    made[0].audit()
