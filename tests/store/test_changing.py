from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, update
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select

from returns_service.domain.actor import Actor
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.store.appending import append
from returns_service.store.cases import CaseFile
from returns_service.store.db import Database
from returns_service.store.tables import CaseLine, Hold, Lease, ReturnCase
from returns_service.usecases.open_case import open_case
from tests.shop import a_shop, example_order, put

NOW = datetime(2026, 10, 6, 9, 30, 0, 123456, tzinfo=UTC)
ODD = "quotes ' \" `, 100 % {of} :it, \\n and\nnew lines, 退貨, 🧦"
LINES = 12


class Shop:
    """One case of many lines."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.begin() as session:
            self.actor = Actor(a_shop(session, now=NOW).id, "staff", "Robin", frozenset({"admin"}))
            ids = [str(i) for i in range(LINES)]
            put(session, example_order(dict.fromkeys(ids, 1)), actor=self.actor, now=NOW)
            wish = ReturnRequest(tuple(RequestLine(i, 1, "changed_mind", "opened_unused") for i in ids))
            self.case_id = open_case(session, "1001", wish, actor=self.actor, now=NOW).id

    def case(self, session: Session) -> CaseFile:
        return cases.load(session, self.case_id, self.actor)

    def rows(self) -> tuple[ReturnCase, list[CaseLine]]:
        with self.db.begin() as session:
            case = self.case(session)
            return case.row, case.lines


@pytest.fixture
def shop(db: Database) -> Shop:
    return Shop(db)


@contextmanager
def _written(db: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_c: object, _u: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)
    said[:] = [one for one in said if "UPDATE " in one.replace("FOR UPDATE", "") or "INSERT" in one]


def test_changed_rows_come_back_as_they_were_left(db: Database, shop: Shop) -> None:
    with db.begin() as session:
        case = shop.case(session)
        row, line = case.row, case.lines[0]
        row.version, row.label, row.tracking, row.overdue = row.version + 1, {"text": [ODD, None]}, ODD, True
        row.closed_at, row.quote_total = NOW + timedelta(microseconds=1), 2**53 + 1
        line.outcome, line.comment, line.slots = None, ODD, [7]
    assert [kept.model_dump() for kept in (shop.rows()[0], shop.rows()[1][0])] == [
        row.model_dump(),
        line.model_dump(),
    ]


def test_postgresql_writes_changed_and_new_rows_in_one_statement(db: Database, shop: Shop) -> None:
    with _written(db) as said, db.begin() as session:
        case = shop.case(session)
        case.row.tracking = "a"
        for line in case.lines[:3]:
            line.comment = "b"
        append(session, Lease(name="a", holder="", until=NOW))
    assert len(said) == (1 if db.dialect == "postgresql" else 3)
    assert [line.comment for line in shop.rows()[1]] == ["b"] * 3 + [""] * (LINES - 3)


def test_what_is_as_it_was_is_not_written(db: Database, shop: Shop) -> None:
    with _written(db) as said, db.begin() as session:
        case = shop.case(session)
        case.row.request = dict(case.row.request)
        case.row.tracking, case.lines[0].comment = None, "other"
        case.lines[0].comment = ""
    assert said == []


@pytest.mark.parametrize("count", [1, LINES])
def test_nothing_is_written_when_somebody_else_was_faster(db: Database, shop: Shop, count: int) -> None:
    with pytest.raises(StaleDataError), db.begin() as session:
        case = shop.case(session)
        case.row.version += 1
        for line in case.lines[:count]:
            line.comment = "never"
        append(session, Lease(name="a", holder="", until=NOW))
        faster = (
            update(ReturnCase).where(col(ReturnCase.id) == case.id).values(version=ReturnCase.version + 5)
        )
        session.connection().execute(faster)
    with db.read() as session:
        assert session.exec(select(Lease)).all() == []
    assert {line.comment for line in shop.rows()[1]} == {""}


def test_a_row_that_is_gone_is_not_changed(db: Database, shop: Shop) -> None:
    with pytest.raises(StaleDataError), db.begin() as session:
        line = shop.case(session).lines[0]
        line.comment = "never"
        session.connection().execute(delete(Hold).where(col(Hold.case_line_id) == line.id))
        session.connection().execute(delete(CaseLine).where(col(CaseLine.id) == line.id))


@pytest.mark.parametrize("count", [2, LINES])
def test_a_change_after_a_flush_is_written_too(db: Database, shop: Shop, count: int) -> None:
    with db.begin() as session:
        case = shop.case(session)
        for comment in ("first", "second"):
            case.row.version += 1
            for line in case.lines[:count]:
                line.comment = comment
            if comment == "first":
                session.flush()
    row, lines = shop.rows()
    assert [line.comment for line in lines] == ["second"] * count + [""] * (LINES - count)
    assert row.version == case.row.version


def test_other_tables_changed_with_them_are_written_before(db: Database, shop: Shop) -> None:
    with db.begin() as session:
        case = shop.case(session)
        case.lines[0].accepted = False
        cases.release(session, case, slots={case.lines[0].id: {0}})
    with db.begin() as session:
        assert shop.case(session).units_free()
    assert not shop.rows()[1][0].accepted
