"""Repaired goods are with the customer again: the time of the repair is known, and they may fail once more."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from returns_service.domain.request import LineHistory, RequestLine, ReturnRequest
from returns_service.store import orders
from returns_service.store.db import Database
from returns_service.store.tables import OrderRow, Replacement
from returns_service.usecases.preview import preview
from returns_service.usecases.report_replacement import ship_replacement
from tests.usecases.desk import Desk

AGAIN = ReturnRequest((RequestLine("1", 1, "defective", photos=("photo",)),))


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


def past(desk: Desk) -> LineHistory:
    with desk.db.read() as session:
        return orders.history(session, session.exec(select(OrderRow)).one()).line("1")


def repair(desk: Desk, days: int) -> None:
    """A unit comes in now and goes out again so many days later."""
    case_id = desk.settled(resolution="repair")
    assert past(desk).held == {0}
    with desk.db.begin() as session:
        row = session.exec(select(Replacement).where(Replacement.case_id == case_id)).one()
        ship_replacement(session, row.id, actor=desk.actor, now=desk.clock() + timedelta(days=days))


def test_a_repaired_unit_is_free_and_its_absence_is_remembered(desk: Desk) -> None:
    arrived = desk.clock()
    repair(desk, days=12)
    found = past(desk)
    assert found.held == frozenset()
    assert found.paused == ((arrived, arrived + timedelta(days=12)),)


def test_what_fails_again_after_a_repair_may_be_given_back_a_year_longer(desk: Desk) -> None:
    late = desk.clock() + timedelta(days=900)
    with desk.db.read() as session:
        assert not preview(session, "1001", AGAIN, actor=desk.actor, now=late).eligible
    repair(desk, days=12)
    with desk.db.read() as session:
        [line] = preview(session, "1001", AGAIN, actor=desk.actor, now=late).lines
    assert (line.eligible, line.basis) == (True, "law/eu 2019/771 13(4)")
    assert line.window is not None and line.window.closes_on is not None
    assert line.window.closes_on.isoformat() == "2029-10-05"
