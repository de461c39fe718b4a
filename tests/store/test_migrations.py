from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel, col, delete, select

import returns_service.store.tables  # noqa: F401 - registers every table
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import migrations
from returns_service.store.db import Database
from returns_service.store.tables import (
    CaseLine,
    ConversationMessage,
    Inspection,
    ReturnCase,
    SerialNumber,
)
from returns_service.usecases.open_case import open_case
from tests.shop import a_shop, example_order
from tests.usecases.desk import START, Desk


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # of SQLite, where they cannot be compared
def test_the_migrations_make_exactly_the_tables_of_the_models(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_again_changes_nothing(db: Database, db_url: str) -> None:
    migrations.upgrade(db_url)


def test_what_is_looked_for_today_is_found_in_cases_of_yesterday(
    db: Database, db_url: str, tmp_path: Path
) -> None:
    lines = [
        {**line, "serial_numbers": [f"s-{line['id']}"]} for line in example_order({"1": 1, "2": 1})["lines"]
    ]
    with db.begin() as session:
        a_shop(session, now=START)
    desk = Desk(db, tmp_path, lines=lines, quantities={"1": 1, "2": 1})
    with db.begin() as session:
        wish = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
        open_case(session, "1001", wish, actor=desk.actor, now=desk.clock())
        line = session.exec(select(CaseLine)).one()
        found = Inspection(case_id=line.case_id, line_id=line.id, quantity=1, at=desk.clock())
        found.serial_numbers = ["x-9"]
        session.add(found)
        session.exec(delete(SerialNumber))
        case = session.exec(select(ReturnCase)).one()
        case.messages, case.deadlines = 1, [{"for": "review", "done": ["overdue"]}]
        session.add(ConversationMessage(case_id=case.id, author={"kind": "customer"}, body="?", at=START))
    with db.engine.begin() as connection:
        command.downgrade(migrations.config(connection), "0008")
    migrations.upgrade(db_url)
    with db.read() as session:
        assert list(session.exec(select(SerialNumber.number).order_by(col(SerialNumber.number)))) == [
            "S-1",
            "X-9",
        ]
        case = session.exec(select(ReturnCase)).one()
        assert (case.overdue, case.unanswered) == (True, True)
