"""Moving a case: the lifecycle decides, the history records, the deadlines follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.decision import Deadline
from returns_service.domain.events import EventType
from returns_service.domain.policy import REFUND, deadlines
from returns_service.domain.render import instant
from returns_service.store import outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EventRow

_OWING = ("received", "inspected", "settling")


def move(
    case: CaseFile, trigger: str, fact: EventType, *, actor: Actor, now: datetime, **data: Any
) -> EventRow:
    """Make a move and record it. Raises IllegalMove."""
    before = lifecycle.move(case, trigger)
    if before != case.state:
        case.row.state_since = now
    if case.state in lifecycle.OVER:
        case.row.closed_at = now
    elif case.row.closed_at is not None:
        case.row.closed_at = None
    watch(case, now)
    return outbox.record(
        case, fact, actor=actor, now=now, **{"trigger": trigger, "from": before, "to": case.state, **data}
    )


def watch(case: CaseFile, now: datetime) -> None:
    """Set the deadlines of the present state."""
    said = deadlines(case.policy, case.state, case.row.state_since, now, case=case.facts_of_now())
    found = [one for one in _promised(case, said) if not moot(case, one.purpose)]
    kept = {(known["for"], known["at"]): known["done"] for known in case.row.deadlines}
    keep(case, [_body(deadline, kept) for deadline in found])
    case.row.next_deadline_at = min(
        (due for d in found for due in (d.at, d.remind_at) if due and due > now), default=None
    )


def keep(case: CaseFile, found: Sequence[dict[str, Any]]) -> None:
    """Write the deadlines down, and whether one of them has passed unnoticed by any rule."""
    case.row.deadlines = list(found)
    case.row.overdue = any("overdue" in deadline["done"] for deadline in found)


def _promised(case: CaseFile, found: Sequence[Deadline]) -> list[Deadline]:
    """With the time for the refund that began in an earlier state: it runs on until the money is on its way."""
    known = next((d for d in case.row.deadlines if d["for"] == REFUND), None)
    if known is None or case.state not in _OWING:
        return list(found)
    earlier = Deadline(REFUND, datetime.fromisoformat(known["at"]), known["time_zone"])
    others = [one for one in found if one.purpose != REFUND]
    later = [one for one in found if one.purpose == REFUND and one.at >= earlier.at]
    return [*others, earlier] if later else list(found)


def moot(case: CaseFile, purpose: str) -> bool:
    """Whether the matter of a deadline is settled: nothing awaited, nothing to choose, the money is on its way."""
    if purpose == REFUND:
        paid = bool(case.refunds) and all(refund.state == "succeeded" for refund in case.refunds)
        return case.row.advanced or (case.state == "settling" and paid)
    if purpose not in ("receive", "choose", "pay"):
        return False
    situation = case.situation()
    return not (situation.awaiting if purpose == "receive" else situation.choice_open)


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
