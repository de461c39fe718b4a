"""All that is left after a run: what clients saw, the database, the gateway's books, the message sinks. The judge's files."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import create_engine, text

from tests.faults.log import Log
from tests.ground.stage import Stage

TABLES = {
    "cases": "SELECT id, shop_id, order_id, number, state, seq, version, head, policy_version_id, currency FROM return_cases",
    "lines": "SELECT id, case_id, order_line_id, quantity, received_quantity, inspected_quantity, accepted, decision "
    "FROM case_lines",
    "events": "SELECT id, shop_id, case_id, seq, type, at, actor, version, data, digest FROM events ORDER BY case_id, seq",
    "outbox": "SELECT id, topic, key, state, attempts, payload, last_error, lease_until FROM outbox",
    "refunds": "SELECT id, case_id, tender_id, amount, currency, state, gateway, gateway_reference, reason FROM refunds",
    "attempts": "SELECT id, refund_id, n, idempotency_key, state FROM refund_attempts",
    "tenders": "SELECT id, reference, gateway, captured, refunded, reserved FROM tenders",
    "ledger": "SELECT case_id, tender_id, refund_id, kind, amount FROM ledger_entries",
    "holds": "SELECT order_id, order_line_id, slot, case_line_id, active FROM holds",
    "receipts": "SELECT case_id, lines, unexpected FROM receipts",
    "notices": "SELECT id, case_id, event_id, recipient, channel, template, address, message_id, state FROM notices",
    "deliveries": "SELECT id, event_id, state FROM webhook_deliveries",
    "hooks": "SELECT provider, event_id, note FROM gateway_events",
    "shops": "SELECT id, slug, listens FROM shops",
    "policies": "SELECT id, shop_id, version, hash FROM policy_versions",
    "orders": "SELECT id, external_id, frozen FROM orders",
}
_JSON = {"actor", "data", "payload", "lines", "unexpected", "decision", "frozen"}
_IDS = ("id", "_id", "key")


@dataclass
class Record:
    log: Log
    tables: dict[str, list[dict[str, Any]]]
    payments: list[dict[str, Any]] = field(default_factory=list)
    booked: list[dict[str, Any]] = field(default_factory=list)
    """The gateway's refunds."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    """What the gateway was asked to pay: key and instant."""
    mails: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    """What the webhook endpoint heard."""
    recovery: float = 0.0
    books: dict[str, str] = field(default_factory=dict)
    """What the service's own verifications said."""

    def __getattr__(self, name: str) -> list[dict[str, Any]]:
        try:
            return self.__dict__["tables"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


def plain(value: Any) -> str:
    """An id in one form, whatever a database makes of it."""
    return str(value).replace("-", "")


def read(stage: Stage, log: Log) -> Record:
    """Everything, as it is now."""
    engine = create_engine(stage.database_url)
    tables = {}
    with engine.connect() as connection:
        for name, query in TABLES.items():
            tables[name] = [_row(row) for row in connection.execute(text(query)).mappings()]
    engine.dispose()
    ledger = httpx.get(f"{stage.sandbox_url}/ledger", timeout=10).json()
    house = stage.house
    return Record(
        log, tables, ledger["payments"], ledger["refunds"], ledger["calls"], list(house.mailbox.taken), list(house.listener.taken)
    )  # fmt: skip


def _row(row: Any) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if name in _JSON and isinstance(value, (str, bytes)):
        return json.loads(value)
    if (
        name.endswith(_IDS)
        and name not in ("idempotency_key", "external_id", "message_id")
        and value is not None
    ):
        return plain(value)
    return value
