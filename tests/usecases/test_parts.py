"""What is read beside a case is what the session would have read by itself, also by somebody who waited for the case."""

from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.store.db import Database
from returns_service.store.tables import CaseLine, Inspection, Refund, Replacement
from returns_service.usecases.approve import approve
from returns_service.usecases.open_case import open_case
from returns_service.usecases.receive import receive
from tests.usecases.desk import Desk

PARTS: dict[str, Any] = {
    "lines": CaseLine,
    "inspections": Inspection,
    "refunds": Refund,
    "replacements": Replacement,
}


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path, quantities={"1": 2, "2": 1})


def _asked(desk: Desk) -> UUID:
    wish = ReturnRequest((RequestLine("1", 2, "defective"), RequestLine("2", 1, "defective")))
    with desk.db.begin() as session:
        case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True)
        if case.state == "requested":
            approve(session, case.id, expected=None, actor=desk.actor, now=desk.clock())
        return case.id


def _count(desk: Desk, case_id: UUID, quantity: int) -> None:
    with desk.db.begin() as session:
        case = cases.load(session, case_id, desk.actor)
        line, now = str(case.lines[0].id), desk.clock()
        receive(session, case_id, expected=None, actor=desk.actor, now=now, lines=[(line, quantity)])


@pytest.mark.parametrize(("resolution", "given"), [("refund", "refunds"), ("exchange", "replacements")])
def test_parts_are_the_rows_of_the_database(desk: Desk, resolution: str, given: str) -> None:
    case_id = desk.settled(resolution=resolution)
    with desk.db.read() as session:
        case = cases.load(session, case_id, desk.actor, lock=False)
        read = {name: [row.model_dump() for row in getattr(case, name)] for name in PARTS}
    with desk.db.read() as session:
        for name, table in PARTS.items():
            query = select(table).where(table.case_id == case_id)
            assert read[name] == [row.model_dump() for row in session.exec(query)]
    assert all(read[name] for name in ("lines", "inspections", given))


def test_a_changed_part_is_written_back(desk: Desk) -> None:
    case_id = _asked(desk)
    with desk.db.begin() as session:
        cases.load(session, case_id, desk.actor).lines[1].comment = "torn"
    with desk.db.read() as session:
        query = select(CaseLine.comment).where(CaseLine.case_id == case_id).order_by(col(CaseLine.position))
        assert list(session.exec(query)) == ["", "torn"]


def test_the_same_row_is_the_same_object(desk: Desk) -> None:
    case_id = _asked(desk)
    with desk.db.begin() as session:
        line = cases.load(session, case_id, desk.actor).lines[0]
        line.comment = "not written yet"
        again = cases.load(session, case_id, desk.actor).lines[0]
        assert again is line
        assert session.get(CaseLine, line.id) is line


def test_who_waited_for_a_case_sees_its_lines_as_they_are_now(desk: Desk) -> None:
    """Units are counted in by two at once: neither count is lost."""
    case_id = _asked(desk)
    other = Thread(target=lambda: _count(desk, case_id, 1))
    with desk.db.begin() as session:
        lines = [(str(cases.load(session, case_id, desk.actor).lines[0].id), 1)]
        receive(session, case_id, expected=None, actor=desk.actor, now=desk.clock(), lines=lines)
        session.flush()
        other.start()
        other.join(0.5)  # it waits, or has not begun yet
    other.join()
    with desk.db.read() as session:
        case = cases.load(session, case_id, desk.actor, lock=False)
        assert [line.received_quantity for line in case.lines] == [2, 0]
