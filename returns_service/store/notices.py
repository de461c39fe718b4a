"""Queries of messages: what was told about a case, to whom, and what became of it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import bindparam, or_
from sqlmodel import Session, col, select

from returns_service.domain.errors import NotFound
from returns_service.store.tables import Notice, ReturnCase


def told(session: Session, case_id: UUID) -> list[Notice]:
    """Every message about a case, oldest first."""
    return list(session.exec(select(Notice).where(Notice.case_id == case_id).order_by(col(Notice.id))))


CAME_BACK = (
    col(Notice.state) == "suppressed",
    col(Notice.address).in_(bindparam("addresses", expanding=True)),
)
_SUPPRESSED = select(Notice.shop_id, Notice.address).where(*CAME_BACK)


def suppressed(session: Session, addresses: Collection[str]) -> set[tuple[UUID, str]]:
    """From which of these addresses mail came back for good, with the shop that sent it."""
    return set(session.exec(_SUPPRESSED, params={"addresses": list(addresses)}))


def load(session: Session, shop_id: UUID, notice_id: UUID, *, lock: bool = False) -> Notice:
    """Raises NotFound."""
    query = select(Notice).where(Notice.id == notice_id, Notice.shop_id == shop_id)
    found = session.exec(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("message")
    return found


def search(
    session: Session,
    shop_id: UUID,
    *,
    text: str = "",
    states: Sequence[str] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[tuple[Notice, str]]:
    """Messages with their case's number, newest first; `text` is part of an address or a subject, or a number."""
    query = select(Notice, ReturnCase.number).join(ReturnCase, col(ReturnCase.id) == Notice.case_id)
    query = query.where(Notice.shop_id == shop_id)
    if text:
        query = query.where(
            or_(
                col(Notice.address).icontains(text, autoescape=True),
                col(Notice.subject).icontains(text, autoescape=True),
                col(ReturnCase.number) == text.upper(),
            )
        )
    if states:
        query = query.where(col(Notice.state).in_(states))
    if before:
        query = query.where(col(Notice.id) < before)
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit)).all())


def allow_again(session: Session, shop_id: UUID, address: str) -> int:
    """Lift the suppression of an address: its messages are parked instead. Answers how many."""
    query = select(Notice).where(
        Notice.shop_id == shop_id, Notice.state == "suppressed", Notice.address == address
    )
    rows = list(session.exec(query))
    for row in rows:
        row.state = "parked"
        session.add(row)
    session.flush()
    return len(rows)
