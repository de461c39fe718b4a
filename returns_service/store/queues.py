"""The console's queues: which cases wait for what, how many, and a page of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_, bindparam, exists, not_, true, tuple_, union
from sqlmodel import Session, col, func, select

from returns_service.domain.lifecycle import OVER, STATES
from returns_service.store.search import LISTED, matching
from returns_service.store.tables import (
    CaseLine,
    LedgerEntry,
    Notice,
    Objection,
    OrderRow,
    Refund,
    Replacement,
    ReturnCase,
)

OPEN = tuple(state for state in STATES if state not in OVER)
GLANCE, MOST = 1_000, 2_000
"""So many are counted beside every page, and of the queue that one looks at; beyond that there are more."""
STUCK = ("awaiting_release", "unknown", "manual")


@dataclass(frozen=True)
class Looker:
    """Who looks, and when: what some queues depend on."""

    shop_id: UUID
    name: str
    now: datetime


@dataclass(frozen=True)
class Filters:
    """What narrows a queue further."""

    q: str = ""
    states: Sequence[str] = ()
    assignee: str = ""
    created_after: datetime | None = None
    created_before: datetime | None = None
    sort: str = "deadline"


Conditions = Sequence[ColumnElement[bool]]
"""A case waits in a queue when one of them holds. Each has an index of its own; one OR over them would have none, and
of a single state the index gives the first ones in their order."""


def _each(*states: str) -> list[ColumnElement[bool]]:
    return [col(ReturnCase.state) == state for state in states]


def _open() -> ColumnElement[bool]:
    return col(ReturnCase.state).in_(OPEN)


def _has(row: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(ReturnCase.id).in_(select(row.case_id).where(*conditions))


def _choice_open() -> ColumnElement[bool]:
    waits = col(Replacement.state).in_(("failed", "awaiting_payment"))
    return exists().where(col(Replacement.case_id) == ReturnCase.id, waits)


def _money_stuck(looker: Looker) -> Conditions:
    ours = col(Refund.shop_id) == looker.shop_id
    given_up = (col(Refund.state) == "failed", not_(col(Refund.reason).startswith("replaced:")))
    return [_has(Refund, ours, col(Refund.state).in_(STUCK)), _has(Refund, ours, *given_up)]


def _unreachable(looker: Looker) -> Conditions:
    """Mail to the customer came back for good, and nobody has put the address right."""
    ours = (Notice.shop_id == looker.shop_id, Notice.state == "suppressed")
    bounced = select(Notice.case_id, Notice.address).where(*ours)
    return [and_(col(ReturnCase.email) != "", tuple_(ReturnCase.id, ReturnCase.email).in_(bounced))]


VIEWS: dict[str, Callable[[Looker], Conditions]] = {
    "needs_decision": lambda _: [
        *_each("requested", "inspected"),
        _has(Objection, col(Objection.state) == "open"),
    ],
    "waiting_customer": lambda _: [
        *_each("info_requested", "approved"),
        and_(*_each("settling"), _choice_open()),
    ],
    "at_warehouse": lambda _: _each("shipped_back", "received"),
    "money_stuck": _money_stuck,
    "overdue": lambda looker: [
        and_(_open(), col(ReturnCase.next_deadline_at) <= looker.now),
        and_(_open(), col(ReturnCase.overdue).is_(True)),
    ],
    "unanswered": lambda _: [col(ReturnCase.unanswered).is_(True)],
    "unreachable": _unreachable,
    "mine": lambda looker: [and_(_open(), col(ReturnCase.assignee) == looker.name)],
    "all": lambda _: [true()],
}
"""Name -> what a case must be like to wait there."""

SORTS: dict[str, Any] = {
    "deadline": (func.coalesce(ReturnCase.next_deadline_at, ReturnCase.state_since), col(ReturnCase.id)),
    "newest": (col(ReturnCase.created_at).desc(), col(ReturnCase.id).desc()),
    "oldest": (col(ReturnCase.created_at), col(ReturnCase.id)),
    "amount": (col(ReturnCase.quote_total).desc(), col(ReturnCase.id).desc()),
}


def counts(session: Session, looker: Looker) -> dict[str, int]:
    """How many cases wait in each queue; at most GLANCE are counted."""
    found = session.connection().execute(_all_counts(), vars(looker)).one()
    return {view: min(number, GLANCE) for view, number in found._mapping.items()}


@cache
def _all_counts() -> Any:
    """One statement for every page of the console; put together once, as that takes longer than to ask it."""
    columns = ReturnCase.__table__.c  # type: ignore[attr-defined]
    shop_id, now = (
        bindparam("shop_id", type_=columns.shop_id.type),
        bindparam("now", type_=columns.created_at.type),
    )
    anybody = Looker(shop_id, bindparam("name", type_=sa.String()), now)  # type: ignore[arg-type]
    return sa.select(*(_count(anybody, view, Filters(), GLANCE).label(view) for view in VIEWS))


def count(session: Session, looker: Looker, view: str, filters: Filters) -> int:
    """How many cases a queue holds; at most MOST are counted."""
    found = session.connection().execute(sa.select(_count(looker, view, filters, MOST))).scalar_one()
    return min(found, MOST)


def _count(looker: Looker, view: str, filters: Filters, most: int) -> ColumnElement[int]:
    found = _waiting(looker, view, filters, most=most).subquery()
    return sa.select(func.count()).select_from(found).scalar_subquery()


def page(
    session: Session, looker: Looker, view: str, filters: Filters, *, offset: int = 0, limit: int = 50
) -> list[tuple[ReturnCase, str, str, list[dict[str, Any]]]]:
    """Rows with their order's id, its number and what was bought."""
    bought = col(OrderRow.frozen)["lines"]
    query = select(ReturnCase, OrderRow.external_id, OrderRow.number, bought).join(
        OrderRow, col(OrderRow.id) == ReturnCase.order_id
    )
    ids = _sorted(looker, view, filters, limit=limit, offset=offset)
    query = query.where(col(ReturnCase.id).in_(ids)).order_by(*SORTS[filters.sort]).options(*LISTED)
    return [tuple(found) for found in session.exec(query)]


def numbers(session: Session, looker: Looker, view: str, filters: Filters, *, limit: int = 500) -> list[str]:
    """The case numbers of a queue in its order, to go from one to the next."""
    ids = _sorted(looker, view, filters, limit=limit)
    query = select(ReturnCase.number).where(col(ReturnCase.id).in_(ids))
    return list(session.exec(query.order_by(*SORTS[filters.sort])))


def _sorted(looker: Looker, view: str, filters: Filters, *, limit: int, offset: int = 0) -> Any:
    """The ids of one part of a queue, found in narrow rows: the wide ones are read for what is shown alone."""
    ids = _waiting(looker, view, filters, most=offset + limit, order=SORTS[filters.sort])
    query = select(ReturnCase.id).where(col(ReturnCase.id).in_(ids))
    return query.order_by(*SORTS[filters.sort]).offset(offset).limit(limit)


def _waiting(looker: Looker, view: str, filters: Filters, *, most: int, order: Sequence[Any] = ()) -> Any:
    """The ids of the first so many cases by each condition of a queue, together."""
    narrowed = _narrowed(looker, filters)
    parts = [
        select(ReturnCase.id).where(*narrowed, condition).order_by(*order).limit(most).subquery()
        for condition in VIEWS[view](looker)
    ]
    return union(*(sa.select(part.c.id) for part in parts)) if len(parts) > 1 else sa.select(parts[0].c.id)


def _narrowed(looker: Looker, filters: Filters) -> list[ColumnElement[bool]]:
    found = [col(ReturnCase.shop_id) == looker.shop_id, *matching(looker.shop_id, filters.q)]
    if filters.states:
        found.append(col(ReturnCase.state).in_(filters.states))
    if filters.assignee:
        wanted = None if filters.assignee == "-" else filters.assignee
        found.append(
            col(ReturnCase.assignee).is_(None) if wanted is None else col(ReturnCase.assignee) == wanted
        )
    if filters.created_after:
        found.append(col(ReturnCase.created_at) >= filters.created_after)
    if filters.created_before:
        found.append(col(ReturnCase.created_at) < filters.created_before)
    return found


class Title(NamedTuple):
    """What a queue shows of a line."""

    case_id: UUID
    order_line_id: str
    title: str
    quantity: int
    resolution: str


_TITLES = sa.select(*(getattr(CaseLine, name) for name in Title._fields))


def titles(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, list[Title]]:
    """What the lines of some cases are about."""
    found: dict[UUID, list[Title]] = {}
    if case_ids:
        query = _TITLES.where(col(CaseLine.case_id).in_(case_ids)).order_by(col(CaseLine.position))
        for row in session.connection().execute(query):
            found.setdefault(row.case_id, []).append(Title(*row))
    return found


def objected(session: Session, case_ids: Sequence[UUID]) -> set[UUID]:
    """Those of some cases whose customer objects and waits for an answer."""
    if not case_ids:
        return set()
    query = select(Objection.case_id).where(col(Objection.case_id).in_(case_ids), Objection.state == "open")
    return set(session.exec(query))


def by_number(session: Session, shop_id: UUID, number: str) -> ReturnCase | None:
    return session.exec(
        select(ReturnCase).where(ReturnCase.shop_id == shop_id, ReturnCase.number == number)
    ).first()


def of_customer(session: Session, shop_id: UUID, email: str, *, limit: int = 20) -> list[ReturnCase]:
    """All cases of one address, newest first."""
    query = select(ReturnCase).where(ReturnCase.shop_id == shop_id, ReturnCase.email == email)
    return list(session.exec(query.order_by(col(ReturnCase.created_at).desc()).limit(limit)))


def orders_of(session: Session, shop_id: UUID, email: str) -> int:
    query = (
        select(func.count()).select_from(OrderRow).where(OrderRow.shop_id == shop_id, OrderRow.email == email)
    )
    return int(session.exec(query).one())


def ledger_of(session: Session, case_id: UUID) -> list[LedgerEntry]:
    """The money of a case, entry by entry."""
    query = select(LedgerEntry).where(LedgerEntry.case_id == case_id)
    return list(session.exec(query.order_by(col(LedgerEntry.at), col(LedgerEntry.id))))
