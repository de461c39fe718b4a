"""Take back what one's hand did last at the bench: a fact of its own beside the one that was wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.events import EventType
from returns_service.store import bench, cases
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Inspection, Receipt
from returns_service.usecases.steps import moving

WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class TakenBack:
    """Which case it was of, and what: count or inspection."""

    case_id: UUID
    what: str


def take_back(session: Session, *, actor: Actor, now: datetime) -> TakenBack:
    """The newest count or inspection of this person. Raises Conflict (nothing to take back, already built upon), IllegalMove."""
    last = _last(session, actor, now)
    case = cases.load(session, last.case_id, actor)
    if _last(session, actor, now).id != last.id:  # taken back twice at once: once is enough
        raise Conflict("nothing_done", "It was taken back in this very moment.")
    if isinstance(last, Inspection):
        what, said = "inspection", _uninspect(case, last)
    else:
        what, said = "count", _uncount(case, last, actor, now)
    case.inspections = [found for found in case.inspections if not found.superseded]
    moving.move(case, "take_back", EventType.TAKEN_BACK, actor=actor, now=now, what=what, lines=said)
    return TakenBack(case.id, what)


def _last(session: Session, actor: Actor, now: datetime) -> Inspection | Receipt:
    found = bench.last_done(session, actor.shop_id, actor.name, now - WITHIN)
    if found is None:
        raise Conflict("nothing_done", "There is nothing of yours in the last ten minutes to take back.")
    return found


def _uninspect(case: CaseFile, found: Inspection) -> list[dict[str, Any]]:
    """The finding stays to be read, and no longer counts."""
    line = case.line(str(found.line_id))
    found.superseded = True
    line.inspected_quantity -= found.quantity
    case.session.add_all([found, line])
    return [{"line_id": str(line.id), "quantity": found.quantity}]


def _uncount(case: CaseFile, receipt: Receipt, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """A receipt of less than nothing, so that the books of the dock add up."""
    if case.situation().money_moved:
        raise Conflict("money_moved", "Money is on its way since this parcel came.")
    for part in receipt.lines:
        line = case.line(part["line_id"])
        if line.received_quantity - part["quantity"] < line.inspected_quantity:
            raise Conflict("already_inspected", "Units of this count were inspected since.")
        line.received_quantity -= part["quantity"]
        case.session.add(line)
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


def _less(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**part, "quantity": -part["quantity"]} for part in parts]
