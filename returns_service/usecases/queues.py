"""What waits for the people of the console: queues with counts, pages of them, who takes a case on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.case import read_number
from returns_service.domain.errors import NotFound
from returns_service.store import cases, queues, search
from returns_service.store.queues import GLANCE, MOST, SORTS, VIEWS, Filters, Looker, Title
from returns_service.store.tables import ReturnCase
from returns_service.usecases.list_cases import short

__all__ = [
    "GLANCE",
    "MOST",
    "PAGE",
    "SORTS",
    "VIEWS",
    "Filters",
    "assign",
    "case_id",
    "counts",
    "is_there",
    "near_names",
    "neighbours",
    "page",
]

PAGE = 50


def _looker(actor: Actor, now: datetime) -> Looker:
    return Looker(actor.shop_id, actor.name, now)


def counts(session: Session, *, actor: Actor, now: datetime) -> dict[str, int]:
    """How many cases wait in each queue."""
    return queues.counts(session, _looker(actor, now))


def page(
    session: Session, view: str, filters: Filters, *, number: int, actor: Actor, now: datetime
) -> tuple[list[dict[str, Any]], int]:
    """One page of a queue, from 1, and how many cases it has in all. Raises NotFound for an unknown queue."""
    if view not in VIEWS:
        raise NotFound("queue")
    looker = _looker(actor, now)
    rows = queues.page(session, looker, view, filters, offset=(number - 1) * PAGE, limit=PAGE)
    lines = queues.titles(session, [row.id for row, *_ in rows])
    objected = queues.objected(session, [row.id for row, *_ in rows])
    shown = [
        {
            **_row(row, external, order, lines.get(row.id, []), now),
            "objection": row.id in objected,
            "image_url": _picture(lines.get(row.id, []), bought),
        }
        for row, external, order, bought in rows
    ]
    return shown, queues.count(session, looker, view, filters)


def _row(row: ReturnCase, external: str, order: str, lines: list[Title], now: datetime) -> dict[str, Any]:
    return {
        **short(row, external, order),
        "title": lines[0].title if lines else "",
        "units": sum(line.quantity for line in lines),
        "more": max(len(lines) - 1, 0),
        "resolutions": sorted({line.resolution for line in lines}),
        "deadline": next_deadline(row.deadlines, now),
        "state_since": row.state_since.isoformat(),
        "language": row.language,
    }


def _picture(lines: list[Title], bought: list[dict[str, Any]]) -> str | None:
    """The shop's picture of the first thing that comes back."""
    first = lines[0].order_line_id if lines else ""
    return next((line.get("image_url") for line in bought if line["id"] == first), None)


def next_deadline(deadlines: list[dict[str, Any]], now: datetime) -> Mapping[str, Any] | None:
    """The deadline that counts: the earliest; late when it is past."""
    if not deadlines:
        return None
    first = min(deadlines, key=lambda known: known["at"])
    return {**first, "late": datetime.fromisoformat(first["at"]) <= now}


def neighbours(
    session: Session, view: str, filters: Filters, number: str, *, actor: Actor, now: datetime
) -> tuple[str, str]:
    """The case before and the one after in a queue; "" at its ends."""
    if view not in VIEWS:
        return "", ""
    known = queues.numbers(session, _looker(actor, now), view, filters)
    if number not in known:
        return "", (known[0] if known else "")
    at = known.index(number)
    return (known[at - 1] if at else ""), (known[at + 1] if at + 1 < len(known) else "")


def every_number(session: Session, view: str, filters: Filters, *, actor: Actor, now: datetime) -> list[str]:
    """All that a queue holds, for doing one thing to all of it."""
    return queues.numbers(session, _looker(actor, now), view, filters)


def near_names(session: Session, asked: str, *, actor: Actor) -> list[str]:
    """What a name that was not found may have been."""
    return search.near_names(session, actor.shop_id, asked)


def case_id(session: Session, number: str, *, actor: Actor) -> UUID:
    """The case of a number as typed. Raises NotFound."""
    proper = read_number(number)
    row = queues.by_number(session, actor.shop_id, proper) if proper else None
    if row is None:
        raise NotFound("return")
    return row.id


def is_there(session: Session, number: str, *, actor: Actor) -> bool:
    """Whether a return has this number."""
    return queues.by_number(session, actor.shop_id, number) is not None


def assign(session: Session, case: UUID, to: str | None, *, actor: Actor) -> None:
    """Who takes a case on; None lets it go. Nobody's promise, so nothing of the case's history."""
    row = cases.load(session, case, actor).row
    row.assignee = to
    session.add(row)
