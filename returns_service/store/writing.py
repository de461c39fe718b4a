"""Rows to SQL: on PostgreSQL one statement for rows of many tables, on SQLite one for each table."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, insert
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from returns_service.store.appending import Last
from returns_service.store.changing import Change, Shape
from returns_service.store.json import dumps

_COUNTED = {"preserve_rowcount": True}
"""Without it PostgreSQL does not say of an INSERT how many rows it made."""

Values = dict[str, Any]
Processors = dict[str, Callable[[Any], Any]]


def write(
    session: Session, new: Iterable[SQLModel], changes: Sequence[Change] = (), last: Last | None = None
) -> None:
    """Write new rows and, on PostgreSQL, changed ones. Raises StaleDataError, and what the last one says."""
    by_table: dict[type[SQLModel], list[Values]] = {}
    for row in new:
        table: type[SQLModel] = type(row)
        by_table.setdefault(table, []).append({name: row.__dict__[name] for name in _columns(table)})
    if not (by_table or changes or last):
        return
    connection = session.connection()
    carry_out = _together if connection.dialect.name == "postgresql" else _each
    if not carry_out(connection, by_table, changes, last) and last:
        raise last.otherwise


def _each(
    connection: Connection, by_table: dict[type[SQLModel], list[Values]], _: object, last: Last | None
) -> int:
    """SQLite leaves what was changed to the unit of work. Answers how many rows the last one made."""
    for table in sorted(by_table, key=_place):
        connection.execute(_insert(table, len(by_table[table]) > 1), by_table[table])
    return connection.execute(last.insert, last.values, execution_options=_COUNTED).rowcount if last else 0


def _together(
    connection: Connection,
    by_table: dict[type[SQLModel], list[Values]],
    changes: Sequence[Change],
    last: Last | None,
) -> int:
    """PostgreSQL writes many tables at once, and checks what points at what when all is there. Answers the same."""
    shapes = tuple(change.shape for change in changes)
    sql, processors = _joined(connection.dialect, shapes, tuple(by_table), last.insert if last else None)
    given = dict(last.values) if last else {}
    given |= {name: process(given[name]) for name, process in processors.items()}
    given |= {_name(table): dumps(rows) for table, rows in by_table.items()}
    for i, change in enumerate(changes):
        given |= {f"id_{i}": change.id, f"was_{i}": change.was, f"now_{i}": dumps(change.values)}
    result = connection.exec_driver_sql(sql, given, execution_options=_COUNTED)
    if not changes:
        return result.rowcount
    changed, made = result.one()
    if changed != len(changes):
        raise StaleDataError(f"{len(changes)} rows were to be changed; {changed} are as they were read.")
    return int(made)


@lru_cache(256)
def _joined(
    dialect: Dialect, changed: tuple[Shape, ...], new: tuple[type[SQLModel], ...], last: Insert | None
) -> tuple[str, Processors]:
    """The SQL, and what must be done to which of the last row's values. Made once for each set of tables: there are one
    or two for each thing that happens.
    """
    updates = [_update(dialect, i, shape) for i, shape in enumerate(changed)]
    inserts = [_from_json(dialect, table) for table in new]
    at_last, processors = _compiled(dialect, last) if last is not None else ([], {})
    if updates:
        made = [f"{sql} RETURNING 1" for sql in at_last]
        parts = [*updates, *made, *inserts]
        counts = [f"(SELECT count(*) FROM part_{i})" for i in range(len(updates) + len(made))]  # noqa: S608  names of our own
        final = f"SELECT {' + '.join(counts[: len(updates)])}, {counts[-1] if made else 0}"
    else:
        *parts, final = [*inserts, *at_last]
    names = [f"part_{i} AS ({part})" for i, part in enumerate(parts)]
    return f"WITH {', '.join(names)} {final}" if names else final, processors


def _compiled(dialect: Dialect, last: Insert) -> tuple[list[str], Processors]:
    made = last.compile(dialect=dialect)
    found = {name: bind.type.dialect_impl(dialect) for name, bind in made.binds.items()}
    processors = {name: type_.bind_processor(dialect) for name, type_ in found.items()}
    return [str(made)], {name: process for name, process in processors.items() if process}


def _update(dialect: Dialect, i: int, shape: Shape) -> str:
    quoted, into = dialect.identifier_preparer.quote, _name(shape.table)
    columns = ", ".join(map(quoted, shape.columns))
    now = f"SELECT {columns} FROM jsonb_populate_record(NULL::{into}, %(now_{i})s::jsonb)"  # noqa: S608  names of our own
    same = f" AND {quoted(shape.version)} = %(was_{i})s" if shape.version else ""
    return f"UPDATE {into} SET ({columns}) = ({now}) WHERE id = %(id_{i})s{same} RETURNING 1"  # noqa: S608  names of our own


def _from_json(dialect: Dialect, table: type[SQLModel]) -> str:
    """All rows of a table are one value: SQLAlchemy and the driver would look at each value of each row, which takes
    most of the time of an INSERT.
    """
    quoted, into = dialect.identifier_preparer.quote, _name(table)
    columns = ", ".join(map(quoted, _columns(table)))
    rows = f"jsonb_populate_recordset(NULL::{into}, %({into})s::jsonb)"
    return f"INSERT INTO {into} ({columns}) SELECT {columns} FROM {rows}"  # noqa: S608  names of our own


def _name(table: type[SQLModel]) -> str:
    return str(table.__tablename__)


@cache
def _place(table: type[SQLModel]) -> int:
    """SQLite wants what is pointed at before what points at it."""
    return [known.name for known in SQLModel.metadata.sorted_tables].index(_name(table))


@cache
def _columns(table: type[SQLModel]) -> tuple[str, ...]:
    return tuple(table.model_fields)


@cache
def _insert(table: type[SQLModel], many: bool) -> Any:
    """Several rows are one statement only when something is to come back."""
    into = table.__table__  # type: ignore[attr-defined]
    return insert(into).returning(*into.primary_key) if many else insert(into)
