"""Taking a person out of what is kept: orders, cases, what was said and mailed; figures and facts stay."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from returns_service.domain.personal import without_person, without_words
from returns_service.store import events, notices, outbox, photos
from returns_service.store.cases import CaseFile
from returns_service.store.tables import (
    ConversationMessage,
    Objection,
    OrderRow,
    OrderSnapshot,
    OutboxRow,
    Photo,
    Rating,
    Refund,
    ReturnCase,
    StoreCredit,
)
from returns_service.store.tables.base import Row


def is_erased(row: OrderRow) -> bool:
    """An order always has the buyer's address; without one it was erased."""
    return not row.email


def is_asked(session: Session, row: OrderRow) -> bool:
    """Whether the erasure of an order waits to be done."""
    query = select(OutboxRow.id).where(OutboxRow.topic == "erasure", OutboxRow.key == str(row.id))
    return session.exec(query.where(col(OutboxRow.state).in_(("ready", "leased")))).first() is not None


def asked_of(session: Session, shop_id: UUID) -> list[tuple[OrderRow, datetime]]:
    """Orders whose erasure waits, with when it was asked for, oldest first."""
    query = select(OutboxRow.key, OutboxRow.created_at).where(
        OutboxRow.topic == "erasure",
        OutboxRow.shop_id == shop_id,
        col(OutboxRow.state).in_(("ready", "leased")),
    )
    asked = {UUID(key): at for key, at in session.exec(query.order_by(col(OutboxRow.id)))}
    rows = session.exec(select(OrderRow).where(col(OrderRow.id).in_(asked)))
    return sorted(((row, asked[row.id]) for row in rows), key=lambda pair: pair[1])


def past_retention(session: Session, shop_id: UUID, *, before: datetime, limit: int) -> list[UUID]:
    """Orders that are past their time, oldest first, without those whose erasure waits already."""
    asked = [row.id for row, _ in asked_of(session, shop_id)]
    query = select(OrderRow.id).where(*_past(shop_id, before), col(OrderRow.id).not_in(asked))
    return list(session.exec(query.order_by(col(OrderRow.placed_at), col(OrderRow.id)).limit(limit)))


def is_past_retention(session: Session, shop_id: UUID, order_id: UUID, *, before: datetime) -> bool:
    """Whether an order is past its time, too."""
    query = select(OrderRow.id).where(*_past(shop_id, before), OrderRow.id == order_id)
    return session.exec(query).first() is not None


def _past(shop_id: UUID, before: datetime) -> tuple[Any, ...]:
    """Of a person, placed before then, with returns that all ended before then, and without store credit to spend."""
    recent = or_(col(ReturnCase.closed_at).is_(None), col(ReturnCase.closed_at) >= before)
    needed = select(ReturnCase.id).where(ReturnCase.order_id == OrderRow.id, recent)
    credit = (
        select(StoreCredit.id)
        .join(Refund, col(Refund.id) == StoreCredit.refund_id)
        .join(ReturnCase, col(ReturnCase.id) == Refund.case_id)
        .where(ReturnCase.order_id == OrderRow.id, StoreCredit.balance > 0)
    )
    old = (OrderRow.shop_id == shop_id, OrderRow.email != "", OrderRow.placed_at < before)
    return *old, ~needed.exists(), ~credit.exists()


def counts(session: Session, shop_id: UUID) -> tuple[int, int]:
    """Orders that still name a person, and orders that no longer do."""
    known = func.count().filter(col(OrderRow.email) != "")
    row = session.exec(select(known, func.count()).where(OrderRow.shop_id == shop_id)).one()
    return row[0], row[1] - row[0]


def cases_of(session: Session, order_id: UUID) -> list[ReturnCase]:
    """All cases of an order, oldest first."""
    query = select(ReturnCase).where(ReturnCase.order_id == order_id)
    return list(session.exec(query.order_by(col(ReturnCase.id))))


def photos_of(session: Session, row: OrderRow, files: list[CaseFile]) -> list[Photo]:
    """Photos that the customer gave on these cases, with a request, a message or an objection."""
    ids, of = [photo for case in files for line in case.lines for photo in line.photos], [c.id for c in files]
    for said in (ConversationMessage, Objection):
        for listed in session.exec(select(said.photos).where(col(said.case_id).in_(of))):
            ids += listed
    attached = session.exec(select(Photo).where(col(Photo.case_id).in_(of)))
    found = {**photos.find(session, row.shop_id, ids), **{str(photo.id): photo for photo in attached}}
    return [photo for photo in found.values() if photo.actor.get("kind") in ("customer", "storefront")]


def blank_order(session: Session, row: OrderRow) -> None:
    """The order and every snapshot of it."""
    row.email, row.customer_id, row.frozen = "", None, without_person(row.frozen)
    session.add(row)
    for snapshot in session.exec(select(OrderSnapshot).where(OrderSnapshot.order_id == row.id)):
        snapshot.body = without_person(snapshot.body)
        session.add(snapshot)


def blank_case(case: CaseFile) -> None:
    """The case, its lines, the conversation, the mails, the credit; then its history, sealed anew."""
    row = case.row
    lines = [{**line, "comment": ""} for line in row.request.get("lines", [])]
    row.email, row.customer_name, row.customer_id = "", "", None
    row.request = {**row.request, "comment": "", "lines": lines}
    for line in case.lines:
        line.comment = ""
    case.session.add_all([row, *case.lines])
    _blank(case, ConversationMessage, body="", photos=[])
    _blank(case, Objection, text="", wish="", answer="", photos=[])
    _blank(case, Rating, comment="")
    for notice in notices.told(case.session, case.id):
        notice.address = notice.subject = notice.body_text = notice.body_html = ""
        case.session.add(notice)
    issued = select(StoreCredit).where(col(StoreCredit.refund_id).in_([r.id for r in case.refunds]))
    for credit in case.session.exec(issued):
        credit.email = ""
        case.session.add(credit)
    _seal(case)


def _blank(case: CaseFile, table: type[ConversationMessage | Objection | Rating], **blanks: Any) -> None:
    rows: list[Row] = list(case.session.exec(select(table).where(table.case_id == case.id)))
    for row in rows:
        for name, blank in blanks.items():
            setattr(row, name, blank)
        if isinstance(row, ConversationMessage) and row.author.get("kind") in ("customer", "storefront"):
            row.author = {**row.author, "name": ""}
    case.session.add_all(rows)


def _seal(case: CaseFile) -> None:
    """Every fact stays, without names and words; the chain of digests is made anew over what is left."""
    head = ""
    for fact in events.of_case(case.session, case.id, limit=None):
        fact.actor, fact.data = without_words(fact.actor, fact.data)
        fact.digest = head = outbox.digest(fact, head)
        case.session.add(fact)
    case.row.head = head
