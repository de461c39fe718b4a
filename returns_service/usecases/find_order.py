"""Find an order by what its customer knows: a number as people type it, and the address it was ordered with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.case import read_number
from returns_service.store import orders, portal


@dataclass(frozen=True)
class FoundOrder:
    id: str
    """As the storefront calls it."""
    number: str
    email: str


@dataclass(frozen=True)
class FoundReturn:
    """As much of a case as anybody may know who has its number."""

    id: UUID
    number: str
    state: str
    order: FoundOrder
    requested_at: datetime
    version: int


def find_order(session: Session, shop_id: UUID, number: str, email: str) -> FoundOrder | None:
    """By order number or return number; signs, blanks and case do not matter."""
    address, wanted = email.strip().lower(), _bare(number)
    returned = read_number(number)
    if returned:
        found = find_return(session, shop_id, returned)
        if found and found.order.email == address:
            return found.order
    for row in portal.orders_of(session, shop_id, address) if wanted and address else ():
        if wanted in (_bare(row.number), _bare(row.external_id)):
            return FoundOrder(row.external_id, row.number, row.email)
    return None


def order_by_id(session: Session, shop_id: UUID, order_id: str) -> FoundOrder | None:
    """An order by the id that the storefront gave it."""
    row = orders.find(session, shop_id, order_id)
    return FoundOrder(row.external_id, row.number, row.email) if row else None


def find_return(session: Session, shop_id: UUID, number: str) -> FoundReturn | None:
    """A case by its number."""
    found = portal.numbered(session, shop_id, read_number(number) or "")
    if found is None:
        return None
    case, order = found
    of = FoundOrder(order.external_id, order.number, order.email)
    return FoundReturn(case.id, case.number, case.state, of, case.requested_at, case.version)


def returns_of(session: Session, shop_id: UUID, order: FoundOrder) -> Sequence[FoundReturn]:
    """The returns of an order, newest first."""
    return [
        FoundReturn(case.id, case.number, case.state, order, case.requested_at, case.version)
        for case in portal.returns_of(session, shop_id, order.id)
    ]


def _bare(number: str) -> str:
    return re.sub(r"[\W_]", "", number).lower()
