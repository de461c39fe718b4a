"""Column types that every table shares."""

from collections.abc import Callable
from inspect import Signature
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

# Constraints have names, so that a later migration can find them on SQLite too.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")


def new_id() -> UUID:
    """A UUIDv7: sortable by time, not guessable."""
    return uuid7()


def _made(factory: Callable[[], Any]) -> Any:
    """A default that is made anew for each row. pydantic asks for the signature each time: it is told at once."""

    def make() -> Any:
        return factory()

    make.__signature__ = Signature()  # type: ignore[attr-defined]
    return make


def key() -> Any:
    return Field(default_factory=_made(new_id), primary_key=True)


def json_dict() -> Any:
    return Field(default_factory=_made(dict), sa_type=Json)


def json_list() -> Any:
    return Field(default_factory=_made(list), sa_type=Json)


def minor(default: int = 0) -> Any:
    """Minor units."""
    return Field(default=default, sa_type=BigInteger)
