"""Queries of store credits and the conditional updates that keep a balance above zero."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select, update

from returns_service.domain.errors import NotFound
from returns_service.domain.money import Minor
from returns_service.store.db import changed
from returns_service.store.tables import StoreCredit, StoreCreditMove


def load(session: Session, shop_id: UUID, code: str, *, lock: bool = False) -> StoreCredit:
    """A credit by its code, as people type it. Raises NotFound."""
    found = find(session, shop_id, code, lock=lock)
    if found is None:
        raise NotFound("store credit")
    return found


def find(session: Session, shop_id: UUID, code: str, *, lock: bool = False) -> StoreCredit | None:
    query = select(StoreCredit).where(StoreCredit.shop_id == shop_id, StoreCredit.code == _proper(code))
    return session.exec(query.with_for_update() if lock else query).one_or_none()


def _proper(code: str) -> str:
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return "-".join(signs[i : i + 4] for i in range(0, len(signs), 4))


def of_customer(session: Session, shop_id: UUID, email: str) -> list[StoreCredit]:
    """A customer's account: every credit, newest first."""
    query = select(StoreCredit).where(StoreCredit.shop_id == shop_id, StoreCredit.email == email.lower())
    return list(session.exec(query.order_by(col(StoreCredit.id).desc())))


def moves(session: Session, credit_id: UUID) -> list[StoreCreditMove]:
    query = select(StoreCreditMove).where(StoreCreditMove.credit_id == credit_id)
    return list(session.exec(query.order_by(col(StoreCreditMove.id))))


def move_of(session: Session, credit_id: UUID, reference: str) -> StoreCreditMove | None:
    query = select(StoreCreditMove).where(
        StoreCreditMove.credit_id == credit_id, StoreCreditMove.reference == reference
    )
    return session.exec(query).one_or_none()


def take(session: Session, credit: StoreCredit, amount: Minor) -> bool:
    """Take from the balance (or give back, when negative); False when it does not hold so much."""
    left = col(StoreCredit.balance) - amount
    change = update(StoreCredit).where(
        col(StoreCredit.id) == credit.id, left >= 0, left <= col(StoreCredit.amount)
    )
    if changed(session, change.values(balance=left)) != 1:
        return False
    session.refresh(credit)
    return True


def note(
    session: Session, credit: StoreCredit, kind: str, amount: Minor, reference: str, now: datetime
) -> None:
    session.add(StoreCreditMove(credit_id=credit.id, kind=kind, amount=amount, reference=reference, at=now))


def expired(session: Session, now: datetime, *, limit: int) -> list[StoreCredit]:
    """Credits whose time is over and that still hold something."""
    query = select(StoreCredit).where(col(StoreCredit.expires_at) <= now, StoreCredit.balance > 0)
    return list(session.exec(query.order_by(col(StoreCredit.id)).limit(limit).with_for_update()))
