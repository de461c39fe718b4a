"""What the database itself refuses, whatever the code does: a rewritten ledger, a payment that is overspent."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from returns_service.store.db import Database
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    made = Desk(shop_db, tmp_path)
    made.settled()
    made.work()
    return made


@pytest.mark.parametrize("statement", ["UPDATE ledger_entries SET amount = 1", "DELETE FROM ledger_entries"])
def test_the_database_itself_refuses_to_rewrite_the_ledger(desk: Desk, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), desk.db.begin() as session:
        session.connection().execute(text(statement))


@pytest.mark.parametrize("wrong", ["reserved = captured + 1", "refunded = -1", "captured = 0, refunded = 1"])
def test_the_database_itself_refuses_to_overspend_a_payment(desk: Desk, wrong: str) -> None:
    with pytest.raises(DBAPIError), desk.db.begin() as session:
        session.connection().execute(text(f"UPDATE tenders SET {wrong}"))


def test_the_database_itself_refuses_to_hold_a_unit_twice(desk: Desk) -> None:
    columns = "order_id, order_line_id, slot, case_line_id, active, compensated"
    twice = text(f"INSERT INTO holds (id, {columns}) SELECT :id, {columns} FROM holds")
    with pytest.raises(DBAPIError), desk.db.begin() as session:
        session.connection().execute(twice, {"id": "0" * 32})
