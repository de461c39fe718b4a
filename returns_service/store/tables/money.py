"""Refunds, their attempts, the ledger, store credit and goods that go out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, UniqueConstraint

from returns_service.store.tables.base import Row, json_dict, json_list, key, minor

_ABOUT_CLAIMS = text("kind IN ('recover', 'goods_owed', 'recovered', 'forgone')")


class Refund(Row, table=True):
    """Money for one tender (or store credit when `tender_id` is None) on behalf of one purpose of a case."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="ck_refunds_amount"),
        UniqueConstraint("case_id", "purpose", "payment_id"),
        Index("ix_refunds_state", "shop_id", "state"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    case_id: UUID = Field(foreign_key="return_cases.id", index=True)
    tender_id: UUID | None = Field(default=None, foreign_key="tenders.id")
    payment_id: str = ""
    """The order's payment id; empty for store credit."""
    purpose: str
    """settlement-1, advance-1, settlement-2 ...: one refund per purpose and tender."""
    method: str
    amount: int = minor()
    currency: str = Field(max_length=3)
    state: str
    """awaiting_release, pending, succeeded, failed, unknown or manual."""
    gateway: str
    gateway_reference: str | None = None
    code: str | None = None
    """The store credit's code."""
    reason: str = ""
    requested_by: str = ""
    released_by: str | None = None
    created_at: datetime
    updated_at: datetime


class RefundAttempt(Row, table=True):
    """One try at a gateway, committed before the call; its key is never changed."""

    __tablename__ = "refund_attempts"
    __table_args__ = (UniqueConstraint("refund_id", "n"), UniqueConstraint("gateway", "gateway_refund_id"))
    id: UUID = key()
    refund_id: UUID = Field(foreign_key="refunds.id")
    n: int
    gateway: str
    idempotency_key: str = Field(unique=True)
    request: dict[str, Any] = json_dict()
    digest: str
    state: str
    """sent, ok, pending, declined, unknown."""
    fence: int = 0
    sent_at: datetime
    resolved_at: datetime | None = None
    gateway_refund_id: str | None = None
    detail: str = ""


class GatewayEvent(Row, table=True):
    """Inbox of signed events from gateways and carriers; the key makes a repeat harmless."""

    __tablename__ = "gateway_events"
    shop_id: UUID = Field(foreign_key="shops.id", primary_key=True)
    provider: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    payload: dict[str, Any] = json_dict()
    received_at: datetime
    applied_at: datetime | None = None
    note: str = ""


class LedgerEntry(Row, table=True):
    """Append-only, which the database enforces; every balance is derived from these. Kinds: domain/ledger.py."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index("ix_ledger_case", "case_id"),
        Index("ix_ledger_tender", "tender_id"),
        Index(
            "ix_ledger_claims",
            "shop_id",
            "case_id",
            postgresql_where=_ABOUT_CLAIMS,
            sqlite_where=_ABOUT_CLAIMS,
        ),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    order_id: UUID = Field(foreign_key="orders.id")
    case_id: UUID = Field(foreign_key="return_cases.id")
    tender_id: UUID | None = Field(default=None, foreign_key="tenders.id")
    refund_id: UUID | None = Field(default=None, foreign_key="refunds.id")
    kind: str
    party: str | None = None
    """From whom the merchant recovers: customer, carrier or supplier."""
    amount: int = minor()
    currency: str = Field(max_length=3)
    at: datetime
    data: dict[str, Any] = json_dict()


class StoreCredit(Row, table=True):
    """Issued once per refund; spent over the API."""

    __tablename__ = "store_credits"
    __table_args__ = (
        CheckConstraint("balance >= 0 AND balance <= amount", name="ck_store_credits_balance"),
        UniqueConstraint("shop_id", "code"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    refund_id: UUID = Field(foreign_key="refunds.id", unique=True)
    code: str
    email: str
    currency: str = Field(max_length=3)
    amount: int = minor()
    balance: int = minor()
    expires_at: datetime | None = None
    created_at: datetime


class StoreCreditMove(Row, table=True):
    """A redemption, a reversal or an expiry; append-only."""

    __tablename__ = "store_credit_moves"
    __table_args__ = (UniqueConstraint("credit_id", "reference"),)
    id: UUID = key()
    credit_id: UUID = Field(foreign_key="store_credits.id")
    kind: str
    amount: int = minor()
    reference: str
    at: datetime


class Replacement(Row, table=True):
    """Goods that go to the customer: exchange, replacement, repair or send_back."""

    __tablename__ = "replacements"
    __table_args__ = (Index("ix_replacements_case", "case_id"),)
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    case_id: UUID = Field(foreign_key="return_cases.id")
    kind: str
    purpose: str = "settlement-1"
    lines: list[dict[str, Any]] = json_list()
    state: str
    """awaiting_payment, requested, shipped, failed or cancelled."""
    due: int = minor()
    paid: int = minor()
    payment_reference: str | None = None
    secured: int = minor()
    """Worth of the goods that the customer owes while they are still out."""
    security: str = ""
    """Of goods that go out in advance: hold, obligation or nothing; else empty."""
    security_reference: str | None = None
    """The storefront's hold."""
    returned: int = 0
    """Units of it that came back."""
    carrier: str | None = None
    tracking_number: str | None = None
    new_order_id: str | None = None
    reason: str = ""
    created_at: datetime
    updated_at: datetime
