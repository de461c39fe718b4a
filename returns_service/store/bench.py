"""Queries of the bench: what a code means, who counted what, what waits."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import union, update
from sqlmodel import Session, col, func, select

from returns_service.domain.case import read_number
from returns_service.store import search, serials
from returns_service.store.db import changed
from returns_service.store.tables import (
    CaseLine,
    Inspection,
    OrderRow,
    Receipt,
    ReturnCase,
    UnexpectedParcel,
)

TAKEN_BACK = "taken_back"
_AWAITED = ("approved", "shipped_back", "received")


def by_code(session: Session, shop_id: UUID, code: str, *, limit: int) -> list[tuple[ReturnCase, str]]:
    """Cases by number, tracking number, order number, serial number or article, those still awaited first, then the newest."""
    text = code.strip()
    number = read_number(text)
    awaited = sql_case((col(ReturnCase.state).in_(_AWAITED), 0), else_=1)
    query = (
        select(ReturnCase, OrderRow.number)
        .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
        .where(ReturnCase.shop_id == shop_id)
        .order_by(awaited, col(ReturnCase.created_at).desc())
        .limit(limit)
    )
    if number:
        return list(session.exec(query.where(ReturnCase.number == number)))
    for named in (union(*search.travelled(shop_id, text)), serials.cases_with(shop_id, text)):
        exact = list(session.exec(query.where(col(ReturnCase.id).in_(named))))
        if exact:
            return exact
    mine = select(CaseLine.case_id).where(
        CaseLine.shop_id == shop_id, CaseLine.sku == text, CaseLine.inspected_quantity < CaseLine.quantity
    )
    waiting = query.where(col(ReturnCase.id).in_(mine), col(ReturnCase.state).in_(_AWAITED))
    return list(session.exec(waiting))


Done = Receipt | Inspection | UnexpectedParcel


def last_done(session: Session, shop_id: UUID, name: str, since: datetime) -> list[Done]:
    """What one person wrote down in their last act, if it still stands: units that were found apart are several rows."""
    done: list[Done] = [
        *inspections_by(session, shop_id, name, since),
        *_standing(receipts_by(session, shop_id, name, since)),
        *_parcels_by(session, shop_id, name, since),
    ]
    newest = max(done, key=lambda row: (row.at, row.id), default=None)
    return [row for row in done if newest is not None and _act(row) == _act(newest)]


def _act(row: Done) -> tuple[object, ...]:
    return type(row), row.case_id, row.at


def _standing(rows: Sequence[Receipt]) -> list[Receipt]:
    """Without those that were taken back: a receipt of less than nothing takes back the person's one before it."""
    found: list[Receipt] = []
    for row in rows:
        if not takes_back(row):
            found.append(row)
            continue
        mine = [
            one
            for one in found
            if one.case_id == row.case_id and one.actor.get("name") == row.actor.get("name")
        ]
        found = [one for one in found if not mine or one is not mine[-1]]
    return found


def takes_back(row: Receipt) -> bool:
    return any(part["quantity"] < 0 for part in (*row.lines, *row.unexpected))


def receipts(session: Session, case_id: UUID) -> list[Receipt]:
    """Those that stand, oldest first."""
    return _standing(
        list(session.exec(select(Receipt).where(Receipt.case_id == case_id).order_by(col(Receipt.id))))
    )


def receipts_by(session: Session, shop_id: UUID, name: str, since: datetime) -> list[Receipt]:
    query = (
        select(Receipt)
        .join(ReturnCase, col(ReturnCase.id) == Receipt.case_id)
        .where(ReturnCase.shop_id == shop_id, Receipt.at >= since)
    )
    return [row for row in session.exec(query.order_by(col(Receipt.id))) if row.actor.get("name") == name]


def _parcels_by(session: Session, shop_id: UUID, name: str, since: datetime) -> list[UnexpectedParcel]:
    """Also those that somebody looked after since: they are what was done last, and too late to take back."""
    query = select(UnexpectedParcel).where(
        UnexpectedParcel.shop_id == shop_id,
        UnexpectedParcel.at >= since,
        UnexpectedParcel.state != TAKEN_BACK,
    )
    return [row for row in session.exec(query) if row.actor.get("name") == name]


def take_parcel_back(session: Session, parcel_id: UUID) -> bool:
    """False when somebody looked after it, or took it back, in the meantime."""
    open_ = update(UnexpectedParcel).where(
        col(UnexpectedParcel.id) == parcel_id, col(UnexpectedParcel.state) == "open"
    )
    return changed(session, open_.values(state=TAKEN_BACK)) == 1


def inspections_by(session: Session, shop_id: UUID, name: str, since: datetime) -> list[Inspection]:
    query = (
        select(Inspection)
        .join(ReturnCase, col(ReturnCase.id) == Inspection.case_id)
        .where(ReturnCase.shop_id == shop_id, Inspection.at >= since, col(Inspection.superseded).is_(False))
    )
    return [row for row in session.exec(query.order_by(col(Inspection.id))) if row.actor.get("name") == name]


def waiting(session: Session, shop_id: UUID) -> dict[str, int]:
    """How many cases are on their way and how many lie here uninspected."""
    query = select(ReturnCase.state, func.count()).where(
        ReturnCase.shop_id == shop_id, col(ReturnCase.state).in_(_AWAITED)
    )
    found = dict(session.exec(query.group_by(col(ReturnCase.state))).all())
    return {state: int(found.get(state, 0)) for state in _AWAITED}
