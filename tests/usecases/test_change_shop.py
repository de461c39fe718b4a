from datetime import UTC, datetime
from threading import Thread

import pytest

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden
from returns_service.store import shops
from returns_service.store.db import Database
from returns_service.usecases.change_shop import change_settings
from tests.shop import a_shop

NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def staff(db: Database) -> Actor:
    with db.begin() as session:
        return Actor(a_shop(session, now=NOW).id, "staff", "Ada", frozenset({"staff"}))


def test_two_who_set_different_things_at_once_lose_neither(db: Database, staff: Actor) -> None:
    def second() -> None:
        with db.begin() as session:
            shops.load(session, staff.shop_id)
            change_settings(session, {"views": [1]}, actor=staff)

    other = Thread(target=second)
    with db.begin() as session:
        change_settings(session, {"replies": [2]}, actor=staff)
        other.start()
        other.join(0.2)  # it waits, or has not begun yet
    other.join()
    with db.read() as session:
        kept = shops.load(session, staff.shop_id).settings
    assert (kept["views"], kept["replies"]) == ([1], [2])


def test_who_is_no_staff_sets_nothing(db: Database, staff: Actor) -> None:
    with pytest.raises(Forbidden), db.begin() as session:
        change_settings(session, {"views": []}, actor=Actor(staff.shop_id, "storefront", "shop"))
