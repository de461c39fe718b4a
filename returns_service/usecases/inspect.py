"""Inspect received units."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Invalid
from returns_service.domain.events import EventType
from returns_service.domain.request import InspectedUnit
from returns_service.store import cases
from returns_service.store import serials as known_serials
from returns_service.store.appending import append
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine, Inspection
from returns_service.usecases.steps import moving, serials, settlement
from returns_service.usecases.steps.claiming import claim_of

Found = Sequence[tuple[str, Sequence[InspectedUnit]]]


def inspect(
    session: Session, case_id: UUID, *, expected: int | None, actor: Actor, now: datetime, lines: Found
) -> CaseFile:
    """Note what was found; the policy settles with the last unit. Raises StaleVersion, IllegalMove, NotFound, Invalid."""
    case = cases.load(session, case_id, actor, expected=expected)
    corrects, known = case.state == "inspected", case.inspections
    noted = [_note(case, i, line_id, units, corrects, actor, now) for i, (line_id, units) in enumerate(lines)]
    case.inspections = [found for found in known if not found.superseded] + list(chain(*noted))
    said = [_said(line_id, rows) for (line_id, _), rows in zip(lines, noted, strict=True)]
    moving.move(case, "inspect", EventType.INSPECTED, actor=actor, now=now, lines=said)
    settlement.by_policy(case, now=now, moment="inspection")
    return case


def _note(
    case: CaseFile,
    i: int,
    line_id: str,
    units: Sequence[InspectedUnit],
    corrects: bool,
    actor: Actor,
    now: datetime,
) -> list[Inspection]:
    line, count = case.line(line_id), sum(unit.quantity for unit in units)
    if corrects:
        _supersede(case, line)
    waiting = line.received_quantity - line.inspected_quantity
    if count > waiting:
        detail = f"{waiting} received units of this line wait for inspection, not {count}."
        raise Invalid("quantity", detail, pointer=f"/lines/{i}/units")
    line.inspected_quantity += count
    rules.check_units(case.policy, units, f"/lines/{i}/units")
    claim = claim_of(case, line)
    compared = serials.compared(case, line, units, f"/lines/{i}/units")
    proposed = [rules.propose(case.policy, claim, unit) for unit in compared]
    rows = [_row(case, line, unit, actor, now) for unit in proposed]
    append(case.session, *rows)
    known_serials.know(case, (number for unit in compared for number in unit.serial_numbers))
    return rows


def _supersede(case: CaseFile, line: CaseLine) -> None:
    """A correction before money moved: what was found before no longer counts."""
    for found in case.inspections:
        if found.line_id == line.id:
            found.superseded = True
    line.inspected_quantity = 0


def _row(case: CaseFile, line: CaseLine, unit: InspectedUnit, actor: Actor, now: datetime) -> Inspection:
    return Inspection(
        case_id=case.id,
        line_id=line.id,
        quantity=unit.quantity,
        grade=unit.grade,
        findings=list(unit.findings),
        answers=dict(unit.answers),
        disposition=unit.disposition,
        note=unit.note,
        photos=list(unit.photos),
        serial_numbers=list(unit.serial_numbers),
        actor=actor.body(),
        at=now,
    )


def _said(line_id: str, rows: Sequence[Inspection]) -> dict[str, object]:
    told = ("quantity", "grade", "findings", "disposition")
    return {"line_id": line_id, "units": [{name: getattr(row, name) for name in told} for row in rows]}
