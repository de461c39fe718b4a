"""Questions: plans change nothing but the time; a trace says by how much; a rule never tests its own answer."""

from typing import Any

import pytest

from returns_service.domain.policy import PolicyErrors
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.rules import Trace
from returns_service.domain.request import History, RequestLine, ReturnRequest
from tests.domain.policy.small import NOW, ask, line, order, small

ATTRIBUTES = """
name: small
time_zone: Europe/Berlin
currencies: [EUR, GBP]
attributes:
  order.insured_for: {type: amount}
"""


def excluding(when: str, **changed: str) -> Policy:
    return small(more=f"exclusions:\n  - {{id: x, when: {{{when}}}, code: x, say: No.}}\n", **changed)


def because(when: str, policy: str | None = None, **bought: Any) -> Any:
    """Why an exclusion on these facts did not hold."""
    made = excluding(when, policy=policy) if policy else excluding(when)
    [step] = [step for step in ask(made, order(line(**bought))).lines[0].trace if step["rule"] == "x"]
    return step["because"]


@pytest.mark.parametrize(
    ("when", "was", "by"),
    [
        ("line.quantity: {gte: 5}", 2, 3),
        ("line.quantity: {between: [4, 9]}", 2, 2),
        ("line.discount_percent: {gt: 30}", "0", 30),
        ("line.unit_worth: {gte: '80.00'}", "50.00", "30.00"),
        ("line.unit_worth: {between: ['10.00', '19.90']}", "50.00", "30.10"),
        ("request.on: {gte: 2026-11-01}", "2026-10-10", 22),
        ("line.category: beauty", "apparel/shirts", None),
        ("line.weight_grams: {gt: 100}", None, None),
    ],
)
def test_a_trace_says_by_how_much_a_fact_missed_what_was_wanted(when: str, was: Any, by: Any) -> None:
    found = because(when)
    assert (found["was"], found.get("by")) == (was, by)


def test_an_amount_by_currency_is_missed_in_the_currency_of_the_order() -> None:
    found = because("line.unit_worth: {gte: {EUR: '60.00', GBP: '50.00'}}", ATTRIBUTES)
    assert (found["was"], found["by"]) == ("50.00", "10.00")


def test_an_amount_that_nobody_said_is_unknown() -> None:
    found = because("order.attributes.insured_for: {gte: {EUR: '60.00', GBP: '50.00'}}", ATTRIBUTES)
    assert (found["was"], found.get("by")) == (None, None)


@pytest.mark.parametrize(
    ("question", "when"),
    [
        ("natures", "{id: x, when: {line.nature: hygiene}, nature: safety}"),
        ("natures", "{id: x, when: {not: {request.remorse_open: true}}, nature: safety}"),
        ("windows", "{id: x, when: {any: [{request.remorse_open: true}]}, window: {days: 9}}"),
        ("extensions", "{id: x, when: {request.remorse_open: true}, by: {days: 9}}"),
    ],
)
def test_a_rule_that_tests_what_its_own_question_answers_is_refused(question: str, when: str) -> None:
    written = f"{question}:\n  - {when}\n"
    with pytest.raises(PolicyErrors, match="a rule there cannot test it") as caught:
        small(windows=written) if question == "windows" else small(more=written)
    assert [problem.code for problem in caught.value.problems] == ["fact_too_early"]


def test_more_words_than_plans_are_kept_for_get_their_answers_too() -> None:
    policy = excluding("line.category: {under: even}, line.quantity: {gte: 3}")
    for n in range(1100):
        kind = "even" if n % 2 == 0 else "odd"
        for quantity in (2, 3):
            [step] = _trace(policy, f"{kind}/{n}", quantity)
            assert step["held"] == (kind == "even" and quantity == 3)
    assert len(policy.questions["eligibility.exclusions"].plans) < 1100


def test_what_was_said_of_one_case_is_not_said_of_another() -> None:
    """Traces share what they say of words; numbers, dates and amounts are told anew."""
    policy = excluding("line.category: beauty, line.quantity: {gte: 5}")
    traces = [_trace(policy, category, quantity) for category in ("beauty", "food") for quantity in (2, 3, 2)]
    said = [(step["because"]["fact"], step["because"]["was"]) for [step] in traces]
    assert said == [("line.quantity", n) for n in (2, 3, 2)] + [("line.category", "food")] * 3


def _trace(policy: Policy, category: str, quantity: int) -> Trace:
    bought = order(line(category=category, quantity=quantity))
    wanted = RequestLine("1", 1, "changed_mind")
    context = Context(
        policy, bought, ReturnRequest((wanted,)), History(), NOW, policy.zone("DE"), bought.lines[0], wanted
    )
    trace: Trace = []
    policy.questions["eligibility.exclusions"].every(Facts(context, policy.readers), trace)
    return trace
