"""How long the customer may add evidence to an objection."""

from datetime import datetime

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.policy import evidence_until
from returns_service.domain.render import instant
from returns_service.store import talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Objection


def last_moment(case: CaseFile, objection: Objection) -> datetime | None:
    """Until when evidence counts; None: as long as the objection is open."""
    return evidence_until(case.policy, objection.at, case=case.facts_of_now())


def in_time(session: Session, case: CaseFile, *, actor: Actor, now: datetime) -> None:
    """Staff may always add; others while the policy gives them time. Raises Conflict."""
    objection = None if actor.may("staff") else talk.open_objection(session, case.id)
    until = last_moment(case, objection) if objection is not None else None
    if until is not None and now > until:
        detail = f"Evidence for the objection could be added until {instant(until)}."
        raise Conflict("evidence_late", detail, state=case.state, actions=[])
