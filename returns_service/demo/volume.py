"""Many orders at once: the rows that `take_order` writes for a first snapshot, inserted by the thousand."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy
from sqlmodel import Session, SQLModel, col, select

from returns_service.api.bodies import order_from
from returns_service.demo import orders
from returns_service.demo.baskets import Body
from returns_service.demo.progress import Progress
from returns_service.domain.order import Order
from returns_service.store import freeze, policies
from returns_service.store.tables import OrderRow, OrderSnapshot, PolicyVersion, Shop, Tender
from returns_service.usecases.runtime import Runtime

AT_ONCE = 1000
Numbered = tuple[str, Body]


def add(runtime: Runtime, shop: Shop, many: int, *, present: datetime, seed: int, progress: Progress) -> int:
    """`many` believable orders, those that are there already left alone; answers how many are new.

    One batch is in memory at a time, and is one transaction.
    """
    made = orders.stream(many, present, seed=seed, pictures=orders.pictures(runtime.settings.public_url))
    done = new = 0
    while batch := list(islice(made, AT_ONCE)):
        with runtime.db.begin() as session:
            new += insert(session, shop, _unknown(session, shop, batch))
        done += len(batch)
        progress("orders", done, many)
    return new


def _unknown(session: Session, shop: Shop, batch: list[Numbered]) -> list[Numbered]:
    ids = [order_id for order_id, _ in batch]
    known = select(OrderRow.external_id).where(
        OrderRow.shop_id == shop.id, col(OrderRow.external_id).in_(ids)
    )
    there = set(session.exec(known))
    return [(order_id, body) for order_id, body in batch if order_id not in there]


def insert(session: Session, shop: Shop, batch: Iterable[Numbered]) -> int:
    """Orders that are not there yet; answers how many."""
    stamps = list(reversed(policies.versions(session, shop.id, shop.policy_name)))
    rows: Mapping[type[SQLModel], list[dict[str, Any]]] = {OrderRow: [], OrderSnapshot: [], Tender: []}
    for order_id, body in batch:
        for row in _rows(shop, order_from(body, order_id), body, stamps):
            rows[type(row)].append(row.model_dump())
    for table, values in rows.items():
        if values:
            session.execute(sqlalchemy.insert(table), values)
    return len(rows[OrderRow])


def _rows(shop: Shop, order: Order, body: Body, stamps: list[PolicyVersion]) -> Iterator[SQLModel]:
    """What one order is in the database; it came when it was last changed."""
    at = order.updated_at or order.placed_at
    row = OrderRow(
        shop_id=shop.id,
        external_id=order.id,
        number=order.number,
        email=order.customer.email.lower(),
        customer_id=order.customer.id,
        currency=order.currency,
        placed_at=order.placed_at,
        policy_version_id=_stamp(stamps, order.placed_at).id,
        frozen=freeze.order(order),
        snapshot_at=order.updated_at,
        created_at=at,
        updated_at=at,
    )
    yield row
    yield OrderSnapshot(order_id=row.id, version=row.version, body=body, taken_at=at)
    for position, payment in enumerate(order.payments):
        yield Tender(
            shop_id=shop.id,
            order_id=row.id,
            position=position,
            payment_id=payment.id,
            method=payment.method,
            gateway=payment.gateway,
            reference=payment.reference,
            captured=payment.captured,
            refunded_elsewhere=payment.refunded,
            charged_back=payment.charged_back,
            chargeback=payment.chargeback,
        )


def _stamp(stamps: list[PolicyVersion], placed_at: datetime) -> PolicyVersion:
    """The version in force then; orders older than the first get the first."""
    begun = [version for version in stamps if version.effective_from <= placed_at]
    return max(begun, key=lambda version: (version.effective_from, version.version), default=stamps[0])
