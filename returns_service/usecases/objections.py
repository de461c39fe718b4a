"""The customer objects to a decision; a person answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import ENDED, FINAL, OBJECTION
from returns_service.domain.policy import objecting
from returns_service.store import cases, outbox, photos, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Objection
from returns_service.usecases.show_parts import objection_body
from returns_service.usecases.steps.proving import last_moment

_OBJECTIONABLE = FINAL | ENDED | {"rejected", "settling", "inspected"}


def raise_objection(
    session: Session,
    case_id: UUID,
    *,
    text: str,
    wish: str = "",
    photo_ids: Sequence[str] = (),
    actor: Actor,
    now: datetime,
) -> tuple[CaseFile, Objection]:
    """Raises NotFound, Invalid; Conflict: nothing is decided yet, an objection waits, too late or too often."""
    case = cases.load(session, case_id, actor)
    if case.state not in _OBJECTIONABLE:
        raise Conflict(
            "not_decided", "Nothing is decided yet that could be objected to.", state=case.state, actions=[]
        )
    if talk.open_objection(session, case.id) is not None:
        raise Conflict(
            "objection_open",
            "An objection is open already; it will be answered.",
            state=case.state,
            actions=[],
        )
    _in_time(case, len(talk.objections(session, case.id)), now)
    photos.need(session, actor.shop_id, photo_ids)
    row = Objection(case_id=case.id, text=text, wish=wish, photos=list(photo_ids), at=now)
    session.add(row)
    session.flush()
    outbox.record(case, EventType.OBJECTION_RAISED, actor=actor, now=now, objection_id=str(row.id))
    return case, row


def _in_time(case: CaseFile, before: int, now: datetime) -> None:
    """By the policy's own terms: within the time from the decision, and not more often than it allows."""
    terms = objecting(case.policy, case.row.state_since, now, case=case.facts_of_now())
    if now > terms.until:
        raise Conflict(
            "objection_late", "The time to object to this decision is over.", state=case.state, actions=[]
        )
    if before >= terms.rounds:
        raise Conflict(
            "objections_used",
            "This decision was objected to as often as is possible.",
            state=case.state,
            actions=[],
        )


def may_object(session: Session, case_id: UUID, *, actor: Actor, now: datetime) -> datetime | None:
    """Until when an objection can be raised; None when it cannot. Raises NotFound."""
    case = cases.load(session, case_id, actor, lock=False)
    if case.state not in _OBJECTIONABLE or talk.open_objection(session, case.id) is not None:
        return None
    terms = objecting(case.policy, case.row.state_since, now, case=case.facts_of_now())
    used = len(talk.objections(session, case.id)) >= terms.rounds
    return None if used or now > terms.until else terms.until


def answer_objection(
    session: Session,
    case_id: UUID,
    objection_id: UUID,
    *,
    granted: bool,
    answer: str,
    actor: Actor,
    now: datetime,
) -> tuple[CaseFile, Objection]:
    """Grant or dismiss. What a granted one changes, the person then does (override, settle). Raises NotFound, IllegalMove."""
    case = cases.load(session, case_id, actor)
    row = talk.objection(session, case.id, objection_id)
    lifecycle.step(OBJECTION, row, "grant" if granted else "dismiss")
    row.answer, row.answered_by, row.answered_at = answer, actor.body(), now
    session.add(row)
    outbox.record(
        case,
        EventType.OBJECTION_ANSWERED,
        actor=actor,
        now=now,
        objection_id=str(row.id),
        granted=granted,
        answer=answer,
    )
    return case, row


def show_objections(session: Session, case_id: UUID, *, actor: Actor) -> list[dict[str, Any]]:
    """As programs read them, oldest first, each open one with the end of its time for evidence. Raises NotFound."""
    case = cases.load(session, case_id, actor, lock=False)
    return [shown(case, row) for row in talk.objections(session, case.id)]


def shown(case: CaseFile, row: Objection) -> dict[str, Any]:
    return objection_body(row, last_moment(case, row) if row.state == "open" else None)


def list_objections(session: Session, case_id: UUID, *, actor: Actor) -> list[Objection]:
    """Oldest first. Raises NotFound."""
    return talk.objections(session, cases.load(session, case_id, actor, lock=False).id)
