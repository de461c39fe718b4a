"""Only the lifecycle writes a state: nobody else assigns `.state` of a case, a refund, a replacement or an objection."""

import ast

from tests.rules.source import modules

MAY = {
    "returns_service/domain/lifecycle.py": "it is the lifecycle",
    "returns_service/store/cases.py": "hands the lifecycle's word to the row",
}
WITHOUT_LIFECYCLE = {"notice", "attempt", "delivery", "endpoint"}
"""Messages, attempts, deliveries: records of what happened, which nobody moves."""
OTHER_ROWS = {
    "returns_service/store/notices.py": "messages",
    "returns_service/usecases/keep_endpoints.py": "webhook endpoints",
    "returns_service/usecases/operations.py": "parcels without a case",
}


def _writes(tree: ast.Module) -> list[int]:
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else getattr(node, "target", None)
        for target in targets if isinstance(targets, list) else [targets]:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            found += [part.lineno for part in parts if _is_state(part)]
    return found


def _is_state(target: ast.expr | None) -> bool:
    if not isinstance(target, ast.Attribute) or target.attr != "state":
        return False
    return not (isinstance(target.value, ast.Name) and target.value.id in WITHOUT_LIFECYCLE)


def test_only_the_lifecycle_writes_a_state():
    found = [
        f"{module.name}:{line}"
        for module in modules()
        if module.name.startswith(
            ("returns_service/domain", "returns_service/usecases", "returns_service/store")
        )
        and module.name not in MAY | OTHER_ROWS
        for line in _writes(module.tree)
    ]
    assert found == []


def test_the_rule_would_see_an_assignment():
    assert _writes(ast.parse("case.row.state = 'refunded'")) == [1]
    assert _writes(ast.parse("refund.method, refund.state = 1, 2")) == [1]
    assert _writes(ast.parse("notice.state = 'sent'")) == []
