"""Columns of a result described when somebody looks: SQLAlchemy asks every result of psycopg for them, and looks once."""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any


def describe_late(connection: Any, _record: object) -> None:
    """For each new connection. The description of a wide row took longer than to read it."""
    connection.cursor_factory = _late(connection.cursor_factory)


class Columns(Sequence[Any]):
    """What a cursor says of its columns, found out at the first look."""

    def __init__(self, count: int, cursor: Any) -> None:
        self._count, self._cursor = count, cursor

    @cached_property
    def _all(self) -> Sequence[Any]:
        found: Sequence[Any] = self._cursor.described()
        return found

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        return self._all[index]


@cache
def _late(base: Any) -> Any:
    class Cursor(base):  # type: ignore[misc]
        @property
        def description(self) -> Sequence[Any] | None:
            result = self.pgresult
            return Columns(result.nfields, self) if result and result.nfields else self.described()

        def described(self) -> Any:
            return super().description

    return Cursor
