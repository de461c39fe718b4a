"""Queries of the customer portal: an order by what a customer knows of it, and its returns."""

from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.store.tables import OrderRow, ReturnCase


def orders_of(session: Session, shop_id: UUID, email: str) -> list[OrderRow]:
    """Orders of an address, newest first; a customer has few."""
    query = select(OrderRow).where(OrderRow.shop_id == shop_id, OrderRow.email == email)
    return list(session.exec(query.order_by(col(OrderRow.placed_at).desc()).limit(500)))


def returns_of(session: Session, shop_id: UUID, order_id: str) -> list[ReturnCase]:
    """The cases of an order, newest first."""
    query = (
        select(ReturnCase)
        .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
        .where(ReturnCase.shop_id == shop_id, OrderRow.external_id == order_id)
    )
    return list(session.exec(query.order_by(col(ReturnCase.id).desc())))


def returns_of_customer(session: Session, shop_id: UUID, order_id: str) -> list[ReturnCase]:
    """The cases of an order, and those of the same customer's other orders."""
    named = select(OrderRow.id, OrderRow.email).where(
        OrderRow.shop_id == shop_id, OrderRow.external_id == order_id
    )
    order, address = session.exec(named).one_or_none() or (None, "")
    query = select(ReturnCase).where(ReturnCase.order_id == order)
    if address:  # a person who was erased has none
        theirs = select(OrderRow.id).where(OrderRow.shop_id == shop_id, OrderRow.email == address)
        query = select(ReturnCase).where(col(ReturnCase.order_id).in_(theirs))
    return list(session.exec(query))


def numbered(session: Session, shop_id: UUID, number: str) -> tuple[ReturnCase, OrderRow] | None:
    """A case by its human number, with its order."""
    query = (
        select(ReturnCase, OrderRow)
        .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
        .where(ReturnCase.shop_id == shop_id, ReturnCase.number == number)
    )
    found = session.exec(query).one_or_none()
    return (found[0], found[1]) if found else None
