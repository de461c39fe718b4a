"""Every code that a refusal can carry is in the catalogue, and so has a page that explains it."""

import ast
from collections.abc import Iterator

from returns_service.api.catalogue import CATALOGUE
from returns_service.domain import errors
from tests.rules.source import Module, modules

REFUSALS = {
    "Invalid", "Conflict", "NotEligible", "Forbidden", "Unavailable", "UnitsHeld", "StaleVersion", "VersionMissing",
    "Malformed", "NoCredential", "TooLarge", "UnsupportedType", "TooMany", "wrong",
}  # fmt: skip
ELSEWHERE = (
    "returns_service/sandbox",
    "returns_service/commands",
    "returns_service/pages",
    "returns_service/domain/policy/",
    "returns_service/usecases/publish_policy",
    "returns_service/jobs/policies",
)
"""Not answers of the API: the sandbox is a program of its own, pages say it beside the field, and a policy file's problems are told by file and line."""


def _place(called: ast.expr) -> int | None:
    """Which argument is the code: Fault(pointer, code, ...), self.wrong(pointer, code, ...), Conflict(code, ...)."""
    if isinstance(called, ast.Attribute):
        return 1 if called.attr == "wrong" else None
    name = getattr(called, "id", "")
    return 1 if name == "Fault" else 0 if name in REFUSALS else None


def _codes(module: Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        place = _place(node.func)
        if place is None or len(node.args) <= place:
            continue
        argument = node.args[place]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value, node.lineno


def test_every_code_is_in_the_catalogue():
    missing = [
        f"{module.name}:{line} {code}"
        for module in modules()
        if not module.name.startswith(ELSEWHERE)
        for code, line in _codes(module)
        if code not in CATALOGUE
    ]
    assert "\n".join(missing) == ""


def test_every_kind_of_refusal_has_a_default_code_in_the_catalogue():
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.Refusal)
    ]
    assert [
        kind.__name__ for kind in kinds if kind is not errors.Refusal and kind.code not in CATALOGUE
    ] == []


def test_every_entry_says_what_to_do():
    assert all(
        entry.title and entry.advice.endswith((".", "`")) and 400 <= entry.status < 600
        for entry in CATALOGUE.values()
    )
