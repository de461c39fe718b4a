"""The pieces that answers are described with. Views write plain dicts; these are never run over them."""

from marshmallow import INCLUDE, Schema, fields

from returns_service.api.schemas.fields import Instant, Part


class Shape(Schema):
    """An object of an answer: members may be added within /v1, so readers must accept more."""

    class Meta:
        unknown = INCLUDE


def words(**kwargs: object) -> fields.String:
    return fields.String(required=True, **kwargs)  # type: ignore[arg-type]


def maybe_words() -> fields.String:
    return fields.String(required=True, allow_none=True)


def instant() -> Instant:
    return Instant(required=True)


def maybe_instant() -> Instant:
    return Instant(required=True, allow_none=True)


def count() -> fields.Integer:
    return fields.Integer(required=True)


def flag() -> fields.Boolean:
    return fields.Boolean(required=True)


def list_of(inner: type[Schema] | fields.Field) -> fields.List:  # type: ignore[type-arg]
    return fields.List(fields.Nested(inner) if isinstance(inner, type) else inner, required=True)


def part(inner: type[Schema], *, maybe: bool = False) -> Part:
    return Part(inner, required=True, allow_none=maybe)


def open_object() -> fields.Dict:
    return fields.Dict(required=True)
