"""The console's queues: which cases wait for what, how many, and a page of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, not_, or_
from sqlmodel import Session, col, func, select

from returns_service.domain.lifecycle import ENDED, FINAL, STATES
from returns_service.store.search import matching
from returns_service.store.tables import (
    CaseLine,
    ConversationMessage,
    LedgerEntry,
    Notice,
    Objection,
    OrderRow,
    Refund,
    Replacement,
    ReturnCase,
)

OPEN = tuple(state for state in STATES if state not in FINAL | ENDED | {"rejected"})
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


Condition = Callable[[Looker], ColumnElement[bool]]


def _open_objection() -> ColumnElement[bool]:
    return exists().where(col(Objection.case_id) == ReturnCase.id, col(Objection.state) == "open")


def _choice_open() -> ColumnElement[bool]:
    waits = col(Replacement.state).in_(("failed", "awaiting_payment"))
    return exists().where(col(Replacement.case_id) == ReturnCase.id, waits)


def _money_stuck(_: Looker) -> ColumnElement[bool]:
    given_up = and_(col(Refund.state) == "failed", not_(col(Refund.reason).startswith("replaced:")))
    stuck = or_(col(Refund.state).in_(STUCK), given_up)
    return exists().where(col(Refund.case_id) == ReturnCase.id, stuck)


def _unanswered(_: Looker) -> ColumnElement[bool]:
    """The customer spoke last."""
    said = ConversationMessage
    last = select(said.id).where(said.case_id == ReturnCase.id, col(said.internal).is_(False))
    last = last.order_by(col(said.id).desc()).limit(1)
    by_customer = said.author["kind"].as_string() == "customer"
    return and_(
        col(ReturnCase.messages) > 0,
        exists().where(col(said.id) == last.correlate(ReturnCase).scalar_subquery(), by_customer),
    )


def _unreachable(_: Looker) -> ColumnElement[bool]:
    """Mail to the customer came back for good, and nobody has put the address right."""
    bounced = (col(Notice.case_id) == ReturnCase.id, col(Notice.state) == "suppressed")
    known = (col(Notice.address) == ReturnCase.email, col(ReturnCase.email) != "")
    return exists().where(*bounced, *known)


def _overdue(looker: Looker) -> ColumnElement[bool]:
    marked = cast(col(ReturnCase.deadlines), String).contains('"overdue"')
    return and_(_open(looker), or_(col(ReturnCase.next_deadline_at) <= looker.now, marked))


def _open(_: Looker) -> ColumnElement[bool]:
    return col(ReturnCase.state).in_(OPEN)


VIEWS: dict[str, Condition] = {
    "needs_decision": lambda _: or_(col(ReturnCase.state).in_(("requested", "inspected")), _open_objection()),
    "waiting_customer": lambda _: or_(
        col(ReturnCase.state).in_(("info_requested", "approved")),
        and_(col(ReturnCase.state) == "settling", _choice_open()),
    ),
    "at_warehouse": lambda _: col(ReturnCase.state).in_(("shipped_back", "received")),
    "money_stuck": _money_stuck,
    "overdue": _overdue,
    "unanswered": _unanswered,
    "unreachable": _unreachable,
    "mine": lambda looker: and_(_open(looker), col(ReturnCase.assignee) == looker.name),
    "all": lambda _: col(ReturnCase.id).is_not(None),
}
"""Name -> what a case must be like to wait there."""

SORTS: dict[str, Any] = {
    "deadline": (func.coalesce(ReturnCase.next_deadline_at, ReturnCase.state_since), col(ReturnCase.id)),
    "newest": (col(ReturnCase.created_at).desc(), col(ReturnCase.id).desc()),
    "oldest": (col(ReturnCase.created_at), col(ReturnCase.id)),
    "amount": (col(ReturnCase.quote_total).desc(), col(ReturnCase.id).desc()),
}


def count(session: Session, looker: Looker, view: str, filters: Filters | None = None) -> int:
    query = (
        select(func.count()).select_from(ReturnCase).join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
    )
    return int(session.exec(query.where(*_where(looker, view, filters or Filters()))).one())


def page(
    session: Session, looker: Looker, view: str, filters: Filters, *, offset: int = 0, limit: int = 50
) -> list[tuple[ReturnCase, str, str, list[dict[str, Any]]]]:
    """Rows with their order's id, its number and what was bought."""
    bought = col(OrderRow.frozen)["lines"]
    query = select(ReturnCase, OrderRow.external_id, OrderRow.number, bought).join(
        OrderRow, col(OrderRow.id) == ReturnCase.order_id
    )
    query = query.where(*_where(looker, view, filters)).order_by(*SORTS[filters.sort])
    return [tuple(found) for found in session.exec(query.offset(offset).limit(limit))]


def numbers(session: Session, looker: Looker, view: str, filters: Filters, *, limit: int = 500) -> list[str]:
    """The case numbers of a queue in its order, to go from one to the next."""
    query = select(ReturnCase.number).join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
    query = query.where(*_where(looker, view, filters)).order_by(*SORTS[filters.sort])
    return list(session.exec(query.limit(limit)))


def _where(looker: Looker, view: str, filters: Filters) -> list[ColumnElement[bool]]:
    found = [
        col(ReturnCase.shop_id) == looker.shop_id,
        VIEWS[view](looker),
        *matching(looker.shop_id, filters.q),
    ]
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


def titles(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, list[CaseLine]]:
    """The lines of some cases."""
    found: dict[UUID, list[CaseLine]] = {}
    if case_ids:
        query = select(CaseLine).where(col(CaseLine.case_id).in_(case_ids)).order_by(col(CaseLine.position))
        for line in session.exec(query):
            found.setdefault(line.case_id, []).append(line)
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
