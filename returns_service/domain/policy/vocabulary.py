"""The vocabulary: every fact a rule may name, with its type, where its values come from, and how it is read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from returns_service.domain.policy import line_facts, names, order_facts
from returns_service.domain.policy.facts import Context, Fact, Facts
from returns_service.domain.policy.register import Register

FACTS = Register({**order_facts.FACTS, **line_facts.FACTS})

FACTS["inspection.done"] = Fact(
    "inspection.done",
    "boolean",
    "The goods were inspected.",
    lambda f: f.context.inspected,
    stage="inspection",
)
FACTS["inspection.missing"] = Fact(
    "inspection.missing",
    "number",
    "Units that did not come back.",
    lambda f: f.context.missing,
    stage="inspection",
)
FACTS["return.days_late"] = Fact(
    "return.days_late",
    "number",
    "Local days by which the parcel was handed in too late; 0 in time; unknown while nobody knows.",
    lambda f: f.context.days_late,
    stage="inspection",
)
FACTS["unit.grade"] = Fact(
    "unit.grade", "text", "Grade of the unit.", lambda f: f.context.grade, "grades", "inspection"
)
FACTS["fault.party"] = Fact(
    "fault.party", "text", "Who is at fault, as far as known.", lambda f: f.context.party, "parties", "fault"
)
FACTS["fault.rule"] = Fact(
    "fault.rule", "text", "The fault rule that held.", lambda f: f.context.fault_rule, None, "fault"
)


def _found(f: Facts, meaning: str) -> bool:
    known = f.context.policy.findings
    return any(meaning in known[x].marks for x in f.context.findings if x in known)


def _mark_fact(mark: str) -> Fact:
    doc = f"By the customer's word: {names.CONDITION_MARKS[mark][0].lower()}{names.CONDITION_MARKS[mark][1:]}"

    def read(f: Facts) -> bool:
        declared = f.context.policy.conditions.get(f["request.condition"])
        return declared is not None and mark in declared.marks

    return Fact(f"condition.{mark}", "boolean", doc, read)


def _found_fact(meaning: str) -> Fact:
    return Fact(
        f"found.{meaning}",
        "boolean",
        f"Inspection: {names.FINDING_MEANINGS[meaning]}",
        lambda f: _found(f, meaning),
        stage="inspection",
    )


def _finding_fact(finding: str) -> Fact:
    return Fact(
        f"finding.{finding}",
        "boolean",
        "This finding was recorded.",
        lambda f: finding in f.context.findings,
        stage="inspection",
    )


def _evidence_fact(kind: str, fields: tuple[str, ...]) -> Fact:
    return Fact(
        f"evidence.{kind}",
        "records",
        "Evidence of this type.",
        lambda f: _records(f, kind),
        fields=fields,
        stage="evidence",
    )


def _records(f: Facts, kind: str) -> tuple[Mapping[str, Any], ...]:
    context = f.context
    known = (*context.evidence, *(context.parcel.evidence if context.parcel else ()))
    if kind in context.policy.asks_customers_for:
        known = (*known, *context.wanted.evidence)
    return tuple(one.data for one in known if one.type == kind)


_OWNERS: Mapping[str, Callable[[Context], Mapping[str, Any]]] = {
    "order": lambda c: c.order.attributes,
    "customer": lambda c: c.order.customer.attributes,
    "line": lambda c: c.line.attributes,
    "request": lambda c: {**c.request.attributes, **c.wanted.attributes},
}
ATTRIBUTE_OWNERS = tuple(_OWNERS)


def attribute_fact(owner: str, name: str, type_: str, doc: str, values: str | None) -> Fact:
    """A fact that only this shop knows, declared in its policy.yaml."""
    get = _OWNERS[owner]
    return Fact(
        f"{owner}.attributes.{name}", type_, doc, lambda f: _typed(get(f.context).get(name), type_, f), values
    )


def _typed(value: Any, type_: str, f: Facts) -> Any:
    """An attribute as its declared type; anything else counts as unknown."""
    if type_ == "boolean":
        return value if isinstance(value, bool) else None
    if type_ == "date":
        return _as_date(value)
    if type_ in ("number", "percent", "amount"):
        return _as_number(value, type_, f)
    if type_ == "texts":
        return tuple(str(x) for x in value) if isinstance(value, list | tuple) else ()
    return value if isinstance(value, str) else None


def _as_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _as_number(value: Any, type_: str, f: Facts) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if not number.is_finite() or abs(number) > 10**15:
        return None
    return int(number.scaleb(f.context.policy.exponent(f["order.currency"]))) if type_ == "amount" else number


FIXED: Mapping[str, Fact] = {
    **FACTS,
    **{fact.name: fact for fact in map(_mark_fact, names.CONDITION_MARKS)},
    **{fact.name: fact for fact in map(_found_fact, names.FINDING_MEANINGS)},
}
"""The facts of every policy; the rest is declared: evidence.<type>, finding.<id>, <owner>.attributes.<name>."""


def vocabulary(
    findings: Iterable[str], evidence: Mapping[str, tuple[str, ...]], attributes: Iterable[Fact]
) -> dict[str, Fact]:
    """Every fact that the rules of one policy may name."""
    declared = [
        *map(_finding_fact, findings),
        *[_evidence_fact(k, v) for k, v in evidence.items()],
        *attributes,
    ]
    return {**FIXED, **{fact.name: fact for fact in declared}}
