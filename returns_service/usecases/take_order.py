"""Take or revise the snapshot of an order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.order import Order
from returns_service.domain.personal import without_person
from returns_service.store import freeze, locks, orders, personal, policies, shops
from returns_service.store.appending import enrol
from returns_service.store.tables import OrderRow
from returns_service.usecases.steps.inheriting import inherit
from returns_service.usecases.steps.scanning import with_scans


def take_order(
    session: Session, order: Order, body: Mapping[str, Any], *, actor: Actor, now: datetime
) -> tuple[OrderRow, bool]:
    """The order's row and whether it is new. Raises Conflict: an older snapshot, or one that takes away what a case relies on."""
    locks.alone(session, actor.shop_id, "order", order.id)
    order = inherit(session, actor.shop_id, order)
    row = orders.find(session, actor.shop_id, order.id, lock=True)
    if row is None:
        return _first(session, order, body, actor, now), True
    if personal.is_erased(row):
        order, body = freeze.thaw_order(without_person(freeze.order(order))), without_person(body)
    order = with_scans(order, freeze.thaw_order(row.frozen))
    if freeze.order(order) != row.frozen:
        _revise(session, row, order, body, now)
    return row, False


def _first(session: Session, order: Order, body: Mapping[str, Any], actor: Actor, now: datetime) -> OrderRow:
    shop = shops.load(session, actor.shop_id)
    stamp = policies.in_force(session, shop.id, shop.policy_name, order.placed_at)
    row = OrderRow(
        shop_id=shop.id,
        external_id=order.id,
        number=order.number,
        email=order.customer.email.lower(),
        customer_id=order.customer.id,
        currency=order.currency,
        placed_at=order.placed_at,
        policy_version_id=stamp.id,
        frozen=freeze.order(order),
        snapshot_at=order.updated_at,
        created_at=now,
        updated_at=now,
    )
    enrol(session, row)
    orders.add_snapshot(session, row, body, now)
    orders.take_tenders(session, row, order)
    session.flush()
    return row


def _revise(session: Session, row: OrderRow, order: Order, body: Mapping[str, Any], now: datetime) -> None:
    if row.snapshot_at and order.updated_at and order.updated_at < row.snapshot_at:
        raise Conflict(
            "stale_snapshot",
            f"A newer snapshot of this order, of {row.snapshot_at.isoformat()}, is already here.",
        )
    orders.refuse_taking_away(session, row, order)
    row.number, row.email = order.number, order.customer.email.lower()
    row.customer_id, row.frozen = order.customer.id, freeze.order(order)
    row.snapshot_at, row.updated_at = order.updated_at or row.snapshot_at, now
    row.version += 1
    orders.add_snapshot(session, row, body, now)
    orders.take_tenders(session, row, order)
