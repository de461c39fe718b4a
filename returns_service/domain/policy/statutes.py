"""Law as floor: policies/law/<place>.yaml, read against the vocabulary of the policy that is subject to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from returns_service.domain.policy import kinds, names, source
from returns_service.domain.policy.conditions import Condition
from returns_service.domain.policy.facts import Fact
from returns_service.domain.policy.kinds import Field, Reading
from returns_service.domain.policy.literals import boolean
from returns_service.domain.policy.matchers import Compiler
from returns_service.domain.policy.model import Law, Right
from returns_service.domain.policy.problems import Wrong
from returns_service.domain.policy.rules import Question, Rule, question
from returns_service.domain.policy.source import Node, Table

REQUEST = frozenset({"request", "evidence"})
JUDGED = frozenset({"request", "evidence", "inspection", "fault"})

LAW: tuple[Field, ...] = (
    Field("id", "ident", "Name of the floor, as its file.", True),
    Field("title", "say", "What the law is called.", True),
    Field("currencies", "texts", "Currencies of the amounts in it.", default=()),
)
RIGHT: tuple[Field, ...] = (
    Field("id", "ident", "Name of the right.", True),
    Field("article", "text", "Where it stands.", True),
    Field("window", "window", "Until when it may be used.", True),
    Field("offers", "choices", "What the customer can demand.", True, values=names.RESOLUTIONS),
    Field("say", "say", "The right in one sentence.", True),
    Field(
        "freight",
        "choice",
        "free: the way back costs the customer nothing; shop: as the shop says.",
        default="shop",
        values=("free", "shop"),
    ),
    Field("restocking", "choice", "free, or as the shop says.", default="shop", values=("free", "shop")),
    Field(
        "outbound",
        "choice",
        "At least this of the delivery charge comes back.",
        values=("none", "standard", "full"),
    ),
    Field("outbound_only_if_all_returned", "bool", "Only on full withdrawal.", default=False),
    Field("send_back", "length", "At least so much time to hand the parcel in."),
    Field("refund_within", "length", "So soon the money must be on its way."),
    Field(
        "refund_from",
        "choice",
        "From when that counts; never before the goods are in or on their way, where they come back.",
        default="requested",
        values=names.REFUND_FROM,
    ),
    Field(
        "collect_within", "length", "So soon after the request the shop must collect goods that it collects."
    ),
)
EXTENSION: tuple[Field, ...] = (
    Field("id", "ident", "Name.", True),
    Field("by", "length", "So much longer."),
    Field("window", "window", "Or this window, if it ends later."),
    Field("at_most", "window", "But no longer than this window."),
)
EXCEPTION: tuple[Field, ...] = (
    Field("id", "ident", "Name.", True),
    Field("article", "text", "Where it stands.", True),
    Field(
        "requires",
        "choice",
        "Only if told, or confirmed.",
        default="nothing",
        values=("nothing", "notice", "confirmation"),
    ),
    Field("say", "say", "The exception in one sentence.", True),
)
COMPENSATION: tuple[Field, ...] = (
    Field("multiple", "number", "So many times the price.", True),
    Field("minimum", "money", "At least this."),
)
_LISTS = ("applies_to", "time_zones", "rights")
_RIGHT_LISTS = (
    "when",
    "falls_when",
    "freight_free_when",
    "extensions",
    "exceptions",
    "deductions",
    "compensation",
)


def law(name: str, text: str, reading: Reading, facts: Mapping[str, Fact]) -> Law:
    """One floor. Raises Wrong."""
    file = f"law/{name}.yaml"
    node = source.read(text, file)
    if node is None:
        raise Wrong(file, 0, "missing_key", "The law says nothing.")
    table = kinds.a_table(node)
    own = Reading(reading.languages, reading.currencies, reading.sets)
    known = {
        key: fact
        for key, fact in facts.items()
        if not key.startswith(("finding.", "evidence.")) and ".attributes." not in key
    }
    own.languages = _languages(table, reading)
    found = kinds.fields(table, LAW, own, _LISTS)
    compiler = Compiler(known, reading.sets, found["currencies"] or reading.currencies)
    own.currencies = compiler.currencies
    zones = table.entries.get("time_zones")
    rights = kinds.a_list(table.entries["rights"]) if "rights" in table.entries else ()
    return Law(
        id=found["id"],
        title=found["title"],
        applies_to=compiler.condition(table.entries.get("applies_to"), REQUEST),
        rights=tuple(map(partial(_right, name, own, compiler), rights)),
        time_zones={k: kinds.zone(v) for k, v in kinds.a_table(zones).entries.items()} if zones else {},
        file=file,
    )


def _languages(table: Table, reading: Reading) -> tuple[str, ...]:
    """A floor speaks its own languages: those of its title; a policy in fewer of them reads those."""
    title = table.entries.get("title")
    return tuple(title.entries) if isinstance(title, Table) else reading.languages


def _right(place: str, reading: Reading, compiler: Compiler, node: Node) -> Right:
    table = kinds.a_table(node)
    get = table.entries.get
    found = kinds.fields(table, RIGHT, reading, _RIGHT_LISTS)
    rule = Rule(
        f"law/{place}/{found['id']}",
        "law",
        compiler.condition(get("when"), REQUEST),
        {},
        found["say"],
        {},
        node.file,
        node.line,
    )
    return Right(
        id=found["id"],
        law=place,
        article=found["article"],
        rule=rule,
        window=found["window"],
        extensions=_question(f"law/{place}/{found['id']}", get("extensions"), EXTENSION, reading, compiler),
        exceptions=_question(f"law/{place}/{found['id']}", get("exceptions"), EXCEPTION, reading, compiler),
        offers=found["offers"],
        freight_free=found["freight"] == "free",
        freight_free_when=_condition("freight_free_when", table, compiler),
        restocking_free=found["restocking"] == "free",
        deductions_when=_deductions(get("deductions"), compiler),
        falls_when=_condition("falls_when", table, compiler),
        outbound=found["outbound"],
        outbound_only_if_all=found["outbound_only_if_all_returned"],
        compensation=_compensation(get("compensation"), reading),
        send_back=found["send_back"],
        refund_within=found["refund_within"],
        refund_from=found["refund_from"],
        collect_within=found["collect_within"],
        file=node.file,
        line=node.line,
    )


def _condition(name: str, table: Table, compiler: Compiler) -> Condition | None:
    return compiler.condition(table.entries[name], JUDGED) if name in table.entries else None


def _deductions(node: Node | None, compiler: Compiler) -> Condition | None:
    """`deductions: {only_when: {...}}`: outside this condition nothing may be taken off."""
    if node is None:
        return None
    table = kinds.a_table(node)
    kinds.fields(table, (), Reading(), ("only_when", "never"))
    if "never" in table.entries and boolean(table.entries["never"]):
        return Condition((), lambda _: False)
    return compiler.condition(table.entries.get("only_when"), JUDGED)


def _compensation(node: Node | None, reading: Reading) -> Mapping[str, Any] | None:
    return None if node is None else kinds.fields(kinds.a_table(node), COMPENSATION, reading)


def _question(
    name: str, node: Node | None, specs: tuple[Field, ...], reading: Reading, compiler: Compiler
) -> Question:
    items = () if node is None else kinds.a_list(node)
    return question(
        name, [_rule(name, item, specs, reading, compiler) for item in items], None, compiler.facts
    )


def _rule(name: str, node: Node, specs: tuple[Field, ...], reading: Reading, compiler: Compiler) -> Rule:
    table = kinds.a_table(node)
    found = kinds.fields(table, specs, reading, ("when",))
    when = compiler.condition(table.entries.get("when"), REQUEST)
    words = found.pop("say", None) or {}
    return Rule(f"{name}/{found['id']}", name, when, found, words, {}, node.file, node.line)
