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
from returns_service.domain.policy.model import Ask, BusinessHours, Location, Notices
from returns_service.domain.policy.problems import Gathering, nearest
from returns_service.domain.policy.source import Node, Table
from returns_service.domain.policy.vocabulary import ATTRIBUTE_OWNERS, attribute_fact

Declarations = tuple[tuple[Fact, Ask | None], ...]
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
    asked: tuple[Ask, ...]
    applies_to: Node | None
    table: Table

    def place(self, key: str) -> Node:
        """Where a key stands."""
        return self.table.keys.get(key, self.table)


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
    part = Gathering()
    declared: Declarations = part.take((), _attributes, get("attributes"), reading)
    head = Header(
        fields=part.take({}, kinds.fields, table, grammar.HEADER, reading, tuple(grammar.HEADER_TABLES)),
        attributes=tuple(fact for fact, _ in declared),
        asked=tuple(ask for _, ask in declared if ask),
        time_zones=part.take({}, _time_zones, get("time_zones")),
        notices=part.take(Notices(), _notices, get("notices"), reading),
        locations=part.take((), _locations, get("locations"), reading),
        business=part.take(BusinessHours(), _business, get("hours"), reading),
        links=part.take({}, _links, get("links")),
        applies_to=get("applies_to"),
        table=table,
    )
    part.stop()
    return head


def _attributes(node: Node | None, reading: Reading) -> Declarations:
    if node is None:
        return ()
    part = Gathering()
    entries = kinds.a_table(node).entries.items()
    found = [part.take(None, _attribute, name, inner, reading) for name, inner in entries]
    part.stop()
    return tuple(one for one in found if one)


def _attribute(name: str, node: Node, reading: Reading) -> tuple[Fact, Ask | None]:
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
        Field("ask", "say", ""),
        Field("kinds", "choices", "", default=(), values=tuple(names.REASON_KINDS)),
    )
    table = kinds.a_table(node)
    found = kinds.fields(table, specs, reading, ("answers",))
    answers = _answers(table.entries.get("answers"), found, reading)
    values = f"attribute:{name}" if found["values"] else None
    if values:
        reading.sets[values] = frozenset(found["values"])
    fact = attribute_fact(owner, short, found["type"], found["doc"], values)
    return fact, _ask(node, owner, short, found, answers)


def _answers(node: Node | None, found: Mapping[str, Any], reading: Reading) -> dict[str, Mapping[str, str]]:
    """The words of each value, where the values are a list."""
    if node is None:
        return {}
    table = kinds.a_table(node)
    if set(table.entries) != set(found["values"] or ()):
        raise node.wrong("values", "Give the words of every value, and of nothing else.")
    spec = Field("answers", "say", "")
    return {name: kinds.say(table.entries[name], spec, reading) for name in found["values"]}


def _ask(
    node: Node, owner: str, name: str, found: Mapping[str, Any], answers: Mapping[str, Mapping[str, str]]
) -> Ask | None:
    """A question to the customer: only what the request says can be asked for, and a value needs its words."""
    if found["ask"] is None:
        return None
    if owner != "request" or found["type"] not in ("boolean", "text", "number"):
        raise node.wrong("ask", "Only a boolean, a text or a number of the request can be asked for.")
    if found["values"] and not answers:
        raise node.wrong("ask", "A question with values needs the words of each: answers.")
    return Ask(name, found["type"], found["ask"], frozenset(found["kinds"]), answers)


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
    part = Gathering()
    found = [part.take(None, _location, item, reading) for item in kinds.a_list(node)]
    part.stop()
    return tuple(one for one in found if one)


def _location(node: Node, reading: Reading) -> Location:
    specs = (
        Field("id", "ident", "", True),
        Field("say", "say", "", True),
        Field("address", "texts", "", default=()),
        Field("country", "text", ""),
    )
    return Location(**kinds.fields(kinds.a_table(node), specs, reading))


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
