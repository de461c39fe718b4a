"""Sums and counts behind the manager's charts. Every query is of one shop and one period."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from returns_service.store.queues import OPEN
from returns_service.store.tables import CaseLine, Rating, Refund, ReturnCase

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


def by_fault(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, int]]:
    party = ReturnCase.fault["party"].as_string()
    query: Any = select(party, func.count()).where(*_cases(shop_id, period)).group_by(party)
    return [(found or "undetermined", int(n)) for found, n in session.exec(query)]


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


def by_article(
    session: Session, shop_id: UUID, period: Period, limit: int
) -> list[tuple[str, str, int, int]]:
    """SKU, title, lines, units; most units first."""
    units = func.sum(CaseLine.quantity)
    query: Any = select(CaseLine.sku, func.max(CaseLine.title), func.count(), units).where(
        *_lines(shop_id, period)
    )
    rows = session.exec(
        query.group_by(col(CaseLine.sku)).order_by(units.desc(), col(CaseLine.sku)).limit(limit)
    )
    return [(sku, title, int(n), int(total)) for sku, title, n, total in rows]


def money(session: Session, shop_id: UUID, period: Period) -> list[tuple[str, str, int, int]]:
    """Currency, state of the refund, how many, how much."""
    begin, end = period
    query: Any = select(Refund.currency, Refund.state, func.count(), func.sum(Refund.amount)).where(
        Refund.shop_id == shop_id, Refund.created_at >= begin, Refund.created_at < end
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
