"""What people say to each other: conversation, objections, ratings, photos, notices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, UniqueConstraint

from returns_service.store.tables.base import Row, json_dict, json_list, key

_OPEN = text("state = 'open'")


class ConversationMessage(Row, table=True):
    """A message on a case; internal notes are for staff only."""

    __tablename__ = "conversation_messages"
    id: UUID = key()
    case_id: UUID = Field(foreign_key="return_cases.id", index=True)
    author: dict[str, Any] = json_dict()
    body: str
    photos: list[str] = json_list()
    internal: bool = False
    at: datetime


class Objection(Row, table=True):
    """The customer's appeal against a decision."""

    __tablename__ = "objections"
    __table_args__ = (Index("ix_objections_open", "case_id", postgresql_where=_OPEN, sqlite_where=_OPEN),)
    id: UUID = key()
    case_id: UUID = Field(foreign_key="return_cases.id", index=True)
    state: str = "open"
    """open, granted, dismissed or withdrawn."""
    text: str
    wish: str = ""
    photos: list[str] = json_list()
    answer: str = ""
    answered_by: dict[str, Any] = json_dict()
    at: datetime
    answered_at: datetime | None = None


class Rating(Row, table=True):
    """How the customer found it, once per case and question."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("case_id", "kind"),
        CheckConstraint("score >= 0 AND score <= 10", name="ck_ratings_score"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    case_id: UUID = Field(foreign_key="return_cases.id")
    kind: str = "csat"
    """csat (1 to 5), ces (1 to 7) or nps (0 to 10)."""
    score: int
    comment: str = ""
    at: datetime


class Photo(Row, table=True):
    """A picture kept as evidence, re-encoded and without metadata."""

    __tablename__ = "photos"
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    case_id: UUID | None = Field(default=None, foreign_key="return_cases.id", index=True)
    order_id: UUID | None = Field(default=None, foreign_key="orders.id")
    path: str
    content_type: str
    size: int
    width: int
    height: int
    sha256: str = Field(index=True)
    alt: str = ""
    actor: dict[str, Any] = json_dict()
    at: datetime


class Notice(Row, table=True):
    """One message to one recipient through one channel about one event: people can see and resend it."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event_id", "recipient", "channel", "template"),
        Index("ix_notices_case", "case_id"),
        Index("ix_notices_state", "shop_id", "state"),
    )
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    case_id: UUID = Field(foreign_key="return_cases.id")
    event_id: UUID = Field(foreign_key="events.id")
    recipient: str
    """customer or staff, as the policy names them."""
    address: str
    channel: str
    template: str
    language: str
    subject: str = ""
    body_text: str = ""
    body_html: str = ""
    message_id: str
    state: str
    """queued, sent, failed, parked, suppressed or superseded."""
    attempts: int = 0
    last_error: str = ""
    created_at: datetime
    sent_at: datetime | None = None
