"""Every shipped policy is sound: no rule below a floor unawares, its examples hold, and they reach every rule."""

from pathlib import Path

import pytest

from returns_service.commands.policies import examples
from returns_service.domain.policy import load
from tests.domain.policy.small import ROOT, texts

NAMES = sorted(path.parent.name for path in ROOT.glob("*/policy.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_policy_holds_what_its_examples_say(name: str):
    files = texts(ROOT / name)
    policy = load(files, laws=texts(ROOT / "law"))
    report = examples.run(policy, files["examples.yaml"])
    assert policy.name == name
    assert policy.languages == ("en", "zh-Hans", "zh-Hant")
    assert report.ran > 20
    assert [str(problem) for problem in (*policy.warnings, *report.failed)] == []
    assert [str(problem) for problem in examples.unreached(policy, report)] == []


def test_the_example_of_the_documentation_is_among_them():
    assert "preview-of-the-documentation" in (Path(ROOT) / "standard" / "examples.yaml").read_text()
