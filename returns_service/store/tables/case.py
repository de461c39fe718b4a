"""A case, its lines, and what happened to them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, text
from sqlmodel import Field, UniqueConstraint

from returns_service.store.tables.base import Json, Row, json_dict, json_list, key, minor

_version = Column("version", Integer, nullable=False)


def _flagged(name: str) -> dict[str, Any]:
    """Of an index of few rows. Both databases use it only for the very words that `is_(True)` becomes in a query."""
    return {"postgresql_where": text(f"{name} IS true"), "sqlite_where": text(f"{name} IS 1")}


_TAKEN = text("assignee IS NOT NULL")


class ReturnCase(Row, table=True):
    """One customer intention over lines of one order. `state` is written by the lifecycle alone."""

    __tablename__ = "return_cases"
    __table_args__ = (
        UniqueConstraint("shop_id", "number"),
        UniqueConstraint("shop_id", "client_reference"),
        Index("ix_cases_state", "shop_id", "state", "created_at"),
        Index("ix_cases_due", "shop_id", "state", text("coalesce(next_deadline_at, state_since)"), "id"),
        Index("ix_cases_created", "shop_id", "created_at"),
        Index("ix_cases_updated", "shop_id", "updated_at"),
        Index("ix_cases_email", "shop_id", "email"),
        Index("ix_cases_name", "shop_id", "customer_name"),
        Index("ix_cases_deadline", "next_deadline_at"),
        Index(
            "ix_cases_assignee", "shop_id", "assignee", "state", postgresql_where=_TAKEN, sqlite_where=_TAKEN
        ),
        Index("ix_cases_overdue", "shop_id", **_flagged("overdue")),
        Index("ix_cases_unanswered", "shop_id", **_flagged("unanswered")),
    )
    __mapper_args__: ClassVar = {"version_id_col": _version, "version_id_generator": False}
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    order_id: UUID = Field(foreign_key="orders.id", index=True)
    number: str
    kind: str = "return"
    state: str
    version: int = Field(default=1, sa_column=_version)
    currency: str = Field(max_length=3)
    email: str
    customer_name: str = ""
    """As words are searched for: lower case, without accents."""
    customer_id: str | None = None
    language: str = "en"
    client_reference: str | None = None
    request: dict[str, Any] = json_dict()
    review: str = "auto"
    review_reasons: list[str] = json_list()
    policy_version_id: UUID = Field(foreign_key="policy_versions.id")
    fault: dict[str, Any] = json_dict()
    quote: dict[str, Any] = json_dict()
    quote_total: int = minor()
    goods_return: bool = True
    pay_when: str = "inspection"
    security: str = "obligation"
    """What stands for goods that go out before the return is in."""
    return_location: str | None = None
    label: dict[str, Any] = json_dict()
    """The storefront's own carrier label: url, carrier, tracking_number."""
    shipments: list[dict[str, Any]] = json_list()
    """Parcels on their way back: carrier, tracking_number, at."""
    tracking: str | None = Field(default=None, index=True)
    """The newest tracking number, for search."""
    scanned_at: datetime | None = None
    """First carrier scan on the way back."""
    advanced: bool = False
    has_money: bool = False
    """The ledger has entries; without them nobody need look for refunds."""
    has_goods: bool = False
    """Replacements exist."""
    overridden: bool = False
    outcome_reason: str = ""
    deadlines: list[dict[str, Any]] = json_list()
    next_deadline_at: datetime | None = None
    overdue: bool = False
    """One of the deadlines has passed, and no rule said what then."""
    messages: int = 0
    unanswered: bool = False
    """The customer spoke last."""
    assignee: str | None = None
    seq: int = 0
    """Number of the last event."""
    head: str = ""
    """Digest of the last event; the chain that `audit verify` walks."""
    requested_at: datetime
    state_since: datetime
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None


class CaseLine(Row, table=True):
    """A quantity of one order line, with what was asked and what came of it."""

    __tablename__ = "case_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="ck_case_lines_quantity"),
        CheckConstraint(
            "received_quantity >= 0 AND received_quantity <= quantity", name="ck_case_lines_received"
        ),
        UniqueConstraint("case_id", "position"),
        Index("ix_case_lines_sku", "shop_id", "sku"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    case_id: UUID = Field(foreign_key="return_cases.id")
    position: int
    order_line_id: str
    sku: str
    title: str
    quantity: int
    received_quantity: int = 0
    inspected_quantity: int = 0
    reason: str
    condition: str | None = None
    comment: str = ""
    resolution: str
    exchange_for: str | None = None
    photos: list[str] = json_list()
    attributes: dict[str, Any] = json_dict()
    accepted: bool = True
    slots: list[int] = json_list()
    """Units held (or once held) by this line, in order."""
    decision: dict[str, Any] = json_dict()
    fault: dict[str, Any] = json_dict()
    outcome: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)


class Receipt(Row, table=True):
    """One arrival at a dock: counted units per line and units nobody announced."""

    __tablename__ = "receipts"
    id: UUID = key()
    case_id: UUID = Field(foreign_key="return_cases.id", index=True)
    location: str | None = None
    lines: list[dict[str, Any]] = json_list()
    unexpected: list[dict[str, Any]] = json_list()
    actor: dict[str, Any] = json_dict()
    at: datetime = Field(index=True)


class Inspection(Row, table=True):
    """Units of a line found alike. A correction supersedes, it never overwrites."""

    __tablename__ = "inspections"
    __table_args__ = (CheckConstraint("quantity > 0", name="ck_inspections_quantity"),)
    id: UUID = key()
    case_id: UUID = Field(foreign_key="return_cases.id", index=True)
    line_id: UUID = Field(foreign_key="case_lines.id")
    quantity: int
    grade: str | None = None
    findings: list[str] = json_list()
    answers: dict[str, Any] = json_dict()
    disposition: str | None = None
    note: str = ""
    photos: list[str] = json_list()
    serial_numbers: list[str] = json_list()
    actor: dict[str, Any] = json_dict()
    at: datetime = Field(index=True)
    superseded: bool = False


class SerialNumber(Row, table=True):
    """A serial number that a case is about, as sold or as scanned at the bench; for search."""

    __tablename__ = "serial_numbers"
    __table_args__ = (Index("ix_serial_numbers", "shop_id", "number"),)
    case_id: UUID = Field(foreign_key="return_cases.id", primary_key=True)
    number: str = Field(primary_key=True)
    shop_id: UUID = Field(foreign_key="shops.id")


class EvidenceRow(Row, table=True):
    """A fact from outside: a scan, a log, a proof."""

    __tablename__ = "evidence"
    id: UUID = key()
    case_id: UUID = Field(foreign_key="return_cases.id", index=True)
    type: str
    data: dict[str, Any] = json_dict()
    at: datetime | None = None
    actor: dict[str, Any] = json_dict()
    recorded_at: datetime


class EventRow(Row, table=True):
    """One fact in a case's history; append-only, chained by digest."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_events_feed", "shop_id", "position", "id"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    case_id: UUID = Field(foreign_key="return_cases.id")
    seq: int
    type: str
    at: datetime
    actor: dict[str, Any] = json_dict()
    version: int
    data: dict[str, Any] = json_dict()
    digest: str
    position: int | None = Field(default=None, sa_type=BigInteger)
    """Its place in the shop's feed, given after the commit (store/feed.py)."""


class UnexpectedParcel(Row, table=True):
    """A parcel that arrived without a known case."""

    __tablename__ = "unexpected_parcels"
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id", index=True)
    case_id: UUID | None = Field(default=None, foreign_key="return_cases.id")
    carrier: str | None = None
    tracking_number: str | None = None
    location: str | None = None
    note: str = ""
    lines: list[dict[str, Any]] = json_list()
    state: str = "open"
    actor: dict[str, Any] = json_dict()
    at: datetime
