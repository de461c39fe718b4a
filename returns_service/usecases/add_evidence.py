"""Add a fact from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps.attributing import keep_evidence


def add_evidence(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    type_: str,
    data: Mapping[str, Any],
    at: datetime | None = None,
) -> CaseFile:
    """Keep a fact that fault rules may look at. Raises StaleVersion."""
    case = cases.load(session, case_id, actor, expected=expected)
    keep_evidence(case, type_, data, at, actor=actor, now=now)
    return case
