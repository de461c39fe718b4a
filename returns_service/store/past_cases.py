"""The shop's past, to ask a policy again: what was requested of which order, in the order in which cases were opened."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from returns_service.domain.order import Order
from returns_service.domain.request import ReturnRequest
from returns_service.store import freeze
from returns_service.store.tables import OrderRow, ReturnCase

_AT_ONCE = 500


class PastCase(NamedTuple):
    """One case as it was asked for."""

    id: UUID
    number: str
    currency: str
    policy_version_id: UUID
    at: datetime
    request: ReturnRequest
    order: Order
    """As it stands now."""


def count(session: Session, shop_id: UUID, *, since: datetime) -> int:
    """Cases that were requested since an instant."""
    return session.exec(select(func.count()).select_from(ReturnCase).where(*_mine(shop_id, since))).one()


def walk(
    session: Session, shop_id: UUID, *, since: datetime, after: UUID | None = None, limit: int | None = None
) -> Iterator[PastCase]:
    """Cases since an instant, behind one of them, read as they are asked for."""
    query = _past().where(*_mine(shop_id, since)).order_by(col(ReturnCase.id)).limit(limit)
    query = query.where(col(ReturnCase.id) > after) if after is not None else query
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield _case(row)


def newest(session: Session, shop_id: UUID, *, limit: int) -> list[PastCase]:
    """The cases that were opened last."""
    query = _past().where(col(ReturnCase.shop_id) == shop_id)
    return [_case(row) for row in session.execute(query.order_by(col(ReturnCase.id).desc()).limit(limit))]


_COLUMNS = ("id", "number", "currency", "policy_version_id", "requested_at", "request")


def _past() -> Select[Any]:
    wanted: list[Any] = [*(getattr(ReturnCase, name) for name in _COLUMNS), OrderRow.frozen]
    return columns(*wanted).join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)


def _case(row: Sequence[Any]) -> PastCase:
    case_id, number, currency, version_id, at, request, order = row
    known = freeze.thaw_request(request), freeze.thaw_order(order)
    return PastCase(case_id, number, currency, version_id, at, *known)


def _mine(shop_id: UUID, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(ReturnCase.shop_id) == shop_id, col(ReturnCase.requested_at) >= since)
