"""What becomes of units that came back, told to whoever keeps the stock books: each unit once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.store import events, outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine

Place = tuple[str, str, str, str | None, bool]
"""Case line, SKU, disposition, location, and whether the unit goes back on sale there."""


def tell(case: CaseFile, *, again: bool = True, actor: Actor, now: datetime) -> None:
    """One fact with what was not told before; none when all is told. `again`: something may have been told."""
    found = _found(case)
    if not found:
        return
    if again:
        found.subtract(_told(case))
    units = [_body(case, place, count) for place, count in found.items() if count]
    if units:
        outbox.record(case, EventType.DISPOSED, actor=actor, now=now, units=units)


def _found(case: CaseFile) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for line in case.accepted:
        places = _places(case, line)
        for part in line.outcome or ():
            if part["disposition"] and part["resolution"] != "missing":
                for _ in range(part["quantity"]):
                    found[_place(case, line, part["disposition"], next(places, None))] += 1
    return found


def _place(case: CaseFile, line: CaseLine, disposition: str, location: str | None) -> Place:
    return (
        str(line.id),
        line.sku,
        disposition,
        location,
        disposition == "restock" and _sells(case, location),
    )


def _places(case: CaseFile, line: CaseLine) -> Iterator[str | None]:
    """Where the units of a line arrived, in the order of their arrival."""
    for receipt in case.receipts:
        for part in receipt.lines:
            if part["line_id"] == str(line.id):
                yield from [receipt.location or case.row.return_location] * part["quantity"]


def _sells(case: CaseFile, location: str | None) -> bool:
    """A location may say that nothing goes on sale there."""
    known: Mapping[str | None, Mapping[str, Any]] = {
        place.get("code"): place for place in case.shop.locations
    }
    return bool(known.get(location, {}).get("restocks", True))


def _told(case: CaseFile) -> Counter[Place]:
    told: Counter[Place] = Counter()
    for fact in events.of_type(case.session, case.id, EventType.DISPOSED):
        for unit in fact.data["units"]:
            place = (unit["line_id"], unit["sku"], unit["disposition"], unit["location"], unit["restock"])
            told[place] += unit["quantity"]
    return told


def _body(case: CaseFile, place: Place, count: int) -> dict[str, Any]:
    line_id, sku, disposition, location, restock = place
    return {
        "line_id": line_id,
        "order_line_id": case.line(line_id).order_line_id,
        "sku": sku,
        "quantity": count,
        "disposition": disposition,
        "location": location,
        "restock": restock,
    }
