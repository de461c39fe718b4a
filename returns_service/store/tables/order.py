"""Orders, their snapshots, their tenders and the units that cases hold."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, UniqueConstraint

from returns_service.store.tables.base import Row, json_dict, key, minor


class OrderRow(Row, table=True):
    """The current snapshot (`frozen`: the domain's order, as store/freeze.py writes it) and what is searched for."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("shop_id", "external_id"),
        Index("ix_orders_number", "shop_id", "number"),
        Index("ix_orders_email", "shop_id", "email"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    external_id: str
    number: str
    email: str
    """Lower case."""
    customer_id: str | None = None
    currency: str = Field(max_length=3)
    placed_at: datetime
    version: int = 1
    policy_version_id: UUID = Field(foreign_key="policy_versions.id")
    frozen: dict[str, Any] = json_dict()
    snapshot_at: datetime | None = None
    """The snapshot's own `updated_at`; older ones are refused."""
    created_at: datetime
    updated_at: datetime


class OrderSnapshot(Row, table=True):
    """Every snapshot ever taken, in the words of the contract; never changed."""

    __tablename__ = "order_snapshots"
    order_id: UUID = Field(foreign_key="orders.id", primary_key=True)
    version: int = Field(primary_key=True)
    body: dict[str, Any] = json_dict()
    taken_at: datetime


class Tender(Row, table=True):
    """One payment of an order and what of it went back; the check makes overspending impossible."""

    __tablename__ = "tenders"
    __table_args__ = (
        UniqueConstraint("order_id", "payment_id"),
        CheckConstraint(
            "captured >= 0 AND reserved >= 0 AND refunded >= 0 AND refunded_elsewhere >= 0 AND charged_back >= 0",
            name="ck_tenders_positive",
        ),
        CheckConstraint(
            "reserved + refunded + refunded_elsewhere + charged_back <= captured",
            name="ck_tenders_within_captured",
        ),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    order_id: UUID = Field(foreign_key="orders.id")
    position: int = 0
    payment_id: str
    method: str
    gateway: str
    reference: str | None = None
    captured: int = minor()
    refunded_elsewhere: int = minor()
    charged_back: int = minor()
    chargeback: str | None = None
    reserved: int = minor()
    refunded: int = minor()
    reported: bool = False
    """Paid later for goods of a case (a difference, a charge), and reported by the storefront; in no snapshot."""


class Hold(Row, table=True):
    """A unit (order line, slot) held by a case line; two active holds of one unit cannot exist."""

    __tablename__ = "holds"
    __table_args__ = (
        Index(
            "uq_holds_active_unit",
            "order_id",
            "order_line_id",
            "slot",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )
    id: UUID = key()
    order_id: UUID = Field(foreign_key="orders.id", index=True)
    order_line_id: str
    slot: int
    case_line_id: UUID = Field(foreign_key="case_lines.id", index=True)
    active: bool = True
    compensated: int = minor()
    """Compensation paid for this unit while the customer kept it."""
