"""The product's own source, parsed once for the tests about it."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "returns_service"


@dataclass(frozen=True)
class Module:
    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]


@cache
def modules() -> tuple[Module, ...]:
    """Every module that people write; migrations are generated."""
    found = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations/versions" not in str(path)]
    texts = [(path, path.read_text()) for path in found]
    return tuple(Module(path, text, ast.parse(text)) for path, text in texts)
