from collections.abc import Iterator
from pathlib import Path

import pytest

from returns_service.store.db import Database
from returns_service.store.tables import OutboxRow, Shop
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON, Clock, CountingBell
from tests.ground.runtime import runtime as build_runtime


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bell() -> CountingBell:
    return CountingBell()


@pytest.fixture
def runtime(db: Database, tmp_path: Path, clock: Clock, bell: CountingBell) -> Iterator[Runtime]:
    return build_runtime(db, tmp_path, clock, bell)


@pytest.fixture
def shop(db: Database) -> Shop:
    with db.begin() as session:
        row = Shop(
            slug="demo", name="Demo", policy_name="standard", time_zone="Europe/Berlin", created_at=NOON
        )
        session.add(row)
    return row


@pytest.fixture
def leave(db: Database, shop: Shop, clock: Clock):
    """Leaves work in the outbox and answers its row."""

    def add(topic: str = "greet", key: str = "ann") -> OutboxRow:
        row = OutboxRow(topic=topic, key=key, shop_id=shop.id, next_attempt_at=clock(), created_at=clock())
        with db.begin() as session:
            session.add(row)
        return row

    return add


@pytest.fixture
def row(db: Database):
    """A row of the outbox as it now is."""

    def read(of: OutboxRow) -> OutboxRow:
        with db.read() as session:
            found = session.get(OutboxRow, of.id)
            assert found is not None
            return found

    return read
