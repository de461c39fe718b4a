"""What was changed of rows that a session keeps, where PostgreSQL can write it together with what is new."""

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel

from returns_service.store.tables import CaseLine, Refund, RefundAttempt, ReturnCase

_TABLES = (ReturnCase, CaseLine, Refund, RefundAttempt)
"""Nobody else writes them while their case is locked; and as none takes over what only one row may have, it is all the
same which is written first.
"""
_FEW = 8
"""Each change is a part of the statement; more are written quicker by the unit of work."""


class Shape(NamedTuple):
    """Which columns of a row; `version` is the one that tells whether somebody else was faster, if there is one."""

    table: type[SQLModel]
    columns: tuple[str, ...]
    version: str | None


class Change(NamedTuple):
    """One row: its columns as they are now, and its version as it was."""

    shape: Shape
    id: UUID
    values: dict[str, Any]
    was: Any


def changes(session: Session) -> list[Change] | None:
    """All that is to be written but new rows; None where the unit of work must do it."""
    rows = session.dirty
    if session.new or session.deleted or len(rows) > _FEW:
        return None
    if rows and (session.get_bind().dialect.name != "postgresql" or {*map(type, rows)}.difference(_TABLES)):
        return None
    found = (_change(row) for row in rows)
    return sorted((one for one in found if one.values), key=_order)


def _change(row: Any) -> Change:
    table: type[SQLModel] = type(row)
    before, now, version = inspect(row).committed_state, row.__dict__, _version(table)
    columns = tuple(sorted(name for name in before if before[name] != now[name]))
    was = before.get(version, now[version]) if version else None
    return Change(Shape(table, columns, version), row.id, {name: now[name] for name in columns}, was)


@cache
def _version(table: type[SQLModel]) -> str | None:
    column = inspect(table).version_id_col
    return None if column is None else str(column.name)


def _order(change: Change) -> tuple[str, tuple[str, ...]]:
    """The same changes make the same statement, which the database then knows."""
    return str(change.shape.table.__tablename__), change.shape.columns
