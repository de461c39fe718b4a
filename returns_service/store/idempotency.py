"""The answers that were given under an idempotency key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from returns_service.store.db import changed
from returns_service.store.tables import IdempotencyKey


def remember(session: Session, row: IdempotencyKey, *, kept_since: datetime) -> bool:
    """Write the answer in the effect's own transaction. False when the key is taken; waits for one that is being written.

    An answer from before `kept_since` no longer counts and is replaced.
    """
    session.flush()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = row.model_dump()
    statement = insert(IdempotencyKey).values(**values)
    statement = statement.on_conflict_do_update(
        index_elements=["shop_id", "key"], set_=values, where=col(IdempotencyKey.created_at) < kept_since
    )
    return changed(session, statement) == 1


def recall(session: Session, shop_id: UUID, key: str) -> IdempotencyKey | None:
    query = select(IdempotencyKey).where(IdempotencyKey.shop_id == shop_id, IdempotencyKey.key == key)
    return session.exec(query).one_or_none()


def forget(session: Session, before: datetime) -> int:
    """Delete what is older; gives the number."""
    statement = delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < before)
    return changed(session, statement)
