"""Policy files as they stand on disk: texts by file name, read without following links or huge files."""

from collections.abc import Mapping
from pathlib import Path

MOST_BYTES = 512 * 1024
"""Far more than any policy needs; a larger file is refused by the loader."""


def read(folder: Path) -> Mapping[str, str]:
    """The YAML files of one policy folder. A file that is too large or not UTF-8 is given cut or with marks, for the loader to refuse."""
    return {
        path.name: _text(path)
        for path in sorted(folder.glob("*.yaml"))
        if path.is_file() and not path.is_symlink()
    }


def laws(root: Path) -> Mapping[str, str]:
    """The statutory floors beside the policies, by place."""
    return {path.stem: _text(path) for path in sorted((root / "law").glob("*.yaml")) if path.is_file()}


def names(root: Path) -> list[str]:
    """The policies of a root folder."""
    return sorted(path.parent.name for path in root.glob("*/policy.yaml"))


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1).decode("utf-8", errors="replace")
