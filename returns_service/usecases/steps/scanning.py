"""What carriers say of a parcel on its way out is kept with the order, so that a decision sees it before there is a case."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.order import Fulfilment, Order
from returns_service.domain.request import Evidence
from returns_service.store import freeze, orders


def keep_scan(session: Session, shop_id: UUID, order_id: str, tracking_number: str, scan: Evidence) -> bool:
    """Note a scan on the parcel it is about; False when there is no such parcel."""
    row = orders.find(session, shop_id, order_id, lock=True)
    order = freeze.thaw_order(row.frozen) if row is not None else None
    if row is None or order is None or not _sent_as(order, tracking_number):
        return False
    row.frozen = freeze.order(
        _each(
            order, lambda parcel: _with(parcel, scan) if parcel.tracking_number == tracking_number else parcel
        )
    )
    session.add(row)
    return True


def with_scans(order: Order, known: Order) -> Order:
    """A newer snapshot keeps what carriers said of its parcels."""
    scans = {
        parcel.id: [one for one in parcel.evidence if one.type == "carrier_scan"]
        for parcel in known.fulfilments
    }

    def kept(parcel: Fulfilment) -> Fulfilment:
        for scan in scans.get(parcel.id, ()):
            parcel = _with(parcel, scan)
        return parcel

    return _each(order, kept) if any(scans.values()) else order


def _sent_as(order: Order, tracking_number: str) -> bool:
    return any(parcel.tracking_number == tracking_number for parcel in order.fulfilments)


def _each(order: Order, change: Callable[[Fulfilment], Fulfilment]) -> Order:
    return replace(order, fulfilments=tuple(map(change, order.fulfilments)))


def _with(parcel: Fulfilment, scan: Evidence) -> Fulfilment:
    return parcel if scan in parcel.evidence else replace(parcel, evidence=(*parcel.evidence, scan))
