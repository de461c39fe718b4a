"""Keep the deadlines of cases: remind before, act on silence after, say when the shop is late."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import choosing, moving, settlement


def keep_deadlines(session: Session, case_id: UUID, *, shop_id: UUID, now: datetime) -> CaseFile:
    """Do for one case what its passed deadlines say. Doing it twice does nothing more. Raises NotFound."""
    actor = Actor.of("system", shop_id, "deadline")
    case = cases.load(session, case_id, actor)
    state = case.state
    for deadline in list(case.row.deadlines):
        if case.state == state:
            _keep(case, deadline, actor, now)
    if case.state == state:
        _next(case, now)
    return case


def _keep(case: CaseFile, deadline: dict[str, Any], actor: Actor, now: datetime) -> None:
    remind, due = _at(deadline.get("remind_at")), _at(deadline["at"])
    if due and due <= now:
        _passed(case, deadline, actor, now)
    elif remind and remind <= now and "reminded" not in deadline["done"]:
        _mark(case, deadline, "reminded")
        outbox.record(
            case,
            EventType.REMINDER,
            actor=actor,
            now=now,
            **{"for": deadline["for"], "at": deadline["at"], "on": deadline["on"]},
        )


def _passed(case: CaseFile, deadline: dict[str, Any], actor: Actor, now: datetime) -> None:
    then = deadline.get("then")
    if then and lifecycle.can(case.situation(), then) and _known(case, then, now):
        _act(case, then, actor, now)
    elif "overdue" not in deadline["done"] and not moving.moot(case, deadline["for"]):
        _mark(case, deadline, "overdue")
        outbox.record(
            case, EventType.OVERDUE, actor=actor, now=now, **{"for": deadline["for"], "at": deadline["at"]}
        )


def _known(case: CaseFile, then: str, now: datetime) -> bool:
    """Silence settles only what is clear; a contradiction waits for a person, overdue for all to see."""
    return then != "settle" or settlement.final(case, now).final


def _act(case: CaseFile, then: str, actor: Actor, now: datetime) -> None:
    if then == "expire" and case.row.advanced:
        settlement.carry_out(case, "expire", settlement.final(case, now), actor=actor, now=now)
    elif then == "expire":
        moving.move(case, "expire", EventType.EXPIRED, actor=actor, now=now)
        cases.release(case.session, case)
    elif then == "settle":
        settlement.carry_out(case, "settle", settlement.final(case, now), actor=actor, now=now)
    elif then == "approve":
        moving.move(case, "approve", EventType.APPROVED, actor=actor, now=now, note="")
        settlement.approved(case, now=now)
    elif then == "choose":
        lines = choosing.open_lines(case)
        chosen = {"lines": sorted(lines), "resolution": "refund"}
        moving.move(case, "choose", EventType.CHOSEN, actor=actor, now=now, **chosen)
        choosing.take_money(case, lines, "refund", actor=actor, now=now)
    elif then == "lost":
        settlement.carry_out(case, "lost", settlement.final(case, now), actor=actor, now=now)


def _mark(case: CaseFile, deadline: dict[str, Any], word: str) -> None:
    marked = [
        {**known, "done": [*known["done"], word]} if known["for"] == deadline["for"] else known
        for known in case.row.deadlines
    ]
    moving.keep(case, marked)


def _next(case: CaseFile, now: datetime) -> None:
    times = [_at(moment) for d in case.row.deadlines for moment in (d.get("remind_at"), d["at"])]
    case.row.next_deadline_at = min((t for t in times if t and t > now), default=None)


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
