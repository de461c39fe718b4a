"""Identifiers in paths: anything that cannot be one is simply not found, after the key was looked at."""

from uuid import UUID

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter

from returns_service.domain.errors import NotFound


class RawId(str):
    """An id of ours as it was sent."""

    __slots__ = ()


class IdConverter(BaseConverter):
    """Ids of ours: UUIDs."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> RawId:
        return RawId(value)


class ReferenceConverter(BaseConverter):
    """Ids of the shop's own."""

    regex = r"[^/\x00-\x1f\x7f]{1,100}"


class ShortInteger(IntegerConverter):
    """Numbers that can be one of ours; Python refuses to read very long ones."""

    regex = r"\d{1,9}"


def install(app: Flask) -> None:
    app.url_map.converters |= {"id": IdConverter, "ref": ReferenceConverter, "int": ShortInteger}


def resolved(path: dict[str, str]) -> dict[str, UUID | str]:
    """The path's ids as UUIDs. Raises NotFound for one that is none, with the words for one that is unknown."""
    return {name: _uuid(name, value) if isinstance(value, RawId) else value for name, value in path.items()}


def _uuid(name: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(name.removesuffix("_id")) from None
