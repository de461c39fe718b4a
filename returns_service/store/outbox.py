"""Facts and the work that follows from them, written in the transaction of the change."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.domain.policy import channels
from returns_service.store.appending import append
from returns_service.store.cases import CaseFile
from returns_service.store.json import canonical
from returns_service.store.tables import EventRow, OutboxRow
from returns_service.store.tables.base import new_id


def record(case: CaseFile, type_: EventType, *, actor: Actor, now: datetime, **data: Any) -> EventRow:
    """Append one fact to a case's history. Raises the case's version, and leaves one piece of work, once a transaction.

    All facts of a transaction bear the same version: that is how the work knows them. Where the shop listens to no
    webhook and the policy tells nobody of any of them, there is no work.
    """
    touch(case, now)
    row = case.row
    row.seq += 1
    fact = EventRow(
        id=new_id(),
        shop_id=row.shop_id,
        case_id=row.id,
        seq=row.seq,
        type=type_.value,
        at=now,
        actor=actor.body(),
        version=row.version,
        data=data,
        digest="",
    )
    fact.digest = row.head = digest(fact, row.head)
    append(case.session, fact)
    if case.work is None and (case.shop.listens or channels(case.policy, type_.value)):
        case.work = add(
            case.session,
            "event",
            str(row.id),
            shop_id=row.shop_id,
            now=now,
            version=row.version,
            listens=case.shop.listens,
        )
    return fact


def touch(case: CaseFile, now: datetime) -> None:
    """A visible change: the version rises, once in a transaction."""
    if not case.touched:
        case.row.version += 1
        case.touched = True
    case.row.updated_at = now


def add(session: Session, topic: str, key: str, *, shop_id: UUID, now: datetime, **payload: Any) -> OutboxRow:
    """Work for after the commit."""
    row = OutboxRow(
        topic=topic, key=key, shop_id=shop_id, payload=payload, next_attempt_at=now, created_at=now
    )
    append(session, row)
    session.info["rang"] = True
    return row


def digest(fact: EventRow, before: str) -> str:
    """The link of the chain: what the fact says and the link before it."""
    at = fact.at.astimezone(UTC).isoformat()
    said = [str(fact.case_id), fact.seq, fact.type, at, fact.actor, fact.version, fact.data, before]
    return hashlib.sha256(canonical(said)).hexdigest()
