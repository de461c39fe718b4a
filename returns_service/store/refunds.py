"""Queries of refunds and the conditional updates that keep a tender within what was captured."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, func, select, update

from returns_service.domain.errors import NotFound
from returns_service.domain.money import Minor
from returns_service.store.cases import CaseFile
from returns_service.store.db import changed
from returns_service.store.tables import (
    GatewayEvent,
    OrderRow,
    Refund,
    RefundAttempt,
    ReturnCase,
    Shop,
    Tender,
)


def reserve(session: Session, tender_id: UUID, amount: Minor) -> bool:
    """Set an amount aside on a tender; False when it does not have so much left or the bank disputes it."""
    given = (
        col(Tender.reserved)
        + col(Tender.refunded)
        + col(Tender.refunded_elsewhere)
        + col(Tender.charged_back)
    )
    undisputed = col(Tender.chargeback).is_(None) | (col(Tender.chargeback) != "open")
    change = update(Tender).where(
        col(Tender.id) == tender_id, given + amount <= col(Tender.captured), undisputed
    )
    return changed(session, change.values(reserved=col(Tender.reserved) + amount)) == 1


def free(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Give a reservation back."""
    changed(
        session,
        update(Tender).where(col(Tender.id) == tender_id).values(reserved=col(Tender.reserved) - amount),
    )


def spend(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Turn a reservation into money that moved."""
    changed(
        session,
        update(Tender)
        .where(col(Tender.id) == tender_id)
        .values(reserved=col(Tender.reserved) - amount, refunded=col(Tender.refunded) + amount),
    )


def unspend(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Money that was announced as moved came back: the balance is there again."""
    changed(
        session,
        update(Tender).where(col(Tender.id) == tender_id).values(refunded=col(Tender.refunded) - amount),
    )


def tender_of(session: Session, order_id: UUID, payment_id: str) -> Tender:
    return session.exec(
        select(Tender).where(Tender.order_id == order_id, Tender.payment_id == payment_id)
    ).one()


def case_of(session: Session, refund_id: UUID, shop_id: UUID) -> CaseFile:
    """The case a refund belongs to, under lock. Raises NotFound."""
    query = (
        select(ReturnCase, OrderRow, Shop)
        .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
        .join(Shop, col(Shop.id) == ReturnCase.shop_id)
        .join(Refund, col(Refund.case_id) == ReturnCase.id)
        .where(Refund.id == refund_id, Refund.shop_id == shop_id)
    )
    found = session.exec(query.with_for_update(of=ReturnCase)).one_or_none()
    if found is None:
        raise NotFound("refund")
    return CaseFile(session, *found)


def tender_with_shop(session: Session, tender_id: UUID) -> tuple[Tender, str]:
    """A tender and its shop's slug."""
    query = select(Tender, Shop.slug).join(Shop, col(Shop.id) == Tender.shop_id).where(Tender.id == tender_id)
    tender, slug = session.exec(query).one()
    return tender, slug


def attempts(session: Session, refund_id: UUID) -> list[RefundAttempt]:
    """All tries, oldest first."""
    query = select(RefundAttempt).where(RefundAttempt.refund_id == refund_id).order_by(col(RefundAttempt.n))
    return list(session.exec(query))


def attempt_of(
    session: Session, shop_id: UUID, gateway: str, *, key: str | None, reference: str
) -> RefundAttempt | None:
    """The attempt that a gateway speaks of, by our key or by its own reference."""
    query = select(RefundAttempt).join(Refund, col(Refund.id) == RefundAttempt.refund_id)
    query = query.where(Refund.shop_id == shop_id, RefundAttempt.gateway == gateway)
    if key:
        return session.exec(query.where(RefundAttempt.idempotency_key == key)).one_or_none()
    return session.exec(query.where(RefundAttempt.gateway_refund_id == reference)).one_or_none()


def take_in(
    session: Session, shop_id: UUID, provider: str, event_id: str, payload: dict[str, Any], now: datetime
) -> bool:
    """Write an inbound event down; False when it is already there."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = insert_postgresql if postgresql else insert_sqlite
    values = {
        "shop_id": shop_id,
        "provider": provider,
        "event_id": event_id,
        "payload": payload,
        "received_at": now,
    }
    statement = insert(GatewayEvent).values(**values, note="").on_conflict_do_nothing()
    return session.execute(statement.returning(col(GatewayEvent.event_id))).first() is not None


def note_event(
    session: Session, shop_id: UUID, provider: str, event_id: str, note: str, now: datetime | None
) -> None:
    """What came of an inbound event; `now` None leaves it open for a person."""
    mine = (
        col(GatewayEvent.shop_id) == shop_id,
        col(GatewayEvent.provider) == provider,
        col(GatewayEvent.event_id) == event_id,
    )
    changed(session, update(GatewayEvent).where(*mine).values(note=note, applied_at=now))


def count_in(session: Session, state: str) -> int:
    """How many refunds of all shops are in a state."""
    return session.exec(select(func.count()).select_from(Refund).where(Refund.state == state)).one()


def payments_to_reconcile(
    session: Session, gateway: str, since: datetime | None
) -> list[tuple[Tender, str, str]]:
    """The tenders of one gateway on orders with returns: with the shop's slug and the order's id in the storefront."""
    with_returns = select(ReturnCase.order_id).distinct()
    with_returns = with_returns.where(col(ReturnCase.updated_at) >= since) if since else with_returns
    query = (
        select(Tender, Shop.slug, OrderRow.external_id)
        .join(OrderRow, col(OrderRow.id) == Tender.order_id)
        .join(Shop, col(Shop.id) == Tender.shop_id)
        .where(Tender.gateway == gateway, col(Tender.order_id).in_(with_returns))
    )
    return [(tender, slug, order_id) for tender, slug, order_id in session.exec(query)]


def attempts_on(session: Session, tender_id: UUID) -> list[tuple[RefundAttempt, Refund]]:
    """Every attempt to give something back to a tender."""
    query = select(RefundAttempt, Refund).join(Refund, col(Refund.id) == RefundAttempt.refund_id)
    return [(attempt, refund) for attempt, refund in session.exec(query.where(Refund.tender_id == tender_id))]


def reference_of(tender: Tender, shop: str, order_id: str) -> str:
    """What the gateway calls the payment; a name of ours where the storefront gave none."""
    return tender.reference or f"{shop}/{order_id}/{tender.payment_id}"


def currency_of(session: Session, tender: Tender) -> str:
    return session.exec(select(OrderRow.currency).where(OrderRow.id == tender.order_id)).one()
