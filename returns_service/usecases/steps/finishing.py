"""Ending a case once nothing is owed any more."""

from datetime import datetime

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving

_FACTS = {"refunded": EventType.REFUNDED, "replaced": EventType.REPLACED, "closed": EventType.CLOSED}


def finish(case: CaseFile, *, actor: Actor, now: datetime) -> None:
    """`settled`, if all is paid and sent; else the case stays where it is, visibly."""
    if case.state != "settling":
        return
    if case.owed():
        moving.watch(case, now)
        return
    outcome = case.outcome()
    moving.move(case, "settled", _FACTS[outcome], actor=actor, now=now, total=case.row.quote.get("total"))
