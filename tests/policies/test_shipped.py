"""Every policy that is shipped loads, checks clean, speaks its languages, and its examples hold and reach every rule."""

from pathlib import Path

import pytest

from returns_service.commands.policies import examples
from returns_service.domain.policy import channels, inspection_form, load
from returns_service.domain.policy.grammar import BY_KEY, FILES
from returns_service.domain.policy.names import LANGUAGES
from tests.domain.policy.small import ROOT, shipped, texts

POLICIES = sorted(path.name for path in ROOT.iterdir() if (path / "policy.yaml").exists())
TOLD = (
    "return.approved",
    "return.rejected",
    "return.info_requested",
    "refund.succeeded",
    "replacement.shipped",
    "message.posted",
)


def test_there_are_a_default_and_three_more():
    assert {"standard", "fashion", "electronics", "cn-marketplace"} <= set(POLICIES)


@pytest.mark.parametrize("name", POLICIES)
def test_a_shipped_policy_has_every_file(name: str):
    assert {path.stem for path in (ROOT / name).glob("*.yaml")} == set(FILES)


@pytest.mark.parametrize("name", POLICIES)
def test_a_shipped_policy_checks_clean(name: str):
    policy = shipped(name)
    assert policy.name == name
    assert [str(warning) for warning in policy.warnings] == []


@pytest.mark.parametrize("name", POLICIES)
def test_the_examples_of_a_shipped_policy_hold_and_reach_every_rule(name: str):
    policy = shipped(name)
    report = examples.run(policy, (ROOT / name / examples.FILE).read_text())
    assert [str(problem) for problem in report.failed] == []
    assert [str(problem) for problem in examples.unreached(policy, report)] == []
    assert report.ran >= 40


@pytest.mark.parametrize("name", POLICIES)
def test_a_shipped_policy_speaks_english_and_both_scripts_of_chinese(name: str):
    policy = shipped(name)
    assert set(policy.languages) == set(LANGUAGES)
    for key, asked in policy.questions.items():
        for rule in asked.rules if BY_KEY[key].say else ():
            assert set(rule.say) == set(LANGUAGES), rule.id


@pytest.mark.parametrize("name", POLICIES)
def test_a_shipped_policy_tells_the_customer_what_matters(name: str):
    policy = shipped(name)
    assert [event for event in TOLD if not any(to == "customer" for to, _ in channels(policy, event))] == []


@pytest.mark.parametrize("name", POLICIES)
def test_the_bench_has_questions_for_all_goods(name: str):
    policy = shipped(name)
    for category in ("apparel/shirts", "electronics/phones", "", "something/else"):
        form = inspection_form(policy, category, "zh-Hant")
        assert form and all(question["text"] and question["answers"] for question in form)


@pytest.mark.parametrize("place", sorted(path.stem for path in (ROOT / "law").glob("*.yaml")))
def test_a_floor_loads_alone_beside_the_smallest_policy(place: str):
    files = {
        "policy.yaml": f"name: x\ntime_zone: UTC\nlaws: [{place}]\n",
        "eligibility.yaml": "reasons: [{id: r, kind: remorse, say: R}]\n",
    }
    [law] = load(files, laws=texts(ROOT / "law")).laws
    assert (law.id, bool(law.rights)) == (place, True)


def test_floors_are_no_policy_folder():
    assert not Path(ROOT / "law" / "policy.yaml").exists()
