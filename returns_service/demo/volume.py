"""Many orders at once: the rows that `take_order` writes for a first snapshot, inserted by the thousand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert
from sqlmodel import Session, SQLModel, col, select

from returns_service.api.order_body import order_of
from returns_service.demo import orders
from returns_service.demo.baskets import Body
from returns_service.demo.progress import Progress
from returns_service.domain.order import Order, Payment
from returns_service.store import freeze, policies
from returns_service.store.tables import OrderRow, OrderSnapshot, PolicyVersion, Shop, Tender
from returns_service.store.tables.base import new_id
from returns_service.usecases.runtime import Runtime

AT_ONCE = 1000
Numbered = tuple[str, Body]
Row = dict[str, Any]


def add(runtime: Runtime, shop: Shop, many: int, *, present: datetime, seed: int, progress: Progress) -> int:
    """`many` believable orders, those that are there already left alone; answers how many are new.

    One batch is in memory at a time, and is one transaction.
    """
    made = orders.stream(many, present, seed=seed, pictures=orders.pictures(runtime.settings.public_url))
    done = new = 0
    while batch := list(islice(made, AT_ONCE)):
        with runtime.db.begin() as session:
            new += add_new(session, shop, _unknown(session, shop, batch))
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


def add_new(session: Session, shop: Shop, batch: Iterable[Numbered]) -> int:
    """Orders that are not there yet; answers how many."""
    stamps = list(reversed(policies.versions(session, shop.id, shop.policy_name)))
    heads: list[Row] = []
    snapshots: list[Row] = []
    tenders: list[Row] = []
    for order_id, body in batch:
        order = order_of(accepted(body), order_id)
        head = _head(shop, order, _stamp(stamps, order.placed_at).id)
        heads.append(head)
        snapshots.append({"order_id": head["id"], "version": 1, "body": body, "taken_at": head["created_at"]})
        tenders += [_tender(head, position, payment) for position, payment in enumerate(order.payments)]
    for table, rows in ((OrderRow, heads), (OrderSnapshot, snapshots), (Tender, tenders)):
        if rows:
            session.connection().execute(insert(_core(table)), rows)
    return len(heads)


def _core(table: type[SQLModel]) -> Table:
    found: Table = SQLModel.metadata.tables[str(table.__tablename__)]
    return found


def accepted(body: Body) -> Body:
    """What the schema of orders makes of a body of the generator, which knows that it is right."""
    customer = {**body["customer"], "attributes": {}}
    return {
        **body,
        "placed_at": _instant(body["placed_at"]),
        "updated_at": _instant(body["updated_at"]),
        "customer": {**customer, "created_at": _instant(customer["created_at"])},
        "lines": [{**_UNSAID, **line} for line in body["lines"]],
        "fulfilments": [
            {**parcel, "evidence": [], **{key: _instant(parcel[key]) for key in _MOMENTS}}
            for parcel in body["fulfilments"]
        ],
    }


_UNSAID: Mapping[str, Any] = {"refunded_elsewhere": {"quantity": 0, "amount": "0"}, "replaces": None}
_MOMENTS = ("shipped_at", "delivered_at", "promised_at")


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _head(shop: Shop, order: Order, stamp: UUID) -> Row:
    """The order itself; it came when it was last changed."""
    at = order.updated_at or order.placed_at
    return {
        "id": new_id(),
        "shop_id": shop.id,
        "external_id": order.id,
        "number": order.number,
        "email": order.customer.email.lower(),
        "customer_id": order.customer.id,
        "currency": order.currency,
        "placed_at": order.placed_at,
        "version": 1,
        "policy_version_id": stamp,
        "frozen": freeze.order(order),
        "snapshot_at": order.updated_at,
        "created_at": at,
        "updated_at": at,
    }


def _tender(head: Row, position: int, payment: Payment) -> Row:
    return {
        "id": new_id(),
        "shop_id": head["shop_id"],
        "order_id": head["id"],
        "position": position,
        "payment_id": payment.id,
        "method": payment.method,
        "gateway": payment.gateway,
        "reference": payment.reference,
        "captured": payment.captured,
        "refunded_elsewhere": payment.refunded,
        "charged_back": payment.charged_back,
        "chargeback": payment.chargeback,
        "reserved": 0,
        "refunded": 0,
    }


def _stamp(stamps: list[PolicyVersion], placed_at: datetime) -> PolicyVersion:
    """The version in force then; orders older than the first get the first."""
    begun = [version for version in stamps if version.effective_from <= placed_at]
    return max(begun, key=lambda version: (version.effective_from, version.version), default=stamps[0])
