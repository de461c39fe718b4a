"""Queries of the people who sign in."""

from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.domain.errors import NotFound
from returns_service.store.tables import StaffUser


def load(session: Session, shop_id: UUID, user_id: UUID, *, lock: bool = False) -> StaffUser:
    """Raises NotFound."""
    query = select(StaffUser).where(StaffUser.id == user_id, StaffUser.shop_id == shop_id)
    row = session.exec(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("person")
    return row


def by_id(session: Session, user_id: UUID) -> StaffUser | None:
    """For a session, which names a person and no shop."""
    return session.exec(select(StaffUser).where(StaffUser.id == user_id)).one_or_none()


def by_email(session: Session, shop_id: UUID, email: str) -> StaffUser | None:
    query = select(StaffUser).where(StaffUser.shop_id == shop_id, StaffUser.email == email.strip().lower())
    return session.exec(query).one_or_none()


def by_subject(session: Session, shop_id: UUID, subject: str) -> StaffUser | None:
    """Who this is to the company's sign-in."""
    query = select(StaffUser).where(StaffUser.shop_id == shop_id, StaffUser.company_subject == subject)
    return session.exec(query).one_or_none()


def by_badge(session: Session, shop_id: UUID, badge: str) -> StaffUser | None:
    query = select(StaffUser).where(StaffUser.shop_id == shop_id, StaffUser.badge == badge.strip().upper())
    return session.exec(query).one_or_none()


def everyone(session: Session, shop_id: UUID) -> list[StaffUser]:
    """By name; the disabled ones last."""
    query = select(StaffUser).where(StaffUser.shop_id == shop_id)
    return list(session.exec(query.order_by(col(StaffUser.disabled), col(StaffUser.name))))
