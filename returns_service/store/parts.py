"""Parts of a case, read in the statement that reads the case: one of their own costs more than the few rows it brings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Boolean, ColumnElement, Text, Uuid, literal_column
from sqlalchemy.orm import Mapper, class_mapper
from sqlalchemy.orm.attributes import instance_state
from sqlmodel import Session, UTCDateTime

from returns_service.store.db import flushes
from returns_service.store.json import loads
from returns_service.store.tables import (
    CaseLine,
    EvidenceRow,
    Inspection,
    Receipt,
    Refund,
    Replacement,
    ReturnCase,
)
from returns_service.store.tables.base import Row

Part = TypeVar("Part", bound=Row)


class _Kind(NamedTuple):
    """A table: which of its rows count, and what orders them."""

    table: type[Row]
    where: str = "true"
    order: str = "id"


_KINDS = (
    _Kind(CaseLine, order="position"),
    _Kind(Inspection, "NOT inspections.superseded"),
    _Kind(Refund, "return_cases.has_money"),
    _Kind(Replacement, "return_cases.has_goods"),
    _Kind(Receipt),
    _Kind(EvidenceRow),
)
_SEEN = "(SELECT seen.version FROM return_cases AS seen WHERE seen.id = return_cases.id)"
_BETWEEN = "\x1e"
"""No JSON has this sign in it."""


def column(dialect: str) -> ColumnElement[str]:
    """What stands beside a case in a query: the version it is read at, and for each table its rows as JSON."""
    between = " || chr(30) || " if dialect == "postgresql" else " || char(30) || "
    return literal_column(between.join([_SEEN, *(_rows_as_json(kind, dialect) for kind in _KINDS)]), Text)


class Beside:
    """What was read beside a case; it does not count any more as soon as the database may say something else."""

    def __init__(self, session: Session, case: ReturnCase, read: str) -> None:
        self._session, self._case = session, case
        seen, *found = read.split(_BETWEEN)
        self._texts = {kind.table: text for kind, text in zip(_KINDS, found, strict=True)}
        if int(seen) != case.version:
            # Who waits for a locked case gets it as it is then, but the rest as it was when he began to wait.
            self._texts.clear()
        self._flushes = flushes(session)

    def forget(self, table: type[Row]) -> None:
        """Of these, something may have changed that does not raise the version of the case."""
        self._texts.pop(table, None)

    def rows(self, table: type[Part]) -> list[Part] | None:
        """The rows as the session would read them, in order; None where it has to read them itself."""
        if table not in self._texts or self._flushes != flushes(self._session):
            return None
        shape, same = _shape(table), {"case_id": self._case.id, "shop_id": self._case.shop_id}
        found = sorted(loads(self._texts[table]), key=itemgetter(shape.order))
        return [_row(self._session, shape, same, values) for values in found]


class _Shape(NamedTuple):
    """What makes a row of JSON."""

    mapper: Mapper[Any]
    order: str
    restored: Sequence[tuple[str, Callable[[Any], Any]]]
    """Columns of which JSON has no values."""
    same: Sequence[str]
    """What each row has from its case."""


def _row(session: Session, shape: _Shape, same: Mapping[str, UUID], values: dict[str, Any]) -> Any:
    """As the session keeps it already, or as it would have read it."""
    for name, restore in shape.restored:
        if values[name] is not None:
            values[name] = restore(values[name])
    key = shape.mapper.identity_key_from_primary_key((values["id"],))
    row = session.identity_map.get(key)
    if row is None:
        row = shape.mapper.class_manager.new_instance()
        row.__dict__.update(values, **{name: same[name] for name in shape.same})
        instance_state(row).key = key
        session.add(row)
    return row


@cache
def _shape(table: type[Row]) -> _Shape:
    order = next(kind.order for kind in _KINDS if kind.table is table)
    types = {column.name: type(column.type) for column in class_mapper(table).columns}
    same = [name for name in ("case_id", "shop_id") if name in types]
    wanted = [(name, _RESTORE[kind]) for name, kind in types.items() if kind in _RESTORE and name not in same]
    return _Shape(class_mapper(table), order, wanted, same)


def _instant(text: str) -> datetime:
    """PostgreSQL names the time zone, SQLite keeps UTC."""
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


_RESTORE: Mapping[type, Callable[[Any], Any]] = {Uuid: UUID, UTCDateTime: _instant, Boolean: bool}


def _rows_as_json(kind: _Kind, dialect: str) -> str:
    """Short where it can be: of a statement of more than 4096 signs psycopg forgets each time how it was understood."""
    name = str(kind.table.__tablename__)
    if dialect == "postgresql":
        made = f"coalesce(json_agg({name})::text, '[]')"
    else:
        columns = class_mapper(kind.table).columns
        values = (f"json({c.name})" if isinstance(c.type, JSON) else c.name for c in columns)
        pairs = (f"'{c.name}', {value}" for c, value in zip(columns, values, strict=True))
        made = f"json_group_array(json_object({', '.join(pairs)}))"
    return f"(SELECT {made} FROM {name} WHERE case_id = return_cases.id AND {kind.where})"  # noqa: S608  names of our own
