"""Serial numbers at the bench: each comes back once, and one that we did not send is not our article."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.render import instant
from returns_service.domain.request import InspectedUnit
from returns_service.store.cases import CaseFile
from returns_service.store.serials import came_back
from returns_service.store.tables import CaseLine


def compared(
    case: CaseFile, line: CaseLine, units: Sequence[InspectedUnit], pointer: str
) -> list[InspectedUnit]:
    """The units, those with a foreign number apart and marked. Raises Invalid, Conflict (a number that came before)."""
    sold = case.order.by_id[line.order_line_id].serial_numbers
    units = [replace(unit, serial_numbers=_as_sold(unit.serial_numbers, sold)) for unit in units]
    scanned = [number for unit in units for number in unit.serial_numbers]
    if not scanned:
        return units
    if len(set(scanned)) < len(scanned) or any(len(u.serial_numbers) > u.quantity for u in units):
        raise Invalid("serial_numbers", "Each unit has one serial number of its own.", pointer=pointer)
    for number, who, at in came_back(case):
        if number in scanned:
            raise Conflict(
                "serial_received",
                f"The unit {number} was already received by {who} at {at:%Y-%m-%d %H:%M} UTC.",
                serial_number=number,
            )
    return [part for unit in units for part in (_apart(case, unit, sold) if sold else (unit,))]


def asked(case: CaseFile, line: CaseLine, questions: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What the bench compares a scanned number with, and the finding of another one; None where none is asked for."""
    sold, mark = case.order.by_id[line.order_line_id].serial_numbers, next(iter(_mark(case)), "")
    offered = {
        found for question in questions for answer in question["answers"] for found in answer["findings"]
    }
    if not sold and not ("serial" in mark and mark in offered):
        return None
    came = came_back(case) if sold else []
    return {
        "sold": list(sold),
        "mark": mark,
        "came": [(number, who, instant(at)) for number, who, at in came],
    }


def _as_sold(numbers: Sequence[str], sold: Sequence[str]) -> tuple[str, ...]:
    """Scanned or typed in other letters, it is the same number."""
    known = {number.upper(): number for number in sold}
    return tuple(known.get(number.upper(), number) for number in numbers)


def _apart(case: CaseFile, unit: InspectedUnit, sold: Sequence[str]) -> Iterator[InspectedUnit]:
    ours = tuple(number for number in unit.serial_numbers if number in sold)
    foreign = tuple(number for number in unit.serial_numbers if number not in sold)
    if unit.quantity > len(foreign):
        yield replace(unit, quantity=unit.quantity - len(foreign), serial_numbers=ours)
    if foreign:
        found = dict.fromkeys((*unit.findings, *_mark(case)))
        yield replace(unit, quantity=len(foreign), serial_numbers=foreign, findings=tuple(found))


def _mark(case: CaseFile) -> list[str]:
    """The policy's word for an article that is not ours; best the one about serial numbers."""
    known = [code for code, found in case.policy.findings.items() if "foreign" in found.marks]
    return sorted(known, key=lambda code: "serial" not in code)[:1]
