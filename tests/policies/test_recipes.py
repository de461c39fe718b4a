"""Every recipe of policies/README.md loads, put into the policy that the page builds."""

import re

import pytest

from returns_service.commands.policies.examples import facts_of
from returns_service.domain.policy import load
from tests.domain.policy.small import ROOT, texts

README = (ROOT / "README.md").read_text()
LESSON = re.findall(r"```yaml\n# (\w+\.yaml)\n(.*?)```", README, re.S)
RECIPES = re.findall(r"```yaml\n# recipe: (\w+\.yaml)\n(.*?)```", README, re.S)


def sections(text: str) -> dict[str, str]:
    """The top keys of a file, each with its text."""
    return {part.partition(":")[0]: part for part in re.split(r"^(?=\w)", text, flags=re.M) if part}


def lesson() -> dict[str, str]:
    files: dict[str, str] = {}
    for name, text in LESSON:
        files[name] = files.get(name, "") + text
    return files


REASONS = """
  - {id: fake, kind: counterfeit, say: It is not genuine}
  - {id: late, kind: late, say: It came late}
"""


@pytest.mark.parametrize(
    ("name", "text"), RECIPES, ids=[re.sub(r"\W+", "-", text[:40]) for _, text in RECIPES]
)
def test_a_recipe_loads(name: str, text: str):
    files = lesson()
    own = sections(files.get(name, ""))
    if name == "eligibility.yaml" and "windows" in sections(text):
        own.pop("extensions", None)
    whole = {**files, name: "".join({**own, **sections(text)}.values())}
    whole["eligibility.yaml"] = whole["eligibility.yaml"].replace("reasons:\n", "reasons:" + REASONS, 1)
    assert load(whole, laws=texts(ROOT / "law"))


def test_there_is_a_recipe_for_every_kind_of_term():
    named = {section for _, text in RECIPES for section in sections(text)}
    assert named >= {
        "windows", "extensions", "exclusions", "limits", "evidence", "freight", "restocking", "outbound", "reclaim",
        "compensation", "paid", "offers", "pay", "tenders", "deadlines",
    }  # fmt: skip


def test_the_page_names_everything_an_example_may_expect():
    body = {
        "eligible": True, "review": "auto", "return_location": None, "ship_by": None, "pay_when": "", "goods_return": True,
        "quote": {}, "lines": [{"window": None, "fault": None, "basis": "", "returnable_quantity": 0, "refusals": (), "evidence": (), "offers": ()}],
    }  # fmt: skip
    assert [name for name in facts_of(body) if f"`{name}`" not in README] == []
