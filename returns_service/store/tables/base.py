"""Column types that every table shares."""

from collections.abc import Callable
from functools import cache
from inspect import Signature
from typing import TYPE_CHECKING, Any
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


class Row(SQLModel):
    """A row of any table. SQLAlchemy alone keeps its values: SQLModel would keep each twice, and ask pydantic for every
    default and every assignment, though it validates neither; that was a tenth of the CPU of a request.
    """

    if not TYPE_CHECKING:

        def __init__(self, **values: Any) -> None:
            kept = self.__dict__
            for name, default, make in _defaults(type(self)):
                kept[name] = make() if make else default
            kept.update(values)

        __setattr__ = object.__setattr__


@cache
def _defaults(table: type[Row]) -> tuple[tuple[str, Any, Any], ...]:
    """Each column that need not be given: its value, or what makes one."""
    fields = table.model_fields.items()
    return tuple((name, one.default, one.default_factory) for name, one in fields if not one.is_required())
