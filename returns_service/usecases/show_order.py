"""An order as it was taken, with the policy stamped on it."""

from typing import Any

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.order import Order
from returns_service.store import freeze, orders, policies
from returns_service.store.tables import OrderRow


def show_order(session: Session, order_id: str, *, actor: Actor) -> dict[str, Any]:
    """The snapshot plus version, policy and fulfilment_state. Raises NotFound."""
    return order_body(session, orders.load(session, actor.shop_id, order_id))


def order_body(session: Session, row: OrderRow) -> dict[str, Any]:
    ref = policies.compiled(session, row.policy_version_id).ref
    return {
        **orders.snapshot(session, row).body,
        "id": row.external_id,
        "version": row.version,
        "policy": {"name": ref.name, "version": ref.version, "hash": ref.hash},
        "fulfilment_state": fulfilment_state(freeze.thaw_order(row.frozen)),
    }


def fulfilment_state(order: Order) -> str:
    """unfulfilled, partly_shipped, shipped, partly_delivered or delivered, over all units."""
    parcels = [parcel for line in order.lines if not line.digital for parcel in order.parcels(line.id)]
    shipped = [parcel for parcel in parcels if parcel is not None]
    delivered = [parcel for parcel in shipped if parcel.delivered_at is not None]
    if delivered:
        return "delivered" if len(delivered) == len(parcels) else "partly_delivered"
    if shipped:
        return "shipped" if len(shipped) == len(parcels) else "partly_shipped"
    return "unfulfilled" if parcels else "delivered"
