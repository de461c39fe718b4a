"""Closed schemas whose refusals carry a stable code, and the way from them to JSON pointers."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, Self

from marshmallow import RAISE, Schema, ValidationError, fields

from returns_service.domain.errors import Fault, InvalidMany

_CODES = {
    "null": "null_not_allowed",
    "unknown": "unknown_field",
    "invalid_utf8": "text",
}


class Coded(str):
    """A sentence for people with the stable code that programs look at."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> Self:
        made = super().__new__(cls, text)
        made.code = code
        return made


def wrong(code: str, text: str) -> ValidationError:
    """A refusal of one value."""
    return ValidationError([Coded(text, code)])


class CodedField(fields.Field[Any]):
    """Mixin: the key of a built-in message becomes its code."""

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        error = super().make_error(key, **kwargs)
        return ValidationError([Coded(str(text), _CODES.get(key, key)) for text in error.messages])


class Checked(CodedField):
    """Mixin: one method decides what a value is, in place of marshmallow's lenient ones."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        return self.check(value)

    @abstractmethod
    def check(self, value: Any) -> Any:
        """The value that is meant. Raises ValidationError, made by `wrong`."""


class Body(Schema):
    """A JSON object that knows its members: any other is refused."""

    class Meta:
        unknown = RAISE

    error_messages = {  # noqa: RUF012 - the base class declares it so
        "unknown": Coded("This field is not known here.", "unknown_field"),
        "type": Coded("This must be an object.", "type"),
    }


def load(schema: Schema, data: object) -> dict[str, Any]:
    """The checked content of a body. Raises InvalidMany with a JSON pointer for every fault."""
    try:
        loaded: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]
    except ValidationError as error:
        raise InvalidMany(list(faults(error.messages))) from None
    return loaded


def faults(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Flatten marshmallow's nested messages to places with code and sentence."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from faults(inner, pointer if key == "_schema" else f"{pointer}/{_escape(key)}")
    elif isinstance(messages, (list, tuple)):
        for inner in messages:
            yield from faults(inner, pointer)
    else:
        yield Fault(pointer, getattr(messages, "code", "invalid"), str(messages))


def _escape(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
