"""Queries of the operations page: what waits, what was given up, what lies without an owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from returns_service.domain.errors import NotFound
from returns_service.store.db import changed
from returns_service.store.tables import (
    Lease,
    Notice,
    OutboxRow,
    PolicyProblem,
    Refund,
    ReturnCase,
    UnexpectedParcel,
)
from returns_service.store.work import DEAD, WAITING

STUCK = ("awaiting_release", "unknown", "manual", "failed")


def waiting(session: Session, shop_id: UUID) -> list[tuple[str, int, datetime]]:
    """Topic, how many rows wait, since when the oldest does."""
    query = select(OutboxRow.topic, func.count(), func.min(OutboxRow.created_at)).where(
        WAITING, OutboxRow.shop_id == shop_id
    )
    return [
        (topic, int(n), oldest) for topic, n, oldest in session.exec(query.group_by(col(OutboxRow.topic)))
    ]


def park(session: Session, shop_id: UUID, row_id: UUID) -> int:
    """A dead row that a person looked at and lets rest."""
    from_dead = (col(OutboxRow.id) == row_id, col(OutboxRow.shop_id) == shop_id, DEAD)
    return changed(session, update(OutboxRow).where(*from_dead).values(state="parked"))


def stuck_refunds(session: Session, shop_id: UUID, limit: int = 100) -> list[tuple[Refund, str]]:
    """Refunds that wait for a person or an answer, with their case's number, oldest first."""
    query = (
        select(Refund, ReturnCase.number)
        .join(ReturnCase, col(ReturnCase.id) == Refund.case_id)
        .where(Refund.shop_id == shop_id, col(Refund.state).in_(STUCK))
        .order_by(col(Refund.updated_at))
        .limit(limit)
    )
    return [(row, number) for row, number in session.exec(query) if not row.reason.startswith("replaced:")]


def parcels(session: Session, shop_id: UUID, limit: int = 100) -> list[UnexpectedParcel]:
    """Parcels without an owner that nobody has looked after."""
    query = select(UnexpectedParcel).where(
        UnexpectedParcel.shop_id == shop_id, UnexpectedParcel.state == "open"
    )
    return list(session.exec(query.order_by(col(UnexpectedParcel.id)).limit(limit)))


def parcel(session: Session, shop_id: UUID, parcel_id: UUID) -> UnexpectedParcel:
    """Raises NotFound."""
    row = session.exec(
        select(UnexpectedParcel).where(UnexpectedParcel.id == parcel_id, UnexpectedParcel.shop_id == shop_id)
    ).one_or_none()
    if row is None:
        raise NotFound("parcel")
    return row


def notices(session: Session, shop_id: UUID) -> dict[str, int]:
    """How many messages are in each state."""
    query = select(Notice.state, func.count()).where(Notice.shop_id == shop_id).group_by(col(Notice.state))
    return {state: int(n) for state, n in session.exec(query)}


def leases(session: Session) -> list[Lease]:
    return list(session.exec(select(Lease).order_by(col(Lease.name))))


def policy_problems(session: Session, shop_id: UUID) -> list[PolicyProblem]:
    return list(session.exec(select(PolicyProblem).where(PolicyProblem.shop_id == shop_id)))
