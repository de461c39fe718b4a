"""Queries of orders: find, lock, tenders, and the history that a decision looks at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Executable, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from returns_service.domain import money
from returns_service.domain.errors import Conflict, NotFound
from returns_service.domain.order import Order, Payment
from returns_service.domain.request import History, LineHistory
from returns_service.store import freeze
from returns_service.store.appending import append, enrol
from returns_service.store.tables import (
    CaseLine,
    Hold,
    OrderRow,
    OrderSnapshot,
    Receipt,
    Replacement,
    ReturnCase,
    Tender,
)

_OVER = ("rejected", "cancelled", "expired")

# Queries of every request are built once: that takes longer than carrying them out.
_ORDER: BindParameter[UUID] = bindparam("order_id")
_SHOP: BindParameter[UUID] = bindparam("shop_id")
_EMAIL: BindParameter[str] = bindparam("email")
_SINCE: BindParameter[datetime] = bindparam("since")
_BY_NAME = select(OrderRow).where(OrderRow.shop_id == _SHOP, OrderRow.external_id == bindparam("external_id"))
_BY_NAME_LOCKED = _BY_NAME.with_for_update()
_LOCK = select(OrderRow.id).where(OrderRow.id == _ORDER).with_for_update()
_TENDERS = select(Tender).where(Tender.order_id == _ORDER).order_by(col(Tender.position))
_TENDERS_LOCKED = _TENDERS.with_for_update()
_HOLDS = (
    select_columns(
        col(Hold.order_line_id),
        col(Hold.slot),
        col(Hold.active),
        col(Hold.compensated),
        col(CaseLine.case_id),
    )
    .join(CaseLine, col(CaseLine.id) == Hold.case_line_id)
    .where(col(Hold.order_id) == _ORDER)
)
_REPAIRED = (
    select(Replacement, ReturnCase.requested_at)
    .join(ReturnCase, col(ReturnCase.id) == Replacement.case_id)
    .where(ReturnCase.order_id == _ORDER, Replacement.kind == "repair", Replacement.state == "shipped")
    .order_by(col(Replacement.updated_at))
)
_QUOTES = select(ReturnCase.id, ReturnCase.quote).where(
    ReturnCase.order_id == _ORDER, col(ReturnCase.state).not_in(_OVER)
)
_BOUGHT = select(func.count(col(OrderRow.id))).where(
    OrderRow.shop_id == _SHOP, OrderRow.email == _EMAIL, col(OrderRow.placed_at) >= _SINCE
)
_PAST = select(
    func.count(col(ReturnCase.id)),
    func.coalesce(func.sum(ReturnCase.quote_total), 0),
    _BOUGHT.scalar_subquery(),
).where(ReturnCase.shop_id == _SHOP, ReturnCase.email == _EMAIL, col(ReturnCase.created_at) >= _SINCE)


def find(session: Session, shop_id: UUID, external_id: str, *, lock: bool = False) -> OrderRow | None:
    query = _BY_NAME_LOCKED if lock else _BY_NAME
    return session.exec(query, params={"shop_id": shop_id, "external_id": external_id}).one_or_none()


def load(session: Session, shop_id: UUID, external_id: str, *, lock: bool = False) -> OrderRow:
    """Raises NotFound."""
    row = find(session, shop_id, external_id, lock=lock)
    if row is None:
        raise NotFound("order")
    return row


def load_by_id(session: Session, shop_id: UUID, row_id: UUID) -> OrderRow:
    """By our own id. Raises NotFound."""
    row = session.get(OrderRow, row_id)
    if row is None or row.shop_id != shop_id:
        raise NotFound("order")
    return row


def lock(session: Session, order_id: UUID) -> None:
    """Nobody else moves money or units of this order until the transaction ends (a case is always locked before)."""
    _answers(session, _LOCK, order_id=order_id)


def snapshot(session: Session, row: OrderRow) -> OrderSnapshot:
    """The current snapshot in the words of the contract."""
    query = select(OrderSnapshot).where(
        OrderSnapshot.order_id == row.id, OrderSnapshot.version == row.version
    )
    return session.exec(query).one()


def tenders(session: Session, order_id: UUID, *, lock: bool = False) -> list[Tender]:
    return list(session.exec(_TENDERS_LOCKED if lock else _TENDERS, params={"order_id": order_id}))


def history(
    session: Session,
    row: OrderRow,
    *,
    since: datetime | None = None,
    but: UUID | None = None,
    given: Mapping[str, int] = MappingProxyType({}),
) -> History:
    """What was held, paid and returned on this order, leaving out case `but` and what it has `given` to payments;
    the customer's past from `since`.
    """
    holds = [one for one in _answers(session, _HOLDS, order_id=row.id) if one.case_id != but]
    # a case holds what it is about: without one, no other case gave anything
    paid = _tender_refunded(session, row.id, given) if holds or given else {}
    quoted = _given_by_quotes(session, row, but) if holds else _NOTHING
    returns, units, ordered = _lookback(session, row, since) if since else (0, 0, 0)
    return History(
        lines=_line_history(holds, _repairs(session, row.id, but) if holds else {}),
        tender_refunded=paid,
        shipping_refunded=quoted["outbound_shipping"],
        surcharges_refunded=quoted["surcharges"],
        credit_for_goods=quoted["credit"],
        reclaimed=quoted["reclaimed"],
        charged_back_counted=quoted["charged_back"],
        returns_in_lookback=returns,
        ordered_in_lookback=ordered,
        returned_value_in_lookback=units,
    )


def _answers(session: Session, query: Executable, **values: Any) -> Sequence[Any]:
    """Columns, not rows to keep: past the unit of work they take half the time."""
    return session.connection().execute(query, values).all()


Away = Mapping[str, list[tuple[datetime, datetime]]]


def _line_history(holds: Sequence[Any], away: Away) -> dict[str, LineHistory]:
    held: dict[str, set[int]] = defaultdict(set)
    compensated: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    asked: dict[str, set[UUID]] = defaultdict(set)
    for line_id, slot, active, given, case_id in holds:
        asked[line_id].add(case_id)
        if active:
            held[line_id].add(slot)
        elif given:
            compensated[line_id][slot] += given
    return {
        key: LineHistory(
            frozenset(held[key]), dict(compensated[key]), tuple(away.get(key, ())), len(asked[key])
        )
        for key in {*asked, *away}
    }


def _repairs(session: Session, order_id: UUID, but: UUID | None) -> Away:
    """For each order line the times in which its goods were away for repair: from their arrival until they left again."""
    away: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row, requested_at in session.exec(_REPAIRED, params={"order_id": order_id}):
        if row.case_id == but:
            continue
        arrived = session.exec(select(func.min(Receipt.at)).where(Receipt.case_id == row.case_id)).one()
        lines = col(CaseLine.id).in_([UUID(part["line_id"]) for part in row.lines])
        for line_id in session.exec(select(CaseLine.order_line_id).where(lines)):
            away[line_id].append((arrived or requested_at, row.updated_at))
    return away


def _tender_refunded(session: Session, order_id: UUID, but: Mapping[str, int]) -> dict[str, int]:
    """Money refunded by us or under way, per payment, less what is left out."""
    paid = {row.payment_id: row.reserved + row.refunded for row in tenders(session, order_id)}
    less = {key: amount - but.get(key, 0) for key, amount in paid.items()}
    return {key: amount for key, amount in less.items() if amount}


def _given_by_quotes(session: Session, row: OrderRow, but: UUID | None) -> dict[str, int]:
    """What other cases of the order carry already: delivery charge, surcharges, credit, what was reclaimed."""
    sums = dict(_NOTHING)
    for case_id, quote in _answers(session, _QUOTES, order_id=row.id):
        if case_id != but and quote:
            for part in _ONCE:
                sums[part] += money.parse(quote.get(part, "0"), row.currency)
            on_credit = [share["amount"] for share in quote["tenders"] if share["payment_id"] is None]
            sums["credit"] += sum(money.parse(amount, row.currency) for amount in on_credit)
    return sums


_ONCE = ("outbound_shipping", "surcharges", "reclaimed", "charged_back")
_NOTHING: Mapping[str, int] = MappingProxyType(dict.fromkeys((*_ONCE, "credit"), 0))


def _lookback(session: Session, row: OrderRow, since: datetime) -> tuple[int, int, int]:
    """Of this customer since then: cases, their worth, orders."""
    ((cases, worth, ordered),) = _answers(session, _PAST, shop_id=row.shop_id, email=row.email, since=since)
    return int(cases), int(worth), int(ordered)


def add_snapshot(session: Session, row: OrderRow, body: Mapping[str, Any], now: datetime) -> None:
    append(session, OrderSnapshot(order_id=row.id, version=row.version, body=dict(body), taken_at=now))


def take_tenders(session: Session, row: OrderRow, order: Order) -> None:
    """Write the payments of a snapshot onto the tenders, keeping what we gave back."""
    rows = tenders(session, row.id, lock=True) if row.version > 1 else []
    known = {tender.payment_id: tender for tender in rows}
    heard = {tender.reference: tender for tender in rows if tender.reported}
    for position, payment in enumerate(order.payments):
        tender = known.get(payment.id) or heard.get(payment.reference) or _tender(session, row, payment)
        tender.payment_id, tender.reported = payment.id, False
        tender.position, tender.method, tender.gateway = position, payment.method, payment.gateway
        tender.reference, tender.captured = payment.reference, payment.captured
        tender.refunded_elsewhere, tender.chargeback = payment.refunded, payment.chargeback
        tender.charged_back = _disputed(payment, tender)


def _tender(session: Session, row: OrderRow, payment: Payment) -> Tender:
    tender = Tender(
        shop_id=row.shop_id,
        order_id=row.id,
        payment_id=payment.id,
        method=payment.method,
        gateway=payment.gateway,
    )
    enrol(session, tender)
    return tender


def _disputed(payment: Payment, tender: Tender) -> int:
    """What the bank took or holds: nothing of a won chargeback, all that is left of a lost one without an amount."""
    if payment.chargeback == "won":
        return 0
    if payment.chargeback == "lost" and not payment.charged_back:
        return max(payment.captured - payment.refunded - tender.reserved - tender.refunded, 0)
    return payment.charged_back


def refuse_taking_away(session: Session, row: OrderRow, order: Order) -> None:
    """Raises Conflict when a new snapshot lacks units or money that a case already relies on."""
    before = freeze.thaw_order(row.frozen)
    if order.currency != before.currency:
        raise Conflict("relied_upon", f"The currency of an order cannot change; it is {before.currency}.")
    for line_id, slots in _held_slots(session, row.id).items():
        line = order.by_id.get(line_id)
        if line is None or line.quantity <= max(slots):
            raise Conflict(
                "relied_upon",
                f"Open or paid returns hold units of line {line_id}; the new snapshot lacks them.",
            )
        if _worth(order, line_id, slots) < _worth(before, line_id, slots):
            raise Conflict("relied_upon", f"Open or paid returns rely on what was paid for line {line_id}.")
        parcels, had = order.parcels(line_id), before.parcels(line_id)
        if any(had[slot] is not None and parcels[slot] is None for slot in slots):
            raise Conflict("relied_upon", f"Open or paid returns hold delivered units of line {line_id}.")
    payments = {payment.id: payment for payment in order.payments}
    for tender in tenders(session, row.id, lock=True):
        ours, payment = tender.reserved + tender.refunded, payments.get(tender.payment_id)
        if tender.reported and payment is None:
            continue  # we heard of it from the storefront's report, no snapshot did
        if ours and (payment is None or payment.captured - payment.refunded - payment.charged_back < ours):
            raise Conflict(
                "relied_upon",
                f"More was given back to payment {tender.payment_id} than the new snapshot leaves.",
            )


def _worth(order: Order, line_id: str, slots: set[int]) -> int:
    return sum(order.worth(line_id, slot) for slot in slots)


def _held_slots(session: Session, order_id: UUID) -> dict[str, set[int]]:
    held: dict[str, set[int]] = defaultdict(set)
    query = select(Hold.order_line_id, Hold.slot).where(Hold.order_id == order_id, col(Hold.active).is_(True))
    for line_id, slot in session.exec(query):
        held[line_id].add(slot)
    return held
