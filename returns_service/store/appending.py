"""New rows: written behind what a session keeps itself, in as few statements as can be."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, insert
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel

from returns_service.store.json import dumps

_COUNTED = {"preserve_rowcount": True}
"""Without it PostgreSQL does not say of an INSERT how many rows it made."""

Values = dict[str, Any]


def append(session: Session, *rows: SQLModel) -> None:
    """Add rows that are not changed in this transaction any more; the next flush writes them. What a row points at is
    kept by the session, or was appended before. A tenth of the CPU that the unit of work takes for a row.
    """
    session.info.setdefault("appended", []).extend(rows)


def enrol(session: Session, *rows: SQLModel) -> None:
    """Add rows that live on: they are written with what is appended, and may be changed before that and after it."""
    session.info.setdefault("enrolled", []).extend(rows)


def enrolled(session: Session) -> list[SQLModel]:
    """Those that are not written yet."""
    waiting: list[SQLModel] = session.info.get("enrolled", [])
    return waiting


def keep(session: Session, written: Iterable[SQLModel]) -> None:
    """A row that was written is like one that was read: the session writes what is changed of it."""
    for row in written:
        make_transient_to_detached(row)
        session.add(row)


def write_enrolled(session: Session) -> None:
    _write(session, session.info.pop("enrolled", []))


def write(session: Session, last: Insert | None = None, values: Mapping[str, Any] | None = None) -> int:
    """Write new rows, and one more with them. Answers how many rows that one made: a conflict makes none."""
    new = [*session.info.pop("enrolled", ()), *session.info.pop("appended", ())]
    return _write(session, new, last, values)


def _write(
    session: Session,
    new: Iterable[SQLModel],
    last: Insert | None = None,
    values: Mapping[str, Any] | None = None,
) -> int:
    by_table: dict[type[SQLModel], list[Values]] = {}
    for row in new:
        table: type[SQLModel] = type(row)
        by_table.setdefault(table, []).append({name: row.__dict__[name] for name in _columns(table)})
    if not by_table and last is None:
        return 0
    connection = session.connection()
    if by_table and connection.dialect.name == "postgresql":
        return _together(connection, by_table, last, values or {})
    for table in sorted(by_table, key=_place):
        connection.execute(_insert(table, len(by_table[table]) > 1), by_table[table])
    return 0 if last is None else connection.execute(last, values, execution_options=_COUNTED).rowcount


def _together(
    connection: Connection,
    by_table: dict[type[SQLModel], list[Values]],
    last: Insert | None,
    values: Mapping[str, Any],
) -> int:
    """PostgreSQL inserts into many tables at once, and checks what points at what when all is there."""
    sql, processors = _joined(connection.dialect, tuple(by_table), last)
    given = {**values, **{_name(table): dumps(rows) for table, rows in by_table.items()}}
    given |= {name: process(given[name]) for name, process in processors.items()}
    return connection.exec_driver_sql(sql, given, execution_options=_COUNTED).rowcount


@lru_cache(256)
def _joined(
    dialect: Dialect, tables: tuple[type[SQLModel], ...], last: Insert | None
) -> tuple[str, dict[str, Callable[[Any], Any]]]:
    """The SQL, and what must be done to which of the last row's values. Made once for each set of tables: there are one
    or two for each thing that happens.
    """
    parts, processors = [_from_json(dialect, table) for table in tables], {}
    if last is not None:
        made = last.compile(dialect=dialect)
        parts.append(str(made))
        types = {name: bind.type.dialect_impl(dialect) for name, bind in made.binds.items()}
        processors = {name: type_.bind_processor(dialect) for name, type_ in types.items()}
    *first, final = parts
    names = [f"part_{i} AS ({part})" for i, part in enumerate(first)]
    return f"WITH {', '.join(names)} {final}" if names else final, {
        name: process for name, process in processors.items() if process
    }


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
