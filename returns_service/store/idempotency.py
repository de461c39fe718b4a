"""The answers that were given under an idempotency key."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from returns_service.store.appending import Last, end_with
from returns_service.store.db import changed
from returns_service.store.tables import IdempotencyKey

_KEY = ["shop_id", "key"]


class Repeated(Exception):
    """The key already has an answer; what this transaction did must not happen."""


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
    return changed(session, *_written(session, answer, kept_since)) == 1


def remember_at_last(session: Session, answer: dict[str, Any], *, kept_since: datetime) -> None:
    """The same in the last statement of the transaction, which fails with Repeated when the key is taken."""
    end_with(session, Last(*_written(session, answer, kept_since), otherwise=Repeated))


def _written(session: Session, answer: dict[str, Any], kept_since: datetime) -> tuple[Any, dict[str, Any]]:
    values = {_given(name): value for name, value in answer.items()}
    return _remember(session.get_bind().dialect.name), {**values, "kept_since": kept_since}


def _given(name: str) -> str:
    return f"given_{name}"


def recall(session: Session, shop_id: UUID, key: str) -> IdempotencyKey | None:
    query = select(IdempotencyKey).where(IdempotencyKey.shop_id == shop_id, IdempotencyKey.key == key)
    return session.exec(query).one_or_none()


def forget(session: Session, before: datetime) -> int:
    """Delete what is older; gives the number."""
    statement = delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < before)
    return changed(session, statement)
