"""Published policies: immutable content, versioned per shop."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from returns_service.store.tables.base import json_dict, json_list, key


class PolicyVersion(SQLModel, table=True):
    """`files` and `laws` map file name to text, so that a decision can be replayed for ever."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("shop_id", "name", "version"),)
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    name: str
    version: int
    hash: str
    effective_from: datetime
    files: dict[str, Any] = json_dict()
    laws: dict[str, Any] = json_dict()
    published_by: str = "folder"
    created_at: datetime


class PolicyDraft(SQLModel, table=True):
    """A change that waits for a second person; at most one for each policy."""

    __tablename__ = "policy_drafts"
    shop_id: UUID = Field(foreign_key="shops.id", primary_key=True)
    name: str = Field(primary_key=True)
    base: int
    """The version it was written on."""
    files: dict[str, Any] = json_dict()
    proposed_by: str
    proposed_at: datetime


class PolicyProblem(SQLModel, table=True):
    """A folder on disk that cannot be published; the last good version stays in force until it is mended."""

    __tablename__ = "policy_problems"
    shop_id: UUID = Field(foreign_key="shops.id", primary_key=True)
    name: str = Field(primary_key=True)
    problems: list[dict[str, Any]] = json_list()
    since: datetime
