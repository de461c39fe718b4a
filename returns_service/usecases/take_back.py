"""Take back what one's hand did last at the bench: a fact of its own beside the one that was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.events import EventType
from returns_service.store import bench, cases, events, outbox
from returns_service.store.bench import Done
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Inspection, Receipt, UnexpectedParcel
from returns_service.usecases.steps import moving

WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class TakenBack:
    """What: count, inspection or parcel; and which case it was of, where it was of one."""

    case_id: UUID | None
    what: str


def take_back(session: Session, *, actor: Actor, now: datetime) -> TakenBack:
    """The whole of this person's newest act. Raises Conflict (nothing to take back, already built upon), IllegalMove."""
    rows = _last(session, actor, now)
    if isinstance(rows[0], UnexpectedParcel):
        return _forget(session, rows[0], actor, now)
    case = cases.load(session, rows[0].case_id, actor)
    if [row.id for row in _last(session, actor, now)] != [row.id for row in rows]:
        raise Conflict("nothing_done", "It was taken back in this very moment.")
    what, said = _undo(case, rows, actor, now)
    case.inspections = [found for found in case.inspections if not found.superseded]
    moving.move(case, "take_back", EventType.TAKEN_BACK, actor=actor, now=now, what=what, lines=said)
    if case.state in lifecycle.OVER:
        cases.release(session, case)  # the count had held them again
    return TakenBack(case.id, what)


def _last(session: Session, actor: Actor, now: datetime) -> list[Done]:
    found = bench.last_done(session, actor.shop_id, actor.name, now - WITHIN)
    if not found:
        raise Conflict("nothing_done", "There is nothing of yours in the last ten minutes to take back.")
    return found


def _undo(
    case: CaseFile, rows: Sequence[Done], actor: Actor, now: datetime
) -> tuple[str, list[dict[str, Any]]]:
    if isinstance(rows[0], Receipt):
        return "count", _uncount(case, rows[0], actor, now)
    return "inspection", [_uninspect(case, row) for row in rows if isinstance(row, Inspection)]


def _forget(session: Session, parcel: UnexpectedParcel, actor: Actor, now: datetime) -> TakenBack:
    """It stays to be read, and is no longer waited for."""
    if not bench.take_parcel_back(session, parcel.id):
        raise Conflict("looked_after", "Somebody has looked after this parcel already.")
    if parcel.case_id is not None:
        case = cases.load(session, parcel.case_id, actor)
        told = {"what": "parcel", "lines": parcel.lines}
        outbox.record(case, EventType.TAKEN_BACK, actor=actor, now=now, **told)
    return TakenBack(parcel.case_id, "parcel")


def _uninspect(case: CaseFile, found: Inspection) -> dict[str, Any]:
    """The finding stays to be read, and no longer counts."""
    line = case.line(str(found.line_id))
    found.superseded = True
    line.inspected_quantity -= found.quantity
    return {"line_id": str(line.id), "quantity": found.quantity}


def _uncount(case: CaseFile, receipt: Receipt, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """A receipt of less than nothing, so that the books of the dock add up."""
    moved = [*(one.created_at for one in case.refunds), *(one.created_at for one in case.replacements)]
    if any(at >= receipt.at for at in moved):
        raise Conflict("money_moved", "Money is on its way since this parcel came.")
    for part in receipt.lines:
        line = case.line(part["line_id"])
        if line.received_quantity - part["quantity"] < line.inspected_quantity:
            raise Conflict("already_inspected", "Units of this count were inspected since.")
        line.received_quantity -= part["quantity"]
    case.came_from = _before(case)
    lines, unexpected = _less(receipt.lines), _less(receipt.unexpected)
    case.session.add(
        Receipt(
            case_id=case.id,
            location=receipt.location,
            lines=lines,
            unexpected=unexpected,
            actor=actor.body(),
            at=now,
        )
    )
    return lines


def _before(case: CaseFile) -> str:
    """Where the case stood when the first of what is here now was counted in."""
    came = [fact.data for fact in events.of_type(case.session, case.id, EventType.RECEIVED.value)]
    first = [data["from"] for data in came if data["to"] == "received" != data["from"] != "inspected"]
    return first[-1] if first else case.came_from


def _less(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**part, "quantity": -part["quantity"]} for part in parts]
