"""Serial numbers at the bench: each comes back once, and one that we did not send is not our article."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.request import InspectedUnit
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine


def compared(
    case: CaseFile, line: CaseLine, units: Sequence[InspectedUnit], pointer: str
) -> list[InspectedUnit]:
    """The units, those with a foreign number apart and marked. Raises Invalid, Conflict (a number that came before)."""
    scanned = [number for unit in units for number in unit.serial_numbers]
    if not scanned:
        return list(units)
    if len(set(scanned)) < len(scanned) or any(len(u.serial_numbers) > u.quantity for u in units):
        raise Invalid("serial_numbers", "Each unit has one serial number of its own.", pointer=pointer)
    for number, who, at in cases.serials_seen(case):
        if number in scanned:
            raise Conflict(
                "serial_received",
                f"The unit {number} was already received by {who} at {at:%Y-%m-%d %H:%M} UTC.",
            )
    sold = case.order.by_id[line.order_line_id].serial_numbers
    return [part for unit in units for part in (_apart(case, unit, sold) if sold else (unit,))]


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
