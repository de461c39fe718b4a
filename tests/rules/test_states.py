"""Only the lifecycle writes a state: nobody else assigns `.state` of a case, a refund, a replacement or an objection."""

import ast

from tests.rules.source import modules

MAY = {
    "returns_service/domain/lifecycle.py": "it is the lifecycle",
    "returns_service/store/cases.py": "hands the lifecycle's word to the row",
}


def _writes(tree: ast.Module) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign)
            else []
        )
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            lines += [
                part.lineno for part in parts if isinstance(part, ast.Attribute) and part.attr == "state"
            ]
    return lines


def test_only_the_lifecycle_writes_a_state():
    found = [
        f"{module.name}:{line}"
        for module in modules()
        if module.name.startswith(
            ("returns_service/domain", "returns_service/usecases", "returns_service/store")
        )
        and module.name not in MAY
        for line in _writes(module.tree)
    ]
    assert found == []


def test_the_rule_would_see_an_assignment():
    assert _writes(ast.parse("case.row.state = 'refunded'")) == [1]
    assert _writes(ast.parse("a.method, a.state = 1, 2")) == [1]
