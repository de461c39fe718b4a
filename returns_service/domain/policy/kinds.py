"""Kinds of field: how each is read from a file, and its JSON Schema for editors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from returns_service.domain.policy import literals, names
from returns_service.domain.policy.model import Pause, WindowSpec
from returns_service.domain.policy.problems import Gathering, nearest
from returns_service.domain.policy.source import Listing, Node, Scalar, Table
from returns_service.domain.windows import Length

IDENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_MOST = {"hours": 24 * 366 * 10, "days": 366 * 100, "months": 1200, "years": 100}
_BUSINESS = ("business_hours", "business_days")


@dataclass
class Reading:
    """What is known while the files of one policy are read."""

    languages: tuple[str, ...] = ("en",)
    currencies: tuple[str, ...] = ()
    sets: dict[str, frozenset[str]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One key of a rule or declaration."""

    name: str
    kind: str
    doc: str
    required: bool = False
    default: Any = None
    values: str | tuple[str, ...] = ()
    """The words allowed: given here, or the name of a declared set."""

    def known(self, reading: Reading) -> frozenset[str]:
        return reading.sets[self.values] if isinstance(self.values, str) else frozenset(self.values)


Read = Callable[[Node, Field, Reading], Any]


def read(node: Node, spec: Field, reading: Reading) -> Any:
    """The value of a field. Raises Wrong."""
    return READERS[spec.kind](node, spec, reading)


def fields(
    table: Table, specs: tuple[Field, ...], reading: Reading, skip: tuple[str, ...] = ()
) -> dict[str, Any]:
    """All fields of a table. Raises Wrong with every unknown key, every missing one and every value not understood."""
    known = [spec.name for spec in specs]
    unknown = [name for name in table.keys if name not in known and name not in skip]
    part = Gathering(
        table.keys[name]
        .wrong("unknown_key", f"There is no key {name!r} here.{_meant(name, table, [*known, *skip])}")
        .problem
        for name in unknown
    )
    found = {spec.name: part.take(None, _one, table, spec, reading, unknown) for spec in specs}
    part.stop()
    return found


def _one(table: Table, spec: Field, reading: Reading, unknown: list[str]) -> Any:
    node = table.entries.get(spec.name)
    if node is not None and not (isinstance(node, Scalar) and node.null):
        return read(node, spec, reading)
    if spec.required and not get_close_matches(spec.name, unknown, 1):  # the misspelt one is told already
        raise table.wrong("missing_key", f"The key {spec.name!r} is missing.")
    return spec.default


def _meant(name: str, table: Table, known: list[str]) -> str:
    """The nearest key; for what cannot be one, that it looks like the end of a text that a comma has cut."""
    value = table.entries[name]
    near = nearest(name, known)
    if isinstance(value, Scalar) and value.null:
        likely = near if "Did you mean" in near else ""
        return f'{likely} Inside {{...}} a text with a comma must stand in quotes, and an amount has a point: "4.90".'
    return near


def a_table(node: Node) -> Table:
    if not isinstance(node, Table):
        raise node.wrong("table", "This must be a table of keys and values.")
    return node


def a_list(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Listing):
        raise node.wrong("list", "This must be a list (lines that begin with a dash).")
    return node.items


def a_text(node: Node) -> str:
    if not isinstance(node, Scalar) or not node.text.strip():
        raise node.wrong("value", "This must be a text.")
    return node.text


def ident(node: Node, *_: Any) -> str:
    text = a_text(node)
    if not IDENT.fullmatch(text):
        raise node.wrong("id", f"{text!r} is no id: use lower case letters, digits, - and _.")
    return text


def word(node: Node, *_: Any) -> str:
    """An id that may have capitals, such as a grade."""
    text = a_text(node)
    if not IDENT.fullmatch(text.lower()):
        raise node.wrong("id", f"{text!r} is no id: use letters, digits, - and _, no blanks.")
    return text


def _choice(node: Node, spec: Field, reading: Reading) -> str:
    text, known = a_text(node), spec.known(reading)
    if text not in known:
        raise node.wrong("unknown_value", f"{text!r} is not known here.{nearest(text, known)}")
    return text


def _choices(node: Node, spec: Field, reading: Reading) -> tuple[str, ...]:
    items = node.items if isinstance(node, Listing) else (node,)
    return tuple(_choice(item, spec, reading) for item in items)


def _percent(node: Node, *_: Any) -> Decimal:
    value = literals.number(node)
    if not 0 <= value <= 1000:
        raise node.wrong("value", "A percentage lies between 0 and 1000.")
    return value


def _percents(node: Node, spec: Field, reading: Reading) -> Mapping[str, Decimal]:
    """A percentage, or a table of percentages by grade; the key "" stands for every grade."""
    if not isinstance(node, Table):
        return {"": _percent(node)}
    known = spec.known(reading)
    for name, key in node.keys.items():
        if name not in known:
            raise key.wrong("unknown_value", f"{name!r} is no grade.{nearest(name, known)}")
    missing = known - node.entries.keys()
    if missing:
        raise node.wrong("missing_key", f"The percentage is missing for {', '.join(sorted(missing))}.")
    return {name: _percent(inner) for name, inner in node.entries.items()}


def _positive(node: Node, *_: Any) -> int:
    value = literals.integer(node)
    if not 0 <= value <= 100_000:
        raise node.wrong("value", "This must be a whole number from 0 to 100000.")
    return value


def _length(node: Node, *_: Any) -> Length:
    """{days: 14}; exactly one unit."""
    table = a_table(node)
    found = [(unit, inner) for unit, inner in table.entries.items()]
    if len(found) != 1 or found[0][0] not in (*names.UNITS, *_BUSINESS):
        raise node.wrong(
            "length", f"A length has one unit: {{days: 14}}. Units: {', '.join((*names.UNITS, *_BUSINESS))}."
        )
    unit, inner = found[0]
    count = literals.integer(inner)
    if not 0 <= count <= _MOST.get(unit, 10_000):
        raise inner.wrong("length", f"{count} {unit} is out of range (0 to {_MOST.get(unit, 10_000)}).")
    return Length(count, unit)


_WINDOW_KEYS = ("until", "from", "first_day", "roll", "zone", "fallback", "before_delivery", "pause")


def _window(node: Node, *_: Any) -> WindowSpec:
    if isinstance(node, Scalar) and node.text in ("none", "unlimited"):
        return WindowSpec(kind=node.text)
    if not isinstance(node, Table):
        raise node.wrong(
            "window", "A window is none, unlimited, or a table such as {days: 30, from: delivered}."
        )
    for name, key in node.keys.items():
        if name not in _WINDOW_KEYS and name not in names.UNITS:
            raise key.wrong(
                "unknown_key", f"A window has no key {name!r}.{nearest(name, (*_WINDOW_KEYS, *names.UNITS))}"
            )
    units = [unit for unit in names.UNITS if unit in node.entries]
    if len(units) + ("until" in node.entries) != 1:
        raise node.wrong("window", "A window has one length: hours, days, months, years or until a date.")
    return _window_of(node, units)


def _window_of(node: Table, units: Sequence[str]) -> WindowSpec:
    get = node.entries.get
    length = (
        _length(Table(node.file, node.line, {units[0]: node.entries[units[0]]}, node.keys)) if units else None
    )
    return WindowSpec(
        kind="length" if units else "until",
        length=length,
        until=literals.a_date(node.entries["until"]) if not units else None,
        basis=_word(get("from"), names.BASES, "delivered"),
        day_after=_word(get("first_day"), ("day_of", "day_after"), "day_after") == "day_after",
        roll=frozenset(_words(get("roll"), ("weekend", "holiday"))),
        zone=_zone(get("zone")),
        before_delivery=literals.boolean(node.entries["before_delivery"])
        if "before_delivery" in node.entries
        else False,
        pause=_pause(get("pause")),
        **_fallback(get("fallback")),
    )


def _fallback(node: Node | None) -> dict[str, Any]:
    if node is None:
        return {}
    table = a_table(node)
    specs = (
        Field("from", "choice", "", True, values=("placed", "shipped", "promised")),
        Field("plus", "length", "", default=Length(0, "days")),
    )
    found = fields(table, specs, Reading())
    if found["plus"].unit in _BUSINESS:
        raise node.wrong("length", "A fallback adds hours, days, months or years.")
    return {"fallback": found["from"], "fallback_plus": found["plus"]}


def _pause(node: Node | None) -> Pause | None:
    if node is None:
        return None
    specs = (Field("for", "choice", "", True, values=("repair",)), Field("at_least", "length", ""))
    return Pause(fields(a_table(node), specs, Reading())["at_least"])


def _word(node: Node | None, known: tuple[str, ...], default: str) -> str:
    return default if node is None else _choice(node, Field("", "choice", "", values=known), Reading())


def _words(node: Node | None, known: tuple[str, ...]) -> tuple[str, ...]:
    return () if node is None else _choices(node, Field("", "choices", "", values=known), Reading())


def _zone(node: Node | None) -> str | None:
    return None if node is None else zone(node)


@cache
def _zones() -> frozenset[str]:
    """Reading the system's whole list takes long."""
    return frozenset(available_timezones())


def zone(node: Node, *_: Any) -> str:
    name = a_text(node)
    if name not in _zones():
        raise node.wrong("time_zone", f"{name!r} is no time zone.{nearest(name, _zones())}")
    ZoneInfo(name)
    return name


def say(node: Node, _: Field, reading: Reading) -> Mapping[str, str]:
    """A sentence in every language of the policy; one language may be written as plain text."""
    if isinstance(node, Scalar) and len(reading.languages) == 1:
        return {reading.languages[0]: _sentence(node, reading.languages[0])}
    if isinstance(node, Scalar):
        shape = ", ".join(f"{language}: ..." for language in reading.languages)
        raise node.wrong("missing_language", f"The policy has several languages: write {{{shape}}}.")
    table = a_table(node)
    for name, key in table.keys.items():
        if name not in reading.languages:
            raise key.wrong(
                "unknown_language",
                f"{name!r} is no language of this policy.{nearest(name, reading.languages)}",
            )
    missing = [name for name in reading.languages if name not in table.entries]
    if missing:
        raise node.wrong("missing_language", f"The sentence is missing in {', '.join(missing)}.")
    return {name: _sentence(inner, name) for name, inner in table.entries.items()}


def _sentence(node: Node, language: str) -> str:
    text = a_text(node)
    wrong = foreign_characters(text, language)
    if wrong:
        other = "Simplified" if language == "zh-Hant" else "Traditional"
        raise node.wrong("script", f"{wrong!r} is {other} Chinese, but the language is {language}.")
    return text


def foreign_characters(text: str, language: str) -> str:
    """Characters that the other Chinese script alone uses: what Big5 (for Hant) or GB 2312 (for Hans) lacks."""
    codec = {"zh-Hant": "cp950", "zh-Hans": "gb2312"}.get(language)
    if codec is None:
        return ""
    return "".join(c for c in text if "\u4e00" <= c <= "\u9fff" and not _encodes(c, codec))


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


READERS: Mapping[str, Read] = {
    "ident": ident,
    "word": word,
    "text": lambda node, *_: a_text(node),
    "choice": _choice,
    "choices": _choices,
    "bool": lambda node, *_: literals.boolean(node),
    "int": _positive,
    "number": lambda node, *_: literals.number(node),
    "percent": _percent,
    "percents": _percents,
    "money": lambda node, _, reading: literals.amounts(node, reading.currencies),
    "length": _length,
    "window": _window,
    "date": lambda node, *_: literals.a_date(node),
    "say": say,
    "zone": zone,
    "texts": lambda node, *_: tuple(literals.texts(node)),
    # Compiled when every fact is known.
    "condition": lambda node, *_: node,
}
