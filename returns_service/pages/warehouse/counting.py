"""W2: count what came out of a parcel. Whoever comes second is told who was first."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from sqlmodel import Session

from returns_service.domain.errors import Conflict, Refusal
from returns_service.pages.warehouse import once, views
from returns_service.pages.warehouse.door import actor, done, location, station, wants_part
from returns_service.pages.warehouse.words import sentence
from returns_service.pages.web import Submitted, gettext, now, runtime
from returns_service.usecases import bench
from returns_service.usecases.receive import receive


def register(blueprint: Blueprint) -> None:
    blueprint.post("/parcels/<number>/count")(count)


def count(number: str) -> Response:
    """One receipt for all that was counted; nothing is added twice, whatever is sent twice."""
    form = Submitted()
    case = views.find(number)
    try:
        with runtime().db.begin() as session:
            if once.first(session, form, f"count {number}"):
                _count(session, UUID(case["id"]), form)
    except AlreadyCounted as clash:
        return _clash(number, clash.last)
    except Refusal as refusal:
        return views.parcel(number, sound="stop", say=sentence(refusal), status=409)
    return views.counted(number) if wants_part() else done(f"/warehouse/parcels/{number}")


class AlreadyCounted(Conflict):
    """The count was based on what is no longer so."""

    def __init__(self, last: Mapping[str, Any] | None) -> None:
        super().__init__("already_counted", "Somebody else counted this parcel in the meantime.")
        self.last = last


def _count(session: Session, case_id: UUID, form: Submitted) -> None:
    before = bench.counted(session, case_id, actor=actor())
    seen = {line_id: form.number(f"seen-{line_id}", before[line_id]) for line_id in before}
    if seen != before:
        raise AlreadyCounted(bench.last_receipt(session, case_id))
    lines = [(line_id, form.number(f"count-{line_id}")) for line_id in before]
    place = location() or station()
    receive(
        session,
        case_id,
        expected=None,
        actor=actor(),
        now=now(),
        lines=[(line_id, quantity) for line_id, quantity in lines if quantity > 0],
        location=place,
        unexpected=extras(form),
    )


def extras(form: Submitted) -> list[dict[str, Any]]:
    """What was in the parcel beyond what was announced, or in the place of it: article, quantity, how it looks."""
    columns = (form.list(f"extra-{part}") for part in ("sku", "quantity", "note", "instead"))
    found = []
    for sku, quantity, note, instead in zip_longest(*columns, fillvalue=""):
        if sku.strip() or note.strip() or instead.strip():
            amount = int(quantity) if quantity.isascii() and quantity.isdigit() else 1
            said = [f"instead of {instead.strip()[:100]}" if instead.strip() else "", note.strip()[:400]]
            found.append(
                {
                    "sku": sku.strip()[:100] or "?",
                    "quantity": max(1, min(amount, 999)),
                    "note": "; ".join(part for part in said if part),
                }
            )
    return found


def _clash(number: str, last: Mapping[str, Any] | None) -> Response:
    if last is None:
        return views.parcel(
            number, sound="stop", say=gettext("This return changed in the meantime."), status=409
        )
    say = gettext("Already counted by %(who)s", who=last["who"])
    return views.parcel(number, sound="stop", say=say, status=409, conflict=last)
