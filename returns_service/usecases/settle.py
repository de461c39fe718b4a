"""Settle a case on a person's word."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import settlement


def settle(session: Session, case_id: UUID, *, expected: int | None, actor: Actor, now: datetime) -> CaseFile:
    """Owe what the policy says; units still missing are closed short. Raises StaleVersion, IllegalMove."""
    case = cases.load(session, case_id, actor, expected=expected)
    if lifecycle.done(case, "settle"):
        return case
    lifecycle.require(case, "settle")
    settlement.carry_out(case, "settle", settlement.final(case, now), actor=actor, now=now)
    return case
