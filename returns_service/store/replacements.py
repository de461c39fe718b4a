"""Queries of goods that go out."""

from uuid import UUID

from sqlmodel import Session, col, func, select

from returns_service.domain import money
from returns_service.domain.errors import NotFound
from returns_service.store.tables import CaseLine, Replacement, ReturnCase


def case_of(session: Session, replacement_id: UUID, shop_id: UUID) -> UUID:
    """The case a replacement belongs to. Raises NotFound."""
    query = select(Replacement.case_id).where(
        Replacement.id == replacement_id, Replacement.shop_id == shop_id
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("replacement")
    return found


def put_into(session: Session, order_id: UUID, line_id: str, currency: str) -> int | None:
    """What an exchange of this order line put into the new goods, after paying a difference back; None without one."""
    query = (
        select(ReturnCase.quote, func.count(col(CaseLine.id)))
        .join(CaseLine, col(CaseLine.case_id) == ReturnCase.id)
        .join(Replacement, col(Replacement.case_id) == ReturnCase.id)
        .where(ReturnCase.order_id == order_id, CaseLine.order_line_id == line_id)
        .where(Replacement.kind == "exchange", col(Replacement.state).in_(("requested", "shipped")))
        .group_by(col(ReturnCase.id))
    )
    found = session.exec(query).all()
    if len(found) != 1 or found[0][1] != 1:
        return None
    return -money.parse(found[0][0]["exchange"], currency)
