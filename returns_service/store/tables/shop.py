"""The tenant, its keys and its staff."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from returns_service.store.tables.base import Row, json_dict, json_list, key


class Shop(Row, table=True):
    """`brand`: colour, logo_url, support_email; `locations`: code, name, address lines, restocks (false: nothing goes on sale there); `settings`: limits by name."""

    __tablename__ = "shops"
    id: UUID = key()
    slug: str = Field(unique=True, max_length=64)
    name: str
    policy_name: str = "standard"
    languages: list[str] = json_list()
    time_zone: str = "Europe/Berlin"
    brand: dict[str, Any] = json_dict()
    locations: list[dict[str, Any]] = json_list()
    settings: dict[str, Any] = json_dict()
    secrets: dict[str, Any] = json_dict()
    """By gateway: its secrets, sealed with the installation's key; never shown again."""
    listens: bool = False
    """Whether webhook endpoints were ever added; without any, nobody needs to look for them."""
    created_at: datetime


class ApiKey(Row, table=True):
    """Shown once; only its digest is kept."""

    __tablename__ = "api_keys"
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id", index=True)
    name: str
    prefix: str
    digest: str = Field(unique=True)
    scopes: list[str] = json_list()
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class StaffUser(Row, table=True):
    """A person who signs in to the bench or the console."""

    __tablename__ = "staff_users"
    __table_args__ = (
        UniqueConstraint("shop_id", "email"),
        UniqueConstraint("shop_id", "badge"),
        UniqueConstraint("shop_id", "company_subject"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    email: str
    name: str
    role: str
    password_hash: str | None = None
    totp_secret: str | None = None
    company_subject: str | None = None
    """Who this is to the company's sign-in; set when they first come in through it, and nobody else's from then on."""
    badge: str | None = None
    pin_hash: str | None = None
    disabled: bool = False
    sessions_from: datetime
    """Sessions older than this are over."""
    preferences: dict[str, Any] = json_dict()
    created_at: datetime


class IdempotencyKey(Row, table=True):
    """The answer to a request, written in the transaction of its effect."""

    __tablename__ = "idempotency_keys"
    shop_id: UUID = Field(foreign_key="shops.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=255)
    route: str
    fingerprint: str
    status: int
    headers: dict[str, Any] = json_dict()
    body: str
    created_at: datetime = Field(index=True)


class Lease(Row, table=True):
    """Who may do a thing that only one process may do at a time."""

    __tablename__ = "leases"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime
