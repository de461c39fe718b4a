"""Queries of refunds and the conditional updates that keep a tender within what was captured."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Select, Update, bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select, update

from returns_service.domain.errors import NotFound
from returns_service.domain.money import Minor
from returns_service.store import cases
from returns_service.store.appending import enrolled
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

_TENDER: BindParameter[UUID] = bindparam("tender")
_AMOUNT: BindParameter[int] = bindparam("of_amount")
_reserved, _refunded = col(Tender.reserved), col(Tender.refunded)
_LEFT = _reserved + _refunded + col(Tender.refunded_elsewhere) + col(Tender.charged_back) + _AMOUNT <= col(
    Tender.captured
)
_UNDISPUTED = col(Tender.chargeback).is_(None) | (col(Tender.chargeback) != "open")
_SET_ASIDE = update(Tender).values(reserved=_reserved + _AMOUNT).where(_LEFT, _UNDISPUTED)
_RESERVE = _SET_ASIDE.where(col(Tender.id) == _TENDER)
_RESERVE_ON = _SET_ASIDE.where(
    col(Tender.order_id) == bindparam("of_order"), col(Tender.payment_id) == bindparam("of_payment")
).returning(col(Tender.id), col(Tender.method), col(Tender.gateway))
_THE_TENDER = update(Tender).where(col(Tender.id) == _TENDER)
_FREE = _THE_TENDER.values(reserved=_reserved - _AMOUNT)
_SPEND = _THE_TENDER.values(reserved=_reserved - _AMOUNT, refunded=_refunded + _AMOUNT)
_UNSPEND = _THE_TENDER.values(refunded=_refunded - _AMOUNT)

_WITH_SHOP = select(Tender, Shop.slug).join(Shop, col(Shop.id) == Tender.shop_id).where(Tender.id == _TENDER)
_ATTEMPT_OF = (
    select_columns(
        col(RefundAttempt.id),
        col(RefundAttempt.state),
        col(Refund.id),
        col(Refund.state),
        col(Refund.amount),
        col(Refund.currency),
    )
    .join(Refund, col(Refund.id) == RefundAttempt.refund_id)
    .where(col(Refund.shop_id) == bindparam("shop_id"), col(RefundAttempt.gateway) == bindparam("gateway"))
)
_BY_KEY = _ATTEMPT_OF.where(col(RefundAttempt.idempotency_key) == bindparam("name"))
_BY_REFERENCE = _ATTEMPT_OF.where(col(RefundAttempt.gateway_refund_id) == bindparam("name"))
_ATTEMPTS = select(RefundAttempt).where(RefundAttempt.refund_id == bindparam("refund_id"))
_ATTEMPTS = _ATTEMPTS.order_by(col(RefundAttempt.n))


class Tried(NamedTuple):
    """An attempt and its refund as they are, seen without a lock."""

    attempt_id: UUID
    attempt_state: str
    refund_id: UUID
    refund_state: str
    amount: int
    currency: str


class Reserved(NamedTuple):
    """The tender on which an amount was set aside."""

    id: UUID
    method: str
    gateway: str


def reserve(session: Session, tender_id: UUID, amount: Minor) -> bool:
    """Set an amount aside on a tender; False when it does not have so much left or the bank disputes it."""
    return _balance(session, _RESERVE, tender_id, amount) == 1


def reserve_on(session: Session, order_id: UUID, payment_id: str, amount: Minor) -> Reserved | None:
    """The same, on the tender of a payment; None when it does not have so much left or the bank disputes it."""
    wanted = {"of_order": order_id, "of_payment": payment_id, "of_amount": amount}
    found = session.connection().execute(_RESERVE_ON, wanted).one_or_none()
    return Reserved(*found) if found else None


def free(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Give a reservation back."""
    _balance(session, _FREE, tender_id, amount)


def spend(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Turn a reservation into money that moved."""
    _balance(session, _SPEND, tender_id, amount)


def unspend(session: Session, tender_id: UUID, amount: Minor) -> None:
    """Money that was announced as moved came back: the balance is there again."""
    _balance(session, _UNSPEND, tender_id, amount)


def _balance(session: Session, change: Update, tender_id: UUID, amount: Minor) -> int:
    """Balances change in the database alone; no session keeps a tender while it does."""
    return session.connection().execute(change, {"tender": tender_id, "of_amount": amount}).rowcount


def case_of(session: Session, refund_id: UUID, shop_id: UUID) -> CaseFile:
    """The case a refund belongs to, under lock. Raises NotFound."""
    if enrolled(session):
        session.flush()  # it may have been owed in this very transaction
    query = _case_of(session.get_bind().dialect.name)
    found = session.execute(query, {"refund_id": refund_id, "shop_id": shop_id}).one_or_none()
    if found is None:
        raise NotFound("refund")
    case = CaseFile(session, *found)
    if case.beside:
        case.beside.forget(Refund)  # a gateway's reference is noted without raising the version
    return case


@cache
def _case_of(dialect: str) -> Select[Any]:
    query = cases.selected(dialect).join(Refund, col(Refund.case_id) == ReturnCase.id)
    query = query.where(col(Refund.id) == bindparam("refund_id"), col(Refund.shop_id) == bindparam("shop_id"))
    return query.with_for_update(of=ReturnCase)


def tender_with_shop(session: Session, tender_id: UUID) -> tuple[Tender, str]:
    """A tender and its shop's slug."""
    tender, slug = session.exec(_WITH_SHOP, params={"tender": tender_id}).one()
    return tender, slug


def attempts(session: Session, refund_id: UUID) -> list[RefundAttempt]:
    """All tries, oldest first."""
    return list(session.exec(_ATTEMPTS, params={"refund_id": refund_id}))


def attempts_of_case(session: Session, case_id: UUID) -> list[RefundAttempt]:
    """All tries of a case's refunds, oldest first."""
    query = select(RefundAttempt).join(Refund, col(Refund.id) == RefundAttempt.refund_id)
    return list(session.exec(query.where(Refund.case_id == case_id).order_by(col(RefundAttempt.n))))


def attempt_of(
    session: Session, shop_id: UUID, gateway: str, *, key: str | None, reference: str
) -> Tried | None:
    """The attempt that a gateway speaks of, by our key or by its own reference."""
    named = {"shop_id": shop_id, "gateway": gateway, "name": key or reference}
    found = session.connection().execute(_BY_KEY if key else _BY_REFERENCE, named).one_or_none()
    return Tried(*found) if found else None


def take_in(session: Session, event: GatewayEvent) -> bool:
    """Write an inbound event down; False when it is already there."""
    values = event.model_dump()
    return changed(session, _take_in(session.get_bind().dialect.name), values) == 1


@cache
def _take_in(dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(GatewayEvent)
    return insert.on_conflict_do_nothing()


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
    session: Session, shop_id: UUID, gateway: str, since: datetime | None, after: UUID | None, most: int
) -> list[tuple[Tender, str, str]]:
    """The next tenders of one gateway on orders with returns: with the shop's slug and the order's id in the storefront."""
    with_returns = select(ReturnCase.order_id).where(ReturnCase.shop_id == shop_id)
    with_returns = with_returns.where(col(ReturnCase.updated_at) >= since) if since else with_returns
    query = (
        select(Tender, Shop.slug, OrderRow.external_id)
        .join(OrderRow, col(OrderRow.id) == Tender.order_id)
        .join(Shop, col(Shop.id) == Tender.shop_id)
        .where(Tender.shop_id == shop_id, Tender.gateway == gateway, col(Tender.order_id).in_(with_returns))
    )
    query = query.where(col(Tender.id) > after) if after else query
    query = query.order_by(col(Tender.id)).limit(most)
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
