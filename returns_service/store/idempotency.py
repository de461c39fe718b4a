"""The answers that were given under an idempotency key."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from returns_service.store.db import changed, concluded
from returns_service.store.tables import IdempotencyKey

_KEY = ["shop_id", "key"]


@cache
def _remember(dialect: str) -> Any:
    """Built once: every request with a key ends in it."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(IdempotencyKey)
    columns = {name: insert.excluded[name] for name in IdempotencyKey.model_fields}
    past = col(IdempotencyKey.created_at) < bindparam("kept_since")
    given = {name: bindparam(_given(name), type_=insert.table.c[name].type) for name in columns}
    return insert.values(given).on_conflict_do_update(index_elements=_KEY, set_=columns, where=past)


def remember(session: Session, answer: dict[str, Any], *, kept_since: datetime) -> bool:
    """Write the answer in the effect's own transaction. False when the key is taken; waits for one that is being written.

    An answer from before `kept_since` no longer counts and is replaced.
    """
    statement = _remember(session.get_bind().dialect.name)
    values = {_given(name): value for name, value in answer.items()}
    return concluded(session, statement, {**values, "kept_since": kept_since}) == 1


def _given(name: str) -> str:
    return f"given_{name}"


def recall(session: Session, shop_id: UUID, key: str) -> IdempotencyKey | None:
    query = select(IdempotencyKey).where(IdempotencyKey.shop_id == shop_id, IdempotencyKey.key == key)
    return session.exec(query).one_or_none()


def forget(session: Session, before: datetime) -> int:
    """Delete what is older; gives the number."""
    statement = delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < before)
    return changed(session, statement)
