"""Keep the answer to a request in the transaction of its effect, and give it again to whoever repeats the request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.store import idempotency

KEPT = timedelta(days=30)
Repeated = idempotency.Repeated


@dataclass(frozen=True)
class GivenAnswer:
    """What was asked under a key, and what was answered."""

    shop_id: UUID
    key: str
    route: str
    fingerprint: str
    status: int
    headers: Mapping[str, str]
    body: str


def remember_answer(session: Session, given: GivenAnswer, *, now: datetime) -> bool:
    """False when this key already has an answer: the transaction must be rolled back."""
    return idempotency.remember(session, {**vars(given), "created_at": now}, kept_since=now - KEPT)


def remember_at_last(session: Session, given: GivenAnswer, *, now: datetime) -> None:
    """The same at the end of the transaction, which fails with Repeated when the key has an answer."""
    idempotency.remember_at_last(session, {**vars(given), "created_at": now}, kept_since=now - KEPT)


def recall_answer(session: Session, shop_id: UUID, key: str, *, now: datetime) -> GivenAnswer | None:
    """The answer that was given under this key within the last 30 days."""
    row = idempotency.recall(session, shop_id, key)
    if row is None or row.created_at < now - KEPT:
        return None
    return GivenAnswer(**row.model_dump(exclude={"created_at"}))


def forget_answers(session: Session, *, now: datetime) -> int:
    """Delete answers past their time; gives the number."""
    return idempotency.forget(session, now - KEPT)
