"""Fields that accept exactly what the contract allows: strict counts, decimal strings, instants, bounded text."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from marshmallow import fields

from returns_service.api.schemas.base import Checked, CodedField, wrong

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_AMOUNT = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$"
_SIGNED = r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$"
_CODE = r"^[a-z][a-z0-9_]{0,63}$"
_EMAIL = r"^[^@\s\x00-\x1f\x7f<>,;:\"()\[\]]{1,64}@[^@\s\x00-\x1f\x7f<>,;:\"()\[\]]{1,189}$"
_NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"
_NO_NUL = r"^[^\x00]*$"
SAFE_INTEGER = 2**53 - 1


class Text(Checked, fields.String):
    """Bounded text without NUL characters or broken surrogates."""

    pattern = _NO_NUL
    broken = ("text", "This text contains a character that cannot be stored (NUL).")

    def __init__(self, longest: int = 1000, *, shortest: int = 0, **kwargs: Any) -> None:
        self.longest, self.shortest = longest, shortest
        metadata = {
            "pattern": self.pattern,
            "maxLength": longest,
            **kwargs.pop("metadata", {}),
        }
        if shortest:
            metadata["minLength"] = shortest
        super().__init__(metadata=metadata, **kwargs)
        self._matches = re.compile(self.pattern).fullmatch

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise wrong("type", "This must be a text in quotes.")
        if len(value) > self.longest:
            raise wrong("too_long", f"This is longer than {self.longest} characters.")
        if len(value) < self.shortest or (self.shortest and not value.strip()):
            raise wrong("too_short", "This must not be empty.")
        if not self._matches(value.replace("\n", " ") if self.pattern == _NO_NUL else value):
            raise wrong(*self.broken)
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise wrong("text", "This text contains half of a surrogate pair.")
        return value


class Line(Text):
    """One line of text, such as an id, a SKU or a name of a carrier."""

    pattern = _NO_CONTROL
    broken = ("text", "This must be one line without control characters.")

    def __init__(self, longest: int = 100, **kwargs: Any) -> None:
        super().__init__(longest, **kwargs)


class Id(Line):
    """An identifier given by the other side: not empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(100, shortest=1, **kwargs)


class Code(Line):
    """A word of the policy's vocabulary, such as a reason: lower case with underscores."""

    pattern = _CODE
    broken = ("code", "This must be a code in lower case, such as changed_mind.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(64, **kwargs)


class Email(Line):
    """An address with one @; whether it works is for the mail server to say."""

    pattern = _EMAIL
    broken = ("email", "This is not an e-mail address, such as ana@example.com.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(254, **kwargs)


class Amount(Line):
    """A decimal string, never a number; the currency decides how many decimals it may have."""

    pattern = _AMOUNT
    broken = (
        "amount",
        'Write amounts as decimal strings such as "19.90": no comma, no sign, no exponent.',
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(18, **kwargs)

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise wrong(
                "amount",
                'Amounts are decimal strings in quotes such as "19.90", never numbers.',
            )
        return super().check(value)


class SignedAmount(Amount):
    """An amount of an answer: reductions are negative."""

    pattern = _SIGNED


class Count(Checked, fields.Integer):
    """A whole number in bounds; 1.0 is one, "1" and true are not."""

    def __init__(self, least: int = 0, most: int = 10_000, **kwargs: Any) -> None:
        self.least, self.most = least, most
        metadata = {"minimum": least, "maximum": most, **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def check(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
            raise wrong("integer", "This must be a whole number.")
        if not self.least <= value <= self.most:
            raise wrong(self._name(), f"This must be between {self.least} and {self.most}.")
        return int(value)

    def _name(self) -> str:
        return "quantity" if self.name == "quantity" else "out_of_range"


class Flag(Checked, fields.Boolean):
    """true or false, nothing that looks like it."""

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise wrong("type", "This must be true or false.")
        return value


class Instant(Checked, fields.DateTime):
    """An RFC 3339 instant with its offset; kept in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"example": "2026-10-05T14:20:00Z", **kwargs.pop("metadata", {})}
        super().__init__(format="iso", metadata=metadata, **kwargs)

    def check(self, value: Any) -> datetime:
        found = instant(value)
        if found is None:
            raise wrong(
                "instant",
                "Write instants by RFC 3339 with an offset, such as 2026-10-05T14:20:00Z.",
            )
        return found


def instant(value: object) -> datetime | None:
    """The instant an RFC 3339 text names, in UTC; None when it names none between 1970 and 2200."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper()))
        return found.astimezone(UTC) if 1970 <= found.year <= 2200 else None
    except (ValueError, OverflowError):
        return None


class Country(Line):
    """An ISO 3166-1 alpha-2 code of a country."""

    pattern = r"^[A-Z]{2}$"
    broken = (
        "country",
        "This must be an ISO 3166 country code of two capital letters, such as DE.",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, **kwargs)

    def check(self, value: Any) -> str:
        code = super().check(value)
        if code not in countries():
            raise wrong("country", f"{code} is not an ISO 3166 country code.")
        return code


@cache
def countries() -> frozenset[str]:
    """ISO 3166 codes of the time zone database, and the one that is in use for Kosovo."""
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    return frozenset(row.split("\t")[0] for row in table.splitlines() if row and row[0] != "#") | {"XK"}


class WebAddress(Line):
    """An http or https address that a page may show."""

    pattern = r"^https?://[^\s\x00-\x1f\x7f\"<>]+$"
    broken = ("url", "This must be an http or https address.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2000, **kwargs)


class OneOf(Checked, fields.String):
    """A word of a closed list."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        self.words = words
        allowed = [*words, None] if kwargs.get("allow_none") else [*words]
        super().__init__(metadata={"enum": allowed, **kwargs.pop("metadata", {})}, **kwargs)

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise wrong("not_allowed", f"This must be one of {', '.join(self.words)}.")
        return value


class ListOf(CodedField, fields.List[Any]):
    """A list of bounded length."""

    def __init__(
        self,
        inner: fields.Field[Any],
        most: int = 100,
        *,
        least: int = 0,
        **kwargs: Any,
    ) -> None:
        self.most, self.least = most, least
        metadata = {"maxItems": most, **kwargs.pop("metadata", {})}
        if least:
            metadata["minItems"] = least
        super().__init__(inner, metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise wrong("type", "This must be a list.")
        if len(value) > self.most:
            raise wrong("too_many", f"This has more than {self.most} entries.")
        if len(value) < self.least:
            raise wrong("too_few", "This must have at least one entry.")
        return super()._deserialize(value, *args, **kwargs)


class Part(CodedField, fields.Nested):
    """An object inside the body."""


class Attributes(Checked, fields.Dict):
    """What only this shop knows: names to texts, numbers, flags, or short lists of them."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {
            "maxProperties": 50,
            "additionalProperties": _ATTRIBUTE,
            "x-propertyNames": {"maxLength": 100, "pattern": _NO_CONTROL},
        }
        super().__init__(metadata={**metadata, **kwargs.pop("metadata", {})}, **kwargs)

    def check(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise wrong("type", "This must be an object.")
        if len(value) > 50:
            raise wrong("too_many", "At most 50 attributes are kept.")
        name, longer = Line(100), Text(1000)
        for key, content in value.items():
            name.deserialize(key)
            if isinstance(content, list) and len(content) > 50:
                raise wrong("too_many", f"{key} has more than 50 entries.")
            for one in content if isinstance(content, list) else [content]:
                longer.deserialize(one) if isinstance(one, str) else _scalar(key, one)
        return dict(value)


_SCALARS = [
    {"type": "string", "maxLength": 1000, "pattern": _NO_NUL},
    {"type": "number", "minimum": -SAFE_INTEGER, "maximum": SAFE_INTEGER},
    {"type": "boolean"},
    {"type": "null"},
]
_ATTRIBUTE = {
    "anyOf": [
        *_SCALARS,
        {"type": "array", "maxItems": 50, "items": {"anyOf": _SCALARS}},
    ]
}


def _scalar(key: str, value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if not isinstance(value, (int, float)):
        raise wrong("type", f"{key} must be a text, a number, a flag, or a list of them.")
    if not math.isfinite(value) or abs(value) > SAFE_INTEGER:
        raise wrong("out_of_range", f"{key} is too large a number; send it as text.")
