"""Add a fact from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EvidenceRow


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
    session.add(
        EvidenceRow(case_id=case.id, type=type_, data=dict(data), at=at, actor=actor.body(), recorded_at=now)
    )
    outbox.record(case, EventType.EVIDENCE, actor=actor, now=now, type=type_, data=dict(data))
    return case
