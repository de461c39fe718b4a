"""YAML text to nodes that know their line. No anchors, aliases, tags or directives; bounded in size and depth.

Scalars stay text here. What `NO`, `1.10` or `2026-11-01` mean is decided by the field that reads them, so a
country is never a boolean and an amount never a float.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import YAMLError

from returns_service.domain.policy.problems import Wrong

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where the C library is there; only its events are used, so nothing is ever constructed."""
MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_NODES = 40_000
MAX_SCALAR = 4_000


@dataclass(frozen=True)
class Node:
    """A place in a file."""

    file: str
    line: int

    def wrong(self, code: str, message: str) -> Wrong:
        return Wrong(self.file, self.line, code, message)


@dataclass(frozen=True)
class Scalar(Node):
    text: str
    plain: bool

    @property
    def null(self) -> bool:
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True)
class Listing(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Table(Node):
    entries: dict[str, Node]
    keys: dict[str, Node]
    """Where each key stands (its own line, which is where people look)."""


def read(text: str, file: str) -> Node | None:
    """The document in a file, None when it is empty. Raises Wrong."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise Wrong(file, 0, "too_large", f"The file is larger than {MAX_BYTES // 1024} KiB.")
    try:
        return _Builder(file).document(_events(text, file))
    except YAMLError as error:
        raise _syntax(error, file) from None
    except (ValueError, RecursionError) as error:
        raise Wrong(file, 0, "syntax", f"This is not YAML: {error}.") from None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _events(text: str, file: str) -> Iterator[Any]:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
        kind = type(event).__name__
        line = _line(event)
        depth += kind.endswith(("SequenceStartEvent", "MappingStartEvent"))
        depth -= kind in ("SequenceEndEvent", "MappingEndEvent")
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise Wrong(file, line, "too_deep", "The file is nested too deeply or has too many entries.")
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise Wrong(
                file, line, "anchor", "Anchors (&) and aliases (*) are not allowed; write the value out."
            )
        if getattr(event, "tag", None):
            raise Wrong(file, line, "tag", "Tags (!) are not allowed; write the plain value.")
        yield event


def _syntax(error: YAMLError, file: str) -> Wrong:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or str(error).splitlines()[0]
    hint = next((f" {words}" for part, words in _HINTS.items() if part in said), "")
    return Wrong(file, mark.line + 1 if mark else 0, "syntax", f"This is not YAML: {said}.{hint}")


_HINTS = {
    "mapping values are not allowed": "A text with a colon must stand in quotes, and a key must be indented like its neighbours.",
    "did not find expected ',' or '}'": "A comma or a closing bracket is missing, or a text must stand in quotes.",
    "did not find expected ',' or ']'": "A comma or a closing bracket is missing.",
    "did not find expected key": "The line is not indented like its neighbours, or a text must stand in quotes.",
    "did not find expected '-' indicator": "The line is not indented like its neighbours, or a dash is missing.",
    "cannot start any token": "Indent with blanks instead of tabs, and put a text that begins with such a sign in quotes.",
    "unexpected end of stream": "A quote or a bracket is not closed.",
}
"""What people most often did when the parser says so."""


class _Builder:
    """Turns parser events into nodes; depth is already bounded."""

    def __init__(self, file: str) -> None:
        self.file = file

    def document(self, events: Iterator[Any]) -> Node | None:
        found: Node | None = None
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent" and (event.version or event.tags):
                raise Wrong(self.file, 1, "directive", "Directives (%) are not allowed.")
            if kind in ("StreamStartEvent", "StreamEndEvent", "DocumentStartEvent", "DocumentEndEvent"):
                continue
            if found is not None:
                raise Wrong(self.file, _line(event), "documents", "One file holds one document (---).")
            found = self._node(event, events)
        if isinstance(found, Scalar) and found.null:
            return None
        return found

    def _node(self, event: Any, events: Iterator[Any]) -> Node:
        kind, line = type(event).__name__, _line(event)
        if kind == "ScalarEvent":
            if len(event.value) > MAX_SCALAR:
                raise Wrong(self.file, line, "too_large", f"A text is longer than {MAX_SCALAR} characters.")
            return Scalar(self.file, line, event.value, bool(event.implicit[0]))
        if kind == "SequenceStartEvent":
            return self._listing(line, events)
        return self._table(line, events)

    def _listing(self, line: int, events: Iterator[Any]) -> Node:
        items = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self._node(event, events))
        return Listing(self.file, line, tuple(items))

    def _table(self, line: int, events: Iterator[Any]) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Node] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self._node(event, events)
            if not isinstance(key, Scalar):
                raise key.wrong("key", "A key must be a plain word.")
            if key.text in entries:
                before = keys[key.text].line
                raise key.wrong(
                    "duplicate_key", f"The key {key.text!r} stands twice; the first is on line {before}."
                )
            keys[key.text] = key
            entries[key.text] = self._node(next(events), events)
        return Table(self.file, line, entries, keys)
