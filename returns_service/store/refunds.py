"""Queries of refunds and the conditional updates that keep a tender within what was captured."""

from uuid import UUID

from sqlmodel import Session, col, select, update

from returns_service.domain.money import Minor
from returns_service.store.tables import Tender


def reserve(session: Session, tender_id: UUID, amount: Minor) -> bool:
    """Set an amount aside on a tender; False when it does not have so much left or the bank disputes it."""
    given = col(Tender.reserved) + col(Tender.refunded) + col(Tender.refunded_elsewhere) + col(Tender.charged_back)
    changed = session.exec(
        update(Tender)
        .where(col(Tender.id) == tender_id, given + amount <= col(Tender.captured))
        .where(col(Tender.chargeback).is_(None) | (col(Tender.chargeback) == "won"))
        .values(reserved=col(Tender.reserved) + amount)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1


def free(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Give a reservation back."""
    session.exec(
        update(Tender)
        .where(col(Tender.id) == tender_id)
        .values(reserved=col(Tender.reserved) - amount)
        .execution_options(synchronize_session=False)
    )


def spend(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Turn a reservation into money that moved."""
    session.exec(
        update(Tender)
        .where(col(Tender.id) == tender_id)
        .values(reserved=col(Tender.reserved) - amount, refunded=col(Tender.refunded) + amount)
        .execution_options(synchronize_session=False)
    )


def unspend(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Money that was announced as moved came back: the balance is there again."""
    session.exec(
        update(Tender)
        .where(col(Tender.id) == tender_id)
        .values(refunded=col(Tender.refunded) - amount)
        .execution_options(synchronize_session=False)
    )


def tender_of(session: Session, order_id: UUID, payment_id: str) -> Tender:
    return session.exec(select(Tender).where(Tender.order_id == order_id, Tender.payment_id == payment_id)).one()
