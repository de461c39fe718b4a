"""Finding cases: by state, order, customer, SKU, serial and tracking number, in the order of a cursor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, union
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from returns_service.domain.case import read_number
from returns_service.domain.names import alike, searchable
from returns_service.store import serials
from returns_service.store.tables import CaseLine, OrderRow, ReturnCase

_NAMES, _LOOKED_AT, _SHORTEST = 500, 5000, 3
LISTED = [
    defer(column)  # type: ignore[arg-type]
    for column in (
        ReturnCase.request,
        ReturnCase.quote,
        ReturnCase.label,
        ReturnCase.shipments,
        ReturnCase.review_reasons,
    )
]
"""A list does without what is wide."""
SORTS = {"created_at": ReturnCase.created_at, "updated_at": ReturnCase.updated_at}


class Wanted(Protocol):
    """What a list may be narrowed by."""

    @property
    def states(self) -> Sequence[str]: ...
    @property
    def order_id(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def q(self) -> str | None: ...
    @property
    def created_after(self) -> datetime | None: ...
    @property
    def created_before(self) -> datetime | None: ...
    @property
    def assignee(self) -> str | None: ...
    @property
    def sort(self) -> str: ...


def cases(
    session: Session, shop_id: UUID, wanted: Wanted, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[ReturnCase, str, str]]:
    """Rows with their order's id and number."""
    key: Any = col(SORTS[wanted.sort.removeprefix("-")])
    query = select(ReturnCase, OrderRow.external_id, OrderRow.number).join(
        OrderRow, col(OrderRow.id) == ReturnCase.order_id
    )
    query = query.where(ReturnCase.shop_id == shop_id, *_filters(wanted), *matching(shop_id, wanted.q))
    falling = wanted.sort.startswith("-")
    if after is not None:
        beyond = key < after[0] if falling else key > after[0]
        id_beyond = col(ReturnCase.id) < after[1] if falling else col(ReturnCase.id) > after[1]
        query = query.where(or_(beyond, and_(key == after[0], id_beyond)))
    order = (key.desc(), col(ReturnCase.id).desc()) if falling else (key, col(ReturnCase.id))
    return [tuple(row) for row in session.exec(query.order_by(*order).limit(limit).options(*LISTED))]  # type: ignore[misc]


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(col(ReturnCase.state).in_(wanted.states))
    if wanted.order_id:
        found.append(col(OrderRow.external_id) == wanted.order_id)
    if wanted.email:
        found.append(col(ReturnCase.email) == wanted.email.lower())
    if wanted.created_after:
        found.append(col(ReturnCase.created_at) >= wanted.created_after)
    if wanted.created_before:
        found.append(col(ReturnCase.created_at) < wanted.created_before)
    if wanted.assignee:
        found.append(col(ReturnCase.assignee) == wanted.assignee)
    return found


def matching(shop_id: UUID, q: str | None) -> list[ColumnElement[bool]]:
    """Exact hits on what people hold in their hands: number, order, e-mail, SKU, serial or tracking number; or part of a name."""
    if not q or not q.strip():
        return []
    text = q.strip()
    number = read_number(text)
    if number:
        return [col(ReturnCase.number) == number]
    # Each look-up has an index of its own; one OR over them all would read every case of the shop.
    here = select(ReturnCase.id).where(ReturnCase.shop_id == shop_id)
    hits = [
        here.where(ReturnCase.email == text.lower()),
        *travelled(shop_id, text),
        select(CaseLine.case_id).where(CaseLine.shop_id == shop_id, CaseLine.sku == text),
        serials.cases_with(shop_id, text),
        *(here.where(found) for found in _named(shop_id, text)),
    ]
    return [col(ReturnCase.id).in_(union(*hits))]


def travelled(shop_id: UUID, text: str) -> list[SelectOfScalar[UUID]]:
    """Ids of cases by the number of their parcel, and of their order."""
    here = select(ReturnCase.id).where(ReturnCase.shop_id == shop_id)
    orders = select(OrderRow.id).where(
        OrderRow.shop_id == shop_id,
        or_(col(OrderRow.number) == text.lstrip("#"), col(OrderRow.external_id) == text),
    )
    return [here.where(ReturnCase.tracking == text), here.where(col(ReturnCase.order_id).in_(orders))]


def _named(shop_id: UUID, text: str) -> list[ColumnElement[bool]]:
    """Every word is somewhere in the customer's name. Asked of the index alone, so that wide rows are not read."""
    words = searchable(text).split()
    if not words or any(sign in text for sign in "@#") or any(c.isdigit() for c in text):
        return []
    held = [col(ReturnCase.customer_name).contains(word, autoescape=True) for word in words[:5]]
    names = select(ReturnCase.customer_name).where(ReturnCase.shop_id == shop_id, *held).distinct()
    return [col(ReturnCase.customer_name).in_(names.limit(_NAMES))]


def near_names(session: Session, shop_id: UUID, asked: str) -> list[str]:
    """Names that what was asked for may be, mistyped: they begin like one of its words, and every word is nearly there."""
    words = searchable(asked).split()
    begins = {part for word in words if len(word) >= _SHORTEST for part in (word[:2], f" {word[:2]}")}
    if not begins:
        return []
    name = col(ReturnCase.customer_name)
    likely = or_(*(name.startswith(b) if b[0] != " " else name.contains(b) for b in sorted(begins)))
    query = select(ReturnCase.customer_name).where(ReturnCase.shop_id == shop_id, likely).distinct()
    return [found for found in session.exec(query.limit(_LOOKED_AT)) if alike(found, " ".join(words))][:5]
