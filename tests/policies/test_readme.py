"""The page that teaches the grammar is true: its policy loads at every step, its tables are those of the code."""

import re

import pytest
from jsonschema import Draft202012Validator

from returns_service.commands.policies import examples
from returns_service.domain.policy import load, source
from returns_service.domain.policy.reference import filled, tables
from returns_service.domain.policy.schema import schema
from returns_service.domain.policy.source import Listing, Node, Scalar, Table
from tests.domain.policy.small import ROOT, shipped, texts

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```yaml\n# (\w+\.yaml)\n(.*?)```", README, re.S)
LAWS = texts(ROOT / "law")


def steps() -> list[dict[str, str]]:
    """The files of the lesson after each block."""
    found: list[dict[str, str]] = []
    files: dict[str, str] = {}
    for name, text in BLOCKS:
        files = {**files, name: files.get(name, "") + text}
        found.append(files)
    return found


def test_the_policy_of_the_lesson_is_whole_at_its_end():
    files = steps()[-1]
    policy = load(files, laws=LAWS)
    report = examples.run(policy, files["examples.yaml"])
    assert report.ran == 2
    assert report.failed == []


@pytest.mark.parametrize("step", [1, len(BLOCKS) - 1])
def test_the_lesson_loads_on_the_way(step: int):
    assert load(steps()[step], laws=LAWS)


def test_the_tables_are_those_of_the_code():
    assert filled(README, tables(shipped("standard"))) == README


def typed(node: Node) -> object:
    """A node as an editor's YAML reader sees it."""
    if isinstance(node, Scalar):
        numeric = node.plain and re.fullmatch(r"-?\d+(\.\d+)?", node.text)
        return (float(node.text) if "." in node.text else int(node.text)) if numeric else examples.plain(node)
    if isinstance(node, Listing):
        return [typed(item) for item in node.items]
    assert isinstance(node, Table)
    return {key: typed(inner) for key, inner in node.entries.items()}


FILES = sorted(path.relative_to(ROOT) for path in ROOT.glob("*/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_shipped_files_are_valid_by_the_schema_for_editors(path):
    name = "law" if path.parts[0] == "law" else path.stem
    node = source.read((ROOT / path).read_text(), path.name)
    assert node is not None
    validator = Draft202012Validator({**schema(), "anyOf": [{"$ref": f"#/$defs/{name}"}]})
    assert [error.message for error in validator.iter_errors(typed(node))] == []


def test_the_schema_refuses_what_the_loader_refuses():
    validator = Draft202012Validator({**schema(), "anyOf": [{"$ref": "#/$defs/eligibility"}]})
    assert not validator.is_valid({"windws": []})
    assert not validator.is_valid({"windows": [{"id": "w", "window": {"dayz": 3}}]})
    assert not validator.is_valid({"windows": [{"id": "w", "when": {"line.categry": "x"}, "window": "none"}]})
    assert validator.is_valid({"windows": [{"id": "w", "when": {"line.category": "x"}, "window": "none"}]})
