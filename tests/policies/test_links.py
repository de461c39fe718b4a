"""A refusal leads to the page that says more."""

import pytest

from returns_service.domain.policy import PolicyErrors
from returns_service.domain.render import decision_body
from tests.domain.policy.small import POLICY, ask, shipped, small
from tests.policies.test_law import at, bought

LINKS = POLICY + "links: {terms: https://shop.example/terms}\n"


def limits(link: str) -> str:
    return f"limits:\n  - {{id: no, link: '{link}', say: No.}}\n"


@pytest.mark.parametrize(
    ("link", "address"),
    [("terms", "https://shop.example/terms"), ("https://law.example/9", "https://law.example/9")],
)
def test_a_rule_names_a_page_of_the_policy_or_an_address(link: str, address: str):
    decision = ask(small(policy=LINKS, more=limits(link)))
    assert decision.lines[0].refusals[0].link == address
    assert decision_body(decision)["lines"][0]["refusals"][0]["link"] == address


@pytest.mark.parametrize("link", ["trems", "javascript:alert(1)", "http://plain.example"])
def test_a_page_that_is_not_there_or_not_safe_is_a_problem(link: str):
    with pytest.raises(PolicyErrors) as caught:
        small(policy=LINKS, more=limits(link))
    [problem] = caught.value.problems
    assert (problem.file, problem.code) == ("eligibility.yaml", "unknown_value")


def test_the_fashion_shop_leads_to_its_fair_use_page():
    blocked = bought("eu", delivered=at("2026-09-20T10:00:00"))
    customer = type(blocked.customer)("a@example.com", attributes={"blocked": True})
    decision = ask(shipped("fashion"), type(blocked)(**{**vars_of(blocked), "customer": customer}))
    assert [(refusal.code, refusal.link) for refusal in decision.lines[0].refusals] == [
        ("fair_use", "https://shop.example/fair-use")
    ]


def vars_of(order: object) -> dict[str, object]:
    """The fields of a frozen order, without what it has computed."""
    return {name: getattr(order, name) for name in type(order).__dataclass_fields__}
