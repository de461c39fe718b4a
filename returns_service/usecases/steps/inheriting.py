"""Orders whose goods replaced earlier ones: what was paid for the originals, and with which payments, goes over.

A customer who swapped A for B and returns B gets back what A cost, to where A was paid from. The units of A stay held
by the case that swapped them, so the same money is never claimed on both orders.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money, tenders
from returns_service.domain.money import Minor
from returns_service.domain.order import Order, OrderLine, Payment
from returns_service.store import freeze, orders, replacements
from returns_service.store.tables import OrderRow


def inherit(session: Session, shop_id: UUID, order: Order) -> Order:
    """The order with the worth and the payments that its replacement lines carry over; the same for the same past."""
    found = [(line, _original(session, shop_id, line)) for line in order.lines if line.replaces]
    known = [(line, row) for line, row in found if row is not None]
    if not known:
        return order
    carried = {line.id: _worth(session, line, row) for line, row in known}
    sources = {row.external_id: freeze.thaw_order(row.frozen) for _, row in known}
    theirs = {
        payment.reference for source in sources.values() for payment in source.payments if payment.reference
    }
    extra = _paid_on_top(order, carried, theirs)
    lines = tuple(_with(line, carried, extra if line.id == known[0][0].id else 0) for line in order.lines)
    given = sum(payment.captured for payment in order.payments if payment.reference in theirs)
    handed = _payments(sources.values(), sum(carried.values()) - given)
    return replace(order, lines=lines, payments=(*order.payments, *handed))


def _original(session: Session, shop_id: UUID, line: OrderLine) -> OrderRow | None:
    order_id, line_id = line.replaces or ("", "")
    row = orders.find(session, shop_id, order_id)
    return row if row is not None and line_id in freeze.thaw_order(row.frozen).by_id else None


def _worth(session: Session, line: OrderLine, row: OrderRow) -> Minor:
    """What was put into this line: the originals' worth, or what an exchange left of it after paying back."""
    original, line_id = freeze.thaw_order(row.frozen), (line.replaces or ("", ""))[1]
    bought = original.by_id[line_id]
    quantity = min(line.quantity, bought.quantity)
    whole = money.divide(original.paid[line_id] * quantity, bought.quantity)
    swapped = replacements.put_into(session, row.id, line_id, row.currency)
    return whole if swapped is None else min(whole, swapped)


def _paid_on_top(order: Order, carried: dict[str, Minor], theirs: set[str]) -> Minor:
    """What the customer paid with the new order beyond its ordinary lines: the difference for dearer goods."""
    new_money = sum(payment.captured for payment in order.payments if payment.reference not in theirs)
    ordinary = sum(amount for line_id, amount in order.paid.items() if line_id not in carried)
    besides = order.shipping.paid + sum(surcharge.amount for surcharge in order.surcharges)
    return max(new_money - ordinary - besides, 0)


def _with(line: OrderLine, carried: dict[str, Minor], extra: Minor) -> OrderLine:
    return replace(line, carried=carried[line.id] + extra) if line.id in carried else line


def _payments(sources: Iterable[Order], amount: Minor) -> list[Payment]:
    """The originals' payments, as far as they are needed to pay the carried worth back."""
    handed = []
    for source in sources:
        by_id = {payment.id: payment for payment in source.payments}
        shares, amount = tenders.split(amount, source.payments)
        for share in shares:
            paid = by_id[share.payment_id or ""]
            handed.append(
                replace(paid, id=f"{source.id}/{paid.id}", captured=share.amount, refunded=0, charged_back=0)
            )
    return handed
