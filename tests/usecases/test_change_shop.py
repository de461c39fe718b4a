from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden
from returns_service.store import shops
from returns_service.store.db import Database
from returns_service.usecases.change_shop import change_settings, change_views
from tests.shop import a_shop

NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def staff(db: Database) -> Actor:
    with db.begin() as session:
        return Actor(a_shop(session, now=NOW).id, "staff", "Ada", frozenset({"staff"}))


Change = Callable[[Session], None]


def at_once(db: Database, staff: Actor, first: Change, second: Change) -> dict[str, Any]:
    """The settings after two transactions of which each begins before the other ends."""

    def do() -> None:
        with db.begin() as session:
            shops.load(session, staff.shop_id)
            second(session)

    other = Thread(target=do)
    with db.begin() as session:
        first(session)
        other.start()
        other.join(0.2)  # it waits, or has not begun yet
    other.join()
    with db.read() as session:
        return shops.load(session, staff.shop_id).settings


def test_two_who_set_different_things_at_once_lose_neither(db: Database, staff: Actor) -> None:
    kept = at_once(
        db,
        staff,
        lambda session: change_settings(session, {"replies": [2]}, actor=staff),
        lambda session: change_settings(session, {"limits": [1]}, actor=staff),
    )
    assert (kept["limits"], kept["replies"]) == ([1], [2])


def test_two_who_share_a_view_at_once_lose_neither(db: Database, staff: Actor) -> None:
    def sharing(name: str, address: str) -> Change:
        view = {"name": name, "address": address}
        return lambda session: change_views(session, name, view, actor=staff)

    kept = at_once(db, staff, sharing("late", "/a"), sharing("dear", "/b"))
    assert kept["views"] == [{"name": "late", "address": "/a"}, {"name": "dear", "address": "/b"}]
    with db.begin() as session:
        sharing("late", "/c")(session)
        change_views(session, "dear", None, actor=staff)
    with db.read() as session:
        assert shops.load(session, staff.shop_id).settings["views"] == [{"name": "late", "address": "/c"}]


def test_who_is_no_staff_sets_nothing(db: Database, staff: Actor) -> None:
    with pytest.raises(Forbidden), db.begin() as session:
        change_settings(session, {"replies": []}, actor=Actor(staff.shop_id, "storefront", "shop"))
