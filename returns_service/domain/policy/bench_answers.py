"""At the bench: which questions to ask of a unit, and what its answers say about findings, grade and disposition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from returns_service.domain.errors import Fault, InvalidMany
from returns_service.domain.order import Customer, Order, OrderLine
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.model import Answer, Form, Policy
from returns_service.domain.policy.problems import nearest
from returns_service.domain.request import Evidence, History, InspectedUnit, RequestLine, ReturnRequest

_SOMETIME = datetime(2000, 1, 1, tzinfo=UTC)
_NOTHING = ReturnRequest(())


@dataclass(frozen=True)
class Claim:
    """What the bench knows of the units before it: what was bought, and what the customer says of them."""

    order: Order
    wanted: RequestLine
    request: ReturnRequest = _NOTHING
    at: datetime = _SOMETIME
    """When the customer asked."""
    evidence: tuple[Evidence, ...] = ()
    slots: tuple[int, ...] = ()

    @property
    def line(self) -> OrderLine:
        return self.order.by_id[self.wanted.order_line_id]


def _of_category(category: str) -> Claim:
    """Goods of which nothing is known but their kind."""
    line = OrderLine("", "", "", 1, 0, category=category)
    return Claim(Order("", "", "", "", _SOMETIME, Customer(""), (line,)), RequestLine("", 1, ""))


def inspection_form(
    policy: Policy, category: str, language: str = "en", *, claim: Claim | None = None
) -> Sequence[Mapping[str, Any]]:
    """The questions for goods of a category (or for claimed goods), each answer with what it would find."""
    form = _form(policy, claim or _of_category(category))
    if form is None:
        return []
    return [
        {
            "id": question.id,
            "text": _words(question.say, language),
            "answers": [_answer(answer, language) for answer in question.answers],
        }
        for question in form.questions
    ]


def _answer(answer: Answer, language: str) -> Mapping[str, Any]:
    return {
        "id": answer.id,
        "text": _words(answer.say, language),
        "findings": list(answer.findings),
        "grade": answer.grade,
        "disposition": answer.disposition,
    }


def _words(say: Mapping[str, str], language: str) -> str:
    return say.get(language) or next(iter(say.values()), "")


def _form(policy: Policy, claim: Claim) -> Form | None:
    facts = _facts(policy, claim, None)
    return next((form for form in policy.forms if form.when.holds(facts)), None)


def _facts(policy: Policy, claim: Claim, unit: InspectedUnit | None) -> Facts:
    order, line = claim.order, claim.line
    parcel = order.parcels(line.id)[claim.slots[0] if claim.slots else 0]
    context = Context(
        policy, order, claim.request, History(), claim.at, policy.zone(order.country), line, claim.wanted, parcel,
        claim.slots, claim.evidence,
    )  # fmt: skip
    if unit is not None:
        context = replace(
            context, findings=frozenset(unit.findings), grade=unit.grade, answers=unit.answers, inspected=True
        )
    return Facts(context, policy.readers)


def propose(policy: Policy, claim: Claim, unit: InspectedUnit) -> InspectedUnit:
    """The unit with what follows from its answers filled in: findings, the worst grade, the disposition.

    What the worker said wins over every proposal.
    """
    chosen = _chosen(policy, claim, unit.answers)
    findings = tuple(dict.fromkeys([*unit.findings, *(f for answer in chosen for f in answer.findings)]))
    found = replace(unit, findings=findings)
    grade = (
        unit.grade or _worst(policy, [a.grade for a in chosen if a.grade]) or _graded(policy, claim, found)
    )
    found = replace(found, grade=grade)
    said = unit.disposition or next((a.disposition for a in chosen if a.disposition), None)
    return replace(found, disposition=disposition_of(policy, _judged(policy, claim, found), said))


def check_units(policy: Policy, units: Sequence[InspectedUnit], pointer: str) -> None:
    """Words of the bench that the policy does not know. Raises InvalidMany with a pointer for each."""
    faults = [fault for i, unit in enumerate(units) for fault in _unknown(policy, unit, f"{pointer}/{i}")]
    if faults:
        raise InvalidMany(faults)


def _unknown(policy: Policy, unit: InspectedUnit, pointer: str) -> Iterator[Fault]:
    for finding in unit.findings:
        if finding not in policy.findings:
            detail = f"{finding!r} is no finding of this policy.{nearest(finding, policy.findings)}"
            yield Fault(f"{pointer}/findings", "unknown_finding", detail)
    if unit.grade is not None and unit.grade not in policy.grade_table:
        detail = f"{unit.grade!r} is no grade of this policy.{nearest(unit.grade, policy.grade_table)}"
        yield Fault(f"{pointer}/grade", "unknown_grade", detail)


def _judged(policy: Policy, claim: Claim, unit: InspectedUnit) -> Facts:
    """The facts with the party at fault, as far as the bench can see it."""
    facts = _facts(policy, claim, unit)
    rule = policy.questions["fault.found"].sure(facts)
    return facts.given(fault__party=rule.answer["party"], fault__rule=rule.id)


def _chosen(policy: Policy, claim: Claim, answers: Mapping[str, Any]) -> list[Answer]:
    form = _form(policy, claim)
    if form is None:
        return []
    return [a for question in form.questions for a in question.answers if answers.get(question.id) == a.id]


def _worst(policy: Policy, grades: Sequence[str]) -> str | None:
    """The grade that stands last in the policy's list, which goes from best to worst."""
    order = list(policy.grade_table)
    return max(grades, key=order.index, default=None)


def _graded(policy: Policy, claim: Claim, unit: InspectedUnit) -> str | None:
    rule = policy.questions["inspection.grading"].first(_facts(policy, claim, unit))
    return str(rule.answer["grade"]) if rule else None


def disposition_of(policy: Policy, facts: Facts, said: str | None) -> str | None:
    """What happens to a unit: as the worker said, else by rule, else by its grade."""
    if said is not None:
        return said
    rule = policy.questions["inspection.dispositions"].first(facts)
    if rule is not None:
        return str(rule.answer["disposition"])
    grade = policy.grade_table.get(facts["unit.grade"] or "")
    return grade.disposition if grade else None
