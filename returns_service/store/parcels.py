"""Which cases a parcel belongs to."""

from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.domain.ports import CarrierEvent
from returns_service.store.tables import OrderRow, ReturnCase


def cases_of(session: Session, shop_id: UUID, event: CarrierEvent) -> list[UUID]:
    """On the way back: the case that sent it. On the way out: every case of the order."""
    query = select(ReturnCase.id).where(ReturnCase.shop_id == shop_id)
    if event.leg == "return":
        return list(
            session.exec(
                query.where(ReturnCase.tracking == event.tracking_number).order_by(col(ReturnCase.id))
            )
        )
    if event.order_id is None:
        return []
    query = query.join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
    return list(
        session.exec(query.where(OrderRow.external_id == event.order_id).order_by(col(ReturnCase.id)))
    )
