"""policy.yaml: what holds for the whole policy, and the facts it declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from returns_service.domain import money
from returns_service.domain.errors import Invalid
from returns_service.domain.policy import grammar, kinds, literals, names
from returns_service.domain.policy.facts import Fact
from returns_service.domain.policy.kinds import Field, Reading
from returns_service.domain.policy.model import BusinessHours, Location, Notices
from returns_service.domain.policy.problems import nearest
from returns_service.domain.policy.source import Node, Table
from returns_service.domain.policy.vocabulary import ATTRIBUTE_OWNERS, attribute_fact

TYPES = ("boolean", "text", "texts", "number", "percent", "amount", "date")


@dataclass(frozen=True)
class Header:
    """policy.yaml, read."""

    fields: Mapping[str, Any]
    attributes: tuple[Fact, ...]
    time_zones: Mapping[str, str]
    notices: Notices
    locations: tuple[Location, ...]
    business: BusinessHours
    links: Mapping[str, str]
    applies_to: Node | None


def languages(table: Table) -> tuple[str, ...]:
    """The declared languages, read first because every sentence needs them."""
    node = table.entries.get("languages")
    if node is None:
        return ("en",)
    found = tuple(literals.texts(node))
    for name in found:
        if name not in names.LANGUAGES and not name.replace("-", "").isalpha():
            raise node.wrong(
                "unknown_language", f"{name!r} is no language code.{nearest(name, names.LANGUAGES)}"
            )
    return found


def currencies(table: Table) -> tuple[str, ...]:
    node = table.entries.get("currencies")
    if node is None:
        return ("EUR",)
    found = tuple(literals.texts(node))
    for name in found:
        try:
            money.exponent(name)
        except Invalid as error:
            raise node.wrong("currency", error.detail) from None
    return found


def header(table: Table, reading: Reading) -> Header:
    """Everything in policy.yaml. Raises Wrong."""
    get = table.entries.get
    fields = kinds.fields(table, grammar.HEADER, reading, tuple(grammar.HEADER_TABLES))
    if fields["effective_from"] is None and "effective_from" in table.entries:
        fields["effective_from"] = None
    declared = _attributes(get("attributes"), reading)
    return Header(
        fields=fields,
        attributes=declared,
        time_zones=_time_zones(get("time_zones")),
        notices=_notices(get("notices"), reading),
        locations=_locations(get("locations"), reading),
        business=_business(get("hours"), reading),
        links=_links(get("links")),
        applies_to=get("applies_to"),
    )


def _attributes(node: Node | None, reading: Reading) -> tuple[Fact, ...]:
    if node is None:
        return ()
    return tuple(_attribute(name, inner, reading) for name, inner in kinds.a_table(node).entries.items())


def _attribute(name: str, node: Node, reading: Reading) -> Fact:
    owner, _, short = name.partition(".")
    if owner not in ATTRIBUTE_OWNERS or not kinds.IDENT.fullmatch(short):
        raise node.wrong(
            "attribute",
            f"Name an attribute by its owner, such as order.insured; owners: {', '.join(ATTRIBUTE_OWNERS)}.",
        )
    specs = (
        Field("type", "choice", "", True, values=TYPES),
        Field("values", "texts", ""),
        Field("doc", "text", "", default=""),
    )
    found = kinds.fields(kinds.a_table(node), specs, reading)
    values = f"attribute:{name}" if found["values"] else None
    if values:
        reading.sets[values] = frozenset(found["values"])
    return attribute_fact(owner, short, found["type"], found["doc"], values)


def _time_zones(node: Node | None) -> Mapping[str, str]:
    if node is None:
        return {}
    table = kinds.a_table(node)
    for name, key in table.keys.items():
        if name not in names.COUNTRIES:
            raise key.wrong("unknown_value", f"{name!r} is no country code.{nearest(name, names.COUNTRIES)}")
    return {name: kinds.zone(inner) for name, inner in table.entries.items()}


def _notices(node: Node | None, reading: Reading) -> Notices:
    if node is None:
        return Notices()
    specs = (
        Field("right", "bool", "", default=True),
        Field("exceptions", "bool", "", default=True),
        Field("confirmed", "bool", "", default=False),
    )
    return Notices(**kinds.fields(kinds.a_table(node), specs, reading))


def _locations(node: Node | None, reading: Reading) -> tuple[Location, ...]:
    if node is None:
        return ()
    specs = (
        Field("id", "ident", "", True),
        Field("say", "say", "", True),
        Field("address", "texts", "", default=()),
        Field("country", "text", ""),
    )
    return tuple(Location(**kinds.fields(kinds.a_table(item), specs, reading)) for item in kinds.a_list(node))


def _business(node: Node | None, reading: Reading) -> BusinessHours:
    if node is None:
        return BusinessHours()
    specs = (
        Field("opens", "int", "", default=9),
        Field("closes", "int", "", default=17),
        Field("days", "choices", "", default=names.WEEKDAYS[:5], values=names.WEEKDAYS),
    )
    found = kinds.fields(kinds.a_table(node), specs, reading)
    if not 0 <= found["opens"] < found["closes"] <= 24 or not found["days"]:
        raise node.wrong("hours", "Business hours open before they close, on at least one day.")
    return BusinessHours(
        found["opens"], found["closes"], frozenset(names.WEEKDAYS.index(day) for day in found["days"])
    )


def _links(node: Node | None) -> Mapping[str, str]:
    return (
        {}
        if node is None
        else {name: kinds.a_text(inner) for name, inner in kinds.a_table(node).entries.items()}
    )
