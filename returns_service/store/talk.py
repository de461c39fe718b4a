"""Queries of what people say on a case."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.domain.actor import Actor
from returns_service.domain.errors import NotFound
from returns_service.domain.events import EventType
from returns_service.store.cases import CaseFile
from returns_service.store.tables import ConversationMessage, EventRow, Objection, Rating, ReturnCase


def say(
    case: CaseFile,
    body: str,
    *,
    actor: Actor,
    now: datetime,
    photos: Sequence[str] = (),
    internal: bool = False,
) -> ConversationMessage:
    """Add a message to the conversation; internal notes do not count for the customer."""
    row = ConversationMessage(
        case_id=case.id, author=actor.body(), body=body, photos=list(photos), internal=internal, at=now
    )
    case.session.add(row)
    if not internal:
        case.row.messages += 1
        case.row.unanswered = actor.kind == "customer"
    return row


def of_case(session: Session, case_id: UUID, *, internal: bool) -> list[ConversationMessage]:
    """The conversation, oldest first; internal notes only where asked for."""
    query = select(ConversationMessage).where(ConversationMessage.case_id == case_id)
    if not internal:
        query = query.where(col(ConversationMessage.internal).is_(False))
    return list(session.exec(query.order_by(col(ConversationMessage.id))))


def objections(session: Session, case_id: UUID) -> list[Objection]:
    """Oldest first."""
    return list(
        session.exec(select(Objection).where(Objection.case_id == case_id).order_by(col(Objection.id)))
    )


def open_objection(session: Session, case_id: UUID) -> Objection | None:
    return next((row for row in objections(session, case_id) if row.state == "open"), None)


def objection(session: Session, case_id: UUID, objection_id: UUID) -> Objection:
    """Raises NotFound."""
    found = next((row for row in objections(session, case_id) if row.id == objection_id), None)
    if found is None:
        raise NotFound("objection")
    return found


def ratings(session: Session, case_id: UUID) -> list[Rating]:
    """Oldest first."""
    return list(session.exec(select(Rating).where(Rating.case_id == case_id).order_by(col(Rating.id))))


def unrated(session: Session, *, closed_from: datetime, closed_until: datetime) -> list[tuple[UUID, UUID]]:
    """Case and shop of those that ended well in a time; how content people are was neither said nor asked."""
    rated = select(Rating.id).where(Rating.case_id == ReturnCase.id, Rating.kind == "csat")
    invited = select(EventRow.id).where(
        EventRow.case_id == ReturnCase.id, EventRow.type == EventType.RATING_INVITED.value
    )
    query = select(ReturnCase.id, ReturnCase.shop_id).where(
        col(ReturnCase.state).in_(("refunded", "replaced")),
        col(ReturnCase.closed_at).between(closed_from, closed_until),
        ReturnCase.email != "",
        ~rated.exists(),
        ~invited.exists(),
    )
    return list(session.exec(query.order_by(col(ReturnCase.id))).all())
