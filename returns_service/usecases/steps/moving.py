"""Moving a case: the lifecycle decides, the history records, the deadlines follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.decision import Deadline
from returns_service.domain.events import EventType
from returns_service.domain.policy import deadlines
from returns_service.domain.render import instant
from returns_service.store import outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EventRow


def move(
    case: CaseFile, trigger: str, fact: EventType, *, actor: Actor, now: datetime, **data: Any
) -> EventRow:
    """Make a move and record it. Raises IllegalMove."""
    before = lifecycle.move(case, trigger)
    if before != case.state:
        case.row.state_since = now
    if case.state in lifecycle.FINAL | lifecycle.ENDED | {"rejected"}:
        case.row.closed_at = now
    elif case.row.closed_at is not None:
        case.row.closed_at = None
    watch(case, now)
    return outbox.record(
        case, fact, actor=actor, now=now, **{"trigger": trigger, "from": before, "to": case.state, **data}
    )


def watch(case: CaseFile, now: datetime) -> None:
    """Set the deadlines of the present state."""
    found = _still_open(
        case, deadlines(case.policy, case.state, case.row.state_since, now, case=case.facts_of_now())
    )
    kept = {(known["for"], known["at"]): known["done"] for known in case.row.deadlines}
    case.row.deadlines = [_body(deadline, kept) for deadline in found]
    case.row.next_deadline_at = min(
        (due for d in found for due in (d.at, d.remind_at) if due and due > now), default=None
    )


def _still_open(case: CaseFile, found: Sequence[Deadline]) -> list[Deadline]:
    """Without those whose matter is settled: nothing awaited, nothing to choose."""
    if not found:
        return []
    situation = case.situation()
    moot = {"receive": not situation.awaiting, "choose": not situation.choice_open}
    return [deadline for deadline in found if not moot.get(deadline.purpose, False)]


def _body(deadline: Deadline, kept: Mapping[tuple[str, str | None], list[str]]) -> dict[str, Any]:
    """As stored: the contract's deadline, what silence means, and what was already said about it."""
    at = instant(deadline.at)
    return {
        "for": deadline.purpose,
        "at": at,
        "on": deadline.at.astimezone(ZoneInfo(deadline.time_zone)).date().isoformat(),
        "time_zone": deadline.time_zone,
        "then": deadline.then,
        "remind_at": instant(deadline.remind_at),
        "done": kept.get((deadline.purpose, at), []),
    }
