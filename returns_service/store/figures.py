"""Sums and counts behind the manager's charts. Every query is of one shop and one period.

An expression is grouped by its label: written twice it has two parameters, and PostgreSQL cannot know that they agree.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, and_, cast, not_, true
from sqlmodel import Session, col, func, select

from returns_service.store.queues import OPEN
from returns_service.store.tables import CaseLine, OrderRow, Rating, Refund, ReturnCase

_CAME_TO_NOTHING = ("rejected", "cancelled", "expired")
Period = tuple[datetime, datetime]


def opened(session: Session, shop_id: UUID, period: Period) -> int:
    query = select(func.count()).select_from(ReturnCase).where(*_cases(shop_id, period))
    return int(session.exec(query).one())


def open_since(session: Session, shop_id: UUID) -> list[tuple[str, datetime]]:
    """State of every open case and since when."""
    query = select(ReturnCase.state, ReturnCase.state_since)
    return list(session.exec(query.where(ReturnCase.shop_id == shop_id, col(ReturnCase.state).in_(OPEN))))


def by_state(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, int]]:
    query = select(ReturnCase.state, func.count()).where(*_cases(shop_id, period))
    return [(state, int(n)) for state, n in session.exec(query.group_by(col(ReturnCase.state)))]


def by_fault(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, bool, int]]:
    """Who, whether that is final, cases."""
    party = ReturnCase.fault["party"].as_string().label("at_fault")
    final = ReturnCase.fault["final"].as_boolean().label("is_final")
    query: Any = select(party, final, func.count()).where(*_cases(shop_id, period))
    rows = session.exec(query.group_by("at_fault", "is_final"))
    return [(found or "undetermined", bool(sure), int(n)) for found, sure, n in rows]


def _lines(shop_id: UUID, period: Period) -> Sequence[Any]:
    return (
        CaseLine.shop_id == shop_id,
        col(CaseLine.case_id).in_(select(ReturnCase.id).where(*_cases(shop_id, period))),
    )


def by_reason(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, int, int]]:
    """Reason, cases' lines, units."""
    units = func.sum(CaseLine.quantity)
    query: Any = select(CaseLine.reason, func.count(), units).where(*_lines(shop_id, period))
    rows = session.exec(query.group_by(col(CaseLine.reason)).order_by(units.desc()))
    return [(reason, int(n), int(total)) for reason, n, total in rows]


def by_resolution(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, int]]:
    query: Any = select(CaseLine.resolution, func.sum(CaseLine.quantity)).where(*_lines(shop_id, period))
    return [(wish, int(n)) for wish, n in session.exec(query.group_by(col(CaseLine.resolution)))]


def ordered(session: Session, shop_id: UUID, period: Period) -> dict[str, tuple[str, int]]:
    """SKU -> title and units of the orders placed in the period."""
    begin, end = period
    lines, part = _lines_of_orders(session)
    units = func.sum(cast(part("quantity"), Integer))
    query: Any = select(part("sku").label("article"), func.max(part("title")), units).select_from(OrderRow)
    mine = (OrderRow.shop_id == shop_id, OrderRow.placed_at >= begin, OrderRow.placed_at < end)
    rows = session.exec(query.join(lines, true()).where(*mine).group_by("article"))
    return {sku: (title, int(n)) for sku, title, n in rows}


def _lines_of_orders(session: Session) -> tuple[Any, Callable[[str], Any]]:
    """The lines inside the snapshots as rows, and how to read a field of one."""
    if session.get_bind().dialect.name == "postgresql":
        lines = func.jsonb_array_elements(col(OrderRow.frozen)["lines"]).table_valued("value").alias("lines")
        return lines, lambda field: func.jsonb_extract_path_text(lines.c.value, field)
    lines = func.json_each(col(OrderRow.frozen), "$.lines").table_valued("value").alias("lines")
    return lines, lambda field: func.json_extract(lines.c.value, f"$.{field}")


def come_back(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, str, int]]:
    """SKU, reason and units of returns of the orders placed in the period, without those that came to nothing."""
    begin, end = period
    query: Any = (
        select(CaseLine.sku, CaseLine.reason, func.sum(CaseLine.quantity))
        .join(ReturnCase, col(ReturnCase.id) == CaseLine.case_id)
        .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
        .where(
            ReturnCase.shop_id == shop_id,
            OrderRow.placed_at >= begin,
            OrderRow.placed_at < end,
            col(CaseLine.accepted),
            col(ReturnCase.state).not_in(_CAME_TO_NOTHING),
        )
    )
    rows = session.exec(query.group_by(col(CaseLine.sku), col(CaseLine.reason)))
    return [(sku, reason, int(n)) for sku, reason, n in rows]


def money(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, str, int, int]]:
    """Currency, state of the refund, how many, how much."""
    begin, end = period
    query: Any = select(Refund.currency, Refund.state, func.count(), func.sum(Refund.amount)).where(
        Refund.shop_id == shop_id,
        Refund.created_at >= begin,
        Refund.created_at < end,
        not_(and_(col(Refund.state) == "failed", col(Refund.reason).startswith("replaced:"))),
    )
    rows = session.exec(
        query.group_by(col(Refund.currency), col(Refund.state)).order_by(col(Refund.currency))
    )
    return [(currency, state, int(n), int(total)) for currency, state, n, total in rows]


def durations(session: Session, shop_id: UUID, period: Period, limit: int = 5000) -> list[float]:
    """Seconds from request to end of the cases that ended in the period."""
    begin, end = period
    query = select(ReturnCase.requested_at, ReturnCase.closed_at).where(
        ReturnCase.shop_id == shop_id, col(ReturnCase.closed_at) >= begin, col(ReturnCase.closed_at) < end
    )
    rows = session.exec(query.order_by(col(ReturnCase.closed_at).desc()).limit(limit))
    return [(closed - asked).total_seconds() for asked, closed in rows if closed]


def ratings(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, int, float]]:
    """Kind, how many, mean."""
    begin, end = period
    query: Any = select(Rating.kind, func.count(), func.avg(Rating.score)).where(
        Rating.shop_id == shop_id, Rating.at >= begin, Rating.at < end
    )
    return [(kind, int(n), float(mean)) for kind, n, mean in session.exec(query.group_by(col(Rating.kind)))]


def _cases(shop_id: UUID, period: Period) -> tuple[Any, ...]:
    begin, end = period
    return (ReturnCase.shop_id == shop_id, ReturnCase.created_at >= begin, ReturnCase.created_at < end)
