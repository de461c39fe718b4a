"""A reason may be for some goods only: it is neither offered nor accepted for others, and no goods are left without one."""

from datetime import timedelta

import pytest

from returns_service.domain.policy import Policy, PolicyErrors, fitting, load, returnable
from returns_service.domain.policy.terms_page import terms_page
from returns_service.domain.request import History
from tests.domain.policy.small import (
    DELIVERED,
    NOW,
    POLICY,
    ROOT,
    WINDOWS,
    ask,
    example_order,
    files,
    line,
    order,
    shipped,
    small,
    texts,
)

LIMITED = """
reasons:
  - {id: changed_mind, kind: remorse, say: Changed my mind}
  - {id: too_small, kind: remorse, when: {line.category: {under: apparel}}, say: Too small}
"""
BOOK, SHIRT = {"category": "books/novels"}, {"category": "apparel/shirts"}


def with_reasons(text: str) -> Policy:
    return small(eligibility=text + WINDOWS)


def codes(policy: Policy, **bought: object) -> list[str]:
    sold = order(line(**bought))
    return [reason.id for reason in fitting(policy, sold, sold.lines[0], NOW)]


def test_a_reason_is_offered_for_the_goods_it_is_for():
    policy = with_reasons(LIMITED)
    assert codes(policy, **SHIRT) == ["changed_mind", "too_small"]
    assert codes(policy, **BOOK) == ["changed_mind"]


def test_for_other_goods_it_is_refused_and_the_trace_says_why():
    [refused] = ask(with_reasons(LIMITED), order(line(**BOOK)), reason="too_small").lines
    assert [refusal.code for refusal in refused.refusals] == ["reason_not_applicable"]
    [step] = [step for step in refused.trace if step["question"] == "reason"]
    assert (step["rule"], step["because"]["was"]) == ("too_small", "books/novels")
    assert ask(with_reasons(LIMITED), order(line(**SHIRT)), reason="too_small").eligible


def test_what_may_be_returned_lists_the_reasons_of_each_line():
    policy, bought = with_reasons(LIMITED), order(line(**BOOK))
    [told] = returnable(policy, bought, "too_small", History(), NOW).lines
    assert not told.eligible
    assert [reason["code"] for reason in told.reasons] == ["changed_mind"]


@pytest.mark.parametrize(
    ("when", "code", "words"),
    [
        ("{line.categry: books}", "unknown_fact", "line.category"),
        ("{order.country: DE}", "fact_elsewhere", "what is sold"),
        ("{request.condition: opened}", "unknown_value", "opened"),
        ("{line.repairs: 1}", "fact_elsewhere", "line.category"),
        ("books", "when", "a table of facts"),
    ],
)
def test_a_limit_that_says_nothing_of_the_goods_is_refused_with_its_line(when: str, code: str, words: str):
    with pytest.raises(PolicyErrors) as caught:
        load(files(eligibility=LIMITED.replace("{line.category: {under: apparel}}", when) + WINDOWS))
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.code) == ("eligibility.yaml", 4, code)
    assert words in problem.message


def test_goods_that_no_reason_is_left_for_are_told():
    none = LIMITED.replace(
        "kind: remorse, say: Changed", "kind: remorse, when: {line.digital: false}, say: Changed"
    )
    found = [problem for problem in with_reasons(none).warnings if problem.code == "gap"]
    assert ["line.digital: true" in problem.message for problem in found] == [True]
    assert not [problem for problem in with_reasons(LIMITED).warnings if problem.code == "gap"]


def test_a_right_that_no_reason_can_ask_for_is_told():
    faulty = "  - {id: faulty, kind: defect, when: {line.category: {under: apparel}}, say: Faulty}\n"
    policy = POLICY.replace("holidays", "laws: [eu]\nholidays")
    found = small(policy=policy, eligibility=LIMITED + faulty + WINDOWS, laws=texts(ROOT / "law")).warnings
    told = [problem for problem in found if "No reason is left" in problem.message]
    assert [(problem.line, problem.code) for problem in told] == [(5, "below_floor")]
    assert "law/eu" in told[0].message


@pytest.mark.parametrize(
    ("category", "offered", "not_offered"),
    [
        ("apparel/shirts", {"too_small", "too_large"}, {"incompatible", "too_complex", "expired"}),
        ("media/books", {"changed_mind"}, {"too_small", "too_large", "incompatible", "expired"}),
        ("food/fresh", {"expired"}, {"too_small", "too_large", "too_complex"}),
        ("electronics/phones", {"incompatible", "too_complex"}, {"expired"}),
        ("", {"too_small", "too_large", "incompatible", "expired"}, set()),
    ],
)
def test_standard_offers_what_fits_and_everything_for_goods_of_no_category(
    category: str, offered: set, not_offered: set
):
    found = set(codes(shipped("standard"), category=category))
    assert offered <= found
    assert not not_offered & found


def test_standard_asks_for_no_size_and_no_damage_of_what_is_not_tangible():
    found = set(codes(shipped("standard"), digital=True))
    assert {"defective", "not_as_described", "withdrawal"} <= found
    assert not {"too_small", "damaged_in_transit", "bad_packaging", "missing_parts"} & found


def test_the_terms_tell_of_a_limited_reason_as_for_the_goods_it_is_for():
    assert "| Too small | 30 days after delivery |" in terms_page(with_reasons(LIMITED), "en")


def test_every_line_of_an_order_keeps_a_reason_under_each_shipped_policy():
    for name in ("standard", "fashion", "electronics", "cn-marketplace"):
        found = returnable(
            shipped(name),
            example_order(),
            next(iter(shipped(name).reason_table)),
            History(),
            DELIVERED + timedelta(days=3),
        )
        assert all(one.reasons for one in found.lines)
