"""Published policies, immutable and versioned per shop; folders that cannot be published; trials on the past."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, UniqueConstraint

from returns_service.store.tables.base import Row, json_dict, json_list, key


class PolicyVersion(Row, table=True):
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
    note: str = ""
    """Why it was changed, in the words of who did it."""
    created_at: datetime


class PolicyDraft(Row, table=True):
    """A change that waits for a second person; at most one for each policy."""

    __tablename__ = "policy_drafts"
    shop_id: UUID = Field(foreign_key="shops.id", primary_key=True)
    name: str = Field(primary_key=True)
    base: int
    """The version it was written on."""
    files: dict[str, Any] = json_dict()
    note: str = ""
    proposed_by: str
    proposed_at: datetime


class PolicyProblem(Row, table=True):
    """A folder on disk that cannot be published; the last good version stays in force until it is mended."""

    __tablename__ = "policy_problems"
    shop_id: UUID = Field(foreign_key="shops.id", primary_key=True)
    name: str = Field(primary_key=True)
    problems: list[dict[str, Any]] = json_list()
    since: datetime


class SimulationRow(Row, table=True):
    """A policy tried on the shop's past, case by case; `cursor` is the last case that was asked."""

    __tablename__ = "simulations"
    __table_args__ = (Index("ix_simulations_shop", "shop_id", "id"),)
    id: UUID = key()
    shop_id: UUID = Field(foreign_key="shops.id")
    name: str
    base: int
    """The version that the text was written on."""
    files: dict[str, Any] = json_dict()
    laws: dict[str, Any] = json_dict()
    since: datetime
    state: str = "waiting"
    """waiting, running, done or failed."""
    cases: int = 0
    done: int = 0
    changed: int = 0
    effects: list[dict[str, Any]] = json_list()
    cursor: UUID | None = None
    problem: str = ""
    actor: dict[str, Any] = json_dict()
    created_at: datetime
    updated_at: datetime
