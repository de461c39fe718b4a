"""Settle a case on a person's word."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import IllegalMove
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import settlement


def settle(session: Session, case_id: UUID, *, expected: int | None, actor: Actor, now: datetime) -> CaseFile:
    """Owe what the policy says; units still missing are closed short. Raises StaleVersion, IllegalMove.

    While findings contradict each other nothing is owed yet: a person must rule on the fault before.
    """
    case = cases.load(session, case_id, actor, expected=expected)
    if lifecycle.done(case, "settle"):
        return case
    lifecycle.require(case, "settle")
    found = settlement.final(case, now, by_person=True)
    if not found.final:
        why = [*found.review_reasons, _RULE_FIRST]
        raise IllegalMove("settle", case.state, why, lifecycle.actions(case.situation()))
    settlement.carry_out(case, "settle", found, actor=actor, now=now)
    return case


_RULE_FIRST = "Say who is at fault first: add evidence of the type `ruling` with the party, and a reason."
