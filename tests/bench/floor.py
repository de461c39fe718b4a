"""The floor: the rows of one lifecycle written by plain SQL transactions, and an empty Flask route on granian."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from tests.bench.clients import Seen, measure
from tests.ground import processes

BY_CASE = ("notices", "case_lines", "receipts", "inspections", "refunds", "ledger_entries", "events")
MOVES = 6
TABLES_OF_MOVE = {3: ("receipts",), 4: ("inspections",), 5: ("refunds", "ledger_entries")}
Row = dict[str, Any]
_slots = itertools.count(1_000_000)


class Sample:
    """The rows that one finished case of the service left behind, to be written again with other ids."""

    def __init__(self, connection: "psycopg.Connection[Any]", case_id: UUID) -> None:
        self.case = self._rows(connection, "return_cases", "id", [case_id])[0]
        self.tables = {table: self._rows(connection, table, "case_id", [case_id]) for table in BY_CASE}
        lines = [row["id"] for row in self.tables["case_lines"]]
        self.tables["holds"] = self._rows(connection, "holds", "case_line_id", lines)
        refunds = [row["id"] for row in self.tables["refunds"]]
        self.attempts = self._rows(connection, "refund_attempts", "refund_id", refunds)
        self.outbox = self._rows(connection, "outbox", "key", [str(case_id)])
        self.keys = self._rows(connection, "idempotency_keys", "shop_id", [self.case["shop_id"]])[-MOVES:]

    @staticmethod
    def _rows(connection: "psycopg.Connection[Any]", table: str, column: str, values: list[Any]) -> list[Row]:
        query = sql.SQL("SELECT * FROM {} WHERE {} = ANY(%s)").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            found = cursor.execute(query, [values]).fetchall()
        return sorted(found, key=lambda row: str(row.get("id", row.get("created_at"))))


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


class Writer:
    """Writes lifecycles the way a program without a framework would: one connection, few statements, seven commits."""

    def __init__(self, url: str, sample: Sample) -> None:
        self.connection = psycopg.connect(url)
        self.sample = sample

    def lifecycle(self) -> None:
        ids = self._ids()
        for move in range(MOVES + 1):
            with self.connection.transaction(), self.connection.cursor() as cursor:
                self._move(cursor, move, ids)

    def create(self) -> None:
        with self.connection.transaction(), self.connection.cursor() as cursor:
            self._move(cursor, 0, self._ids())

    def _ids(self) -> dict[Any, Any]:
        return {self.sample.case["id"]: uuid7()}

    def _move(self, cursor: Any, move: int, ids: dict[Any, Any]) -> None:
        sample = self.sample
        if move == 0:
            self._begin(cursor, ids)
        else:
            self._change(cursor, ids[sample.case["id"]], move)
        for table in TABLES_OF_MOVE.get(move, ()):
            self._insert(cursor, table, sample.tables[table], ids)
        if move == MOVES:
            self._insert(cursor, "refund_attempts", sample.attempts, ids)
        self._insert(cursor, "events", sample.tables["events"][move :: MOVES + 1], ids)
        if move == MOVES:
            self._insert(cursor, "notices", sample.tables["notices"], ids)
        for row in sample.outbox[move : move + 1]:
            self._write(cursor, "outbox", [{**row, "id": uuid7(), "key": str(ids[sample.case["id"]])}])
        for row in sample.keys[move : move + 1]:
            self._write(cursor, "idempotency_keys", [{**row, "key": uuid7().hex}])

    def _begin(self, cursor: Any, ids: dict[Any, Any]) -> None:
        case = self.sample.case
        fresh = {"id": ids[case["id"]], "number": uuid7().hex[-12:], "client_reference": None}
        cursor.execute("SELECT * FROM orders WHERE id = %s FOR UPDATE", [case["order_id"]])
        self._write(cursor, "return_cases", [{**case, **fresh}])
        self._insert(cursor, "case_lines", self.sample.tables["case_lines"], ids)
        holds = [{**hold, "slot": next(_slots)} for hold in self.sample.tables["holds"]]
        self._insert(cursor, "holds", holds, ids)

    def _change(self, cursor: Any, case_id: UUID, move: int) -> None:
        cursor.execute("SELECT * FROM return_cases WHERE id = %s FOR UPDATE", [case_id])
        cursor.execute("SELECT * FROM case_lines WHERE case_id = %s", [case_id])
        cursor.execute(
            "UPDATE return_cases SET version = %s, seq = %s, updated_at = %s, quote = %s WHERE id = %s",
            [move + 1, move + 1, datetime.now(UTC), Jsonb(self.sample.case["quote"]), case_id],
        )

    def _insert(self, cursor: Any, table: str, rows: list[Row], ids: dict[Any, Any]) -> None:
        self._write(cursor, table, self._renewed(rows, ids))

    def _renewed(self, rows: list[Row], ids: dict[Any, Any]) -> list[Row]:
        """The rows with fresh ids, pointing at the fresh ids of the others."""
        for row in rows:
            ids[row["id"]] = uuid7()
        return [{name: _fresh(name, value, ids) for name, value in row.items()} for row in rows]

    def _write(self, cursor: Any, table: str, rows: list[Row]) -> None:
        for row in rows:
            cursor.execute(_insert_into(table, tuple(row)), [_plain(value) for value in row.values()])


@cache
def _insert_into(table: str, columns: tuple[str, ...]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    marks = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, marks)


def _fresh(name: str, value: Any, ids: dict[Any, Any]) -> Any:
    if name in ("idempotency_key", "gateway_refund_id", "digest", "code", "client_reference", "message_id"):
        return uuid7().hex if value else value
    return ids.get(value, value) if isinstance(value, UUID) else value


def plain_sql(url: str, case_id: UUID, clients: int, count: int, *, only_create: bool = False) -> Seen:
    """Lifecycles (or creates) by plain SQL, in a copy of the database where one case stays as the sample."""
    with psycopg.connect(url) as connection:
        sample = Sample(connection, case_id)
    writers = [Writer(url, sample) for _ in range(clients)]
    return measure([writer.create if only_create else writer.lifecycle for writer in writers], count)


EMPTY = """
from flask import Flask
app = Flask(__name__)
@app.get("/")
def nothing():
    return {}
"""


@contextmanager
def empty_flask(folder: Any) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A Flask with one route that does nothing, on granian with the same options."""
    (folder / "empty.py").write_text(EMPTY)
    (port,) = processes.free_ports(1)
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--blocking-threads",
        "8",
        "--log-level",
        "error",
    ]
    server = processes.start([*command, "--port", str(port), "empty:app"], cwd=folder)
    try:
        yield port, server
    finally:
        processes.stop(server)
