"""The gateway's books: one SQLite file of its own that survives kill -9."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (
    reference TEXT PRIMARY KEY, currency TEXT NOT NULL, captured INTEGER NOT NULL, refunded INTEGER NOT NULL DEFAULT 0,
    CHECK (refunded BETWEEN 0 AND captured));
CREATE TABLE IF NOT EXISTS refunds (
    id TEXT PRIMARY KEY, payment TEXT NOT NULL REFERENCES payments, amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', idempotency_key TEXT NOT NULL UNIQUE,
    metadata TEXT NOT NULL, created_at REAL NOT NULL, turns_to TEXT, turns_at REAL);
CREATE TABLE IF NOT EXISTS keys (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL, used_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS orders_to_misbehave (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, webhooks INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, shop TEXT NOT NULL, body TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    next_at REAL, delivered_at REAL);
CREATE TABLE IF NOT EXISTS calls (n INTEGER PRIMARY KEY, key TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS mood (name TEXT PRIMARY KEY, value REAL NOT NULL);
CREATE INDEX IF NOT EXISTS refunds_of ON refunds (payment);
CREATE INDEX IF NOT EXISTS events_open ON events (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS refunds_turning ON refunds (turns_at) WHERE turns_at IS NOT NULL;
"""


@dataclass(frozen=True)
class Misbehaviour:
    """What the next call gets, and whether its webhooks are sent."""

    kind: str
    webhooks: bool = True


class Ledger:
    """Every method is one transaction, or runs inside the one that `transaction` opened."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._open = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._open.row_factory = sqlite3.Row
        self._open.execute("PRAGMA journal_mode=WAL")
        self._open.execute("PRAGMA synchronous=NORMAL")
        self._open.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._open.in_transaction:
                yield self._open
                return
            self._open.execute("BEGIN IMMEDIATE")
            try:
                yield self._open
            except BaseException:
                self._open.execute("ROLLBACK")
                raise
            self._open.execute("COMMIT")

    def one(self, query: str, *values: Any) -> sqlite3.Row | None:
        with self.transaction() as db:
            row: sqlite3.Row | None = db.execute(query, values).fetchone()
            return row

    def all(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self.transaction() as db:
            return db.execute(query, values).fetchall()

    def payment(self, reference: str) -> sqlite3.Row | None:
        return self.one("SELECT * FROM payments WHERE reference = ?", reference)

    def open_payment(self, reference: str, currency: str, captured: int) -> None:
        with self.transaction() as db:
            db.execute("INSERT INTO payments VALUES (?, ?, ?, 0)", (reference, currency, captured))

    def add_refund(self, refund: dict[str, Any]) -> None:
        """Books a refund: from here on the money has moved, whatever the caller gets to hear."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO refunds VALUES (:id, :payment, :amount, :currency, :state, '', :idempotency_key, :metadata, "
                ":created_at, :turns_to, :turns_at)",
                {**refund, "metadata": json.dumps(refund["metadata"], sort_keys=True)},
            )
            db.execute(
                "UPDATE payments SET refunded = refunded + ? WHERE reference = ?",
                (refund["amount"], refund["payment"]),
            )

    def turn(self, refund_id: str, state: str, reason: str) -> None:
        """A pending refund comes through, or one that was announced fails: then the money is back."""
        with self.transaction() as db:
            refund = db.execute("SELECT * FROM refunds WHERE id = ?", (refund_id,)).fetchone()
            if state == "failed" and refund["state"] != "failed":
                db.execute(
                    "UPDATE payments SET refunded = refunded - ? WHERE reference = ?",
                    (refund["amount"], refund["payment"]),
                )
            db.execute(
                "UPDATE refunds SET state = ?, reason = ?, turns_to = NULL, turns_at = NULL WHERE id = ?",
                (state, reason, refund_id),
            )

    def remember(self, key: str, fingerprint: str, status: int, answer: dict[str, Any], at: float) -> None:
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?)",
                (key, fingerprint, status, json.dumps(answer), at),
            )

    def misbehave(self, kind: str, count: int, webhooks: bool) -> None:
        with self.transaction() as db:
            db.execute("DELETE FROM orders_to_misbehave") if kind == "nothing" else db.executemany(
                "INSERT INTO orders_to_misbehave (kind, webhooks) VALUES (?, ?)", [(kind, webhooks)] * count
            )

    def next_misbehaviour(self) -> Misbehaviour:
        with self.transaction() as db:
            row = db.execute("SELECT * FROM orders_to_misbehave ORDER BY n LIMIT 1").fetchone()
            if row is None:
                return Misbehaviour("nothing")
            db.execute("DELETE FROM orders_to_misbehave WHERE n = ?", (row["n"],))
            return Misbehaviour(row["kind"], bool(row["webhooks"]))

    def note_call(self, key: str, at: float) -> None:
        with self.transaction() as db:
            db.execute("INSERT INTO calls (key, at) VALUES (?, ?)", (key, at))

    def waiting(self) -> int:
        """Refunds that have still to turn, and webhooks that nobody has taken yet."""
        turning = "SELECT count(*) FROM refunds WHERE turns_at IS NOT NULL"
        row = self.one(f"SELECT ({turning}) + (SELECT count(*) FROM events WHERE next_at IS NOT NULL) AS n")  # noqa: S608
        return int(row["n"]) if row else 0

    def set_mood(self, mood: dict[str, float]) -> None:
        """How it behaves until told otherwise; see `Gateway.control`."""
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO mood VALUES (?, ?)", mood.items())

    def mood(self, name: str, default: float = 0) -> float:
        row = self.one("SELECT value FROM mood WHERE name = ?", name)
        return float(row["value"]) if row else default

    def add_event(self, event_id: str, shop: str, body: str, at: float) -> None:
        with self.transaction() as db:
            db.execute("INSERT INTO events VALUES (?, ?, ?, 0, ?, NULL)", (event_id, shop, body, at))

    def close(self) -> None:
        with self._lock:
            self._open.close()
