"""What is wrong with policy files: each problem with its file, its line and the nearest right name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from returns_service.domain.errors import Refusal

Result = TypeVar("Result")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `line` counts from 1; 0 means the whole file."""

    file: str
    line: int
    message: str
    code: str = "invalid"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.code}]"


class PolicyErrors(Refusal):
    """The files are not a policy; nothing of them is used."""

    code = "policy_invalid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("policy_invalid", "\n".join(str(problem) for problem in self.problems))


class Wrong(Exception):
    """Raised while reading one place; collected, so that a person sees every problem at once."""

    def __init__(self, file: str, line: int, code: str, message: str, also: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problem = Problem(file, line, message, code)
        self.problems = (self.problem, *also)


class Gathering:
    """Reads one part after the other and goes on after a wrong one."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = list(problems)

    def take(self, otherwise: Result, read: Callable[..., Result], *args: Any) -> Result:
        """What `read` gives; `otherwise` where it cannot be read."""
        try:
            return read(*args)
        except Wrong as wrong:
            self.problems += wrong.problems
            return otherwise

    def stop(self) -> None:
        """Raises Wrong with all that was wrong, if anything was."""
        if self.problems:
            first, *also = self.problems
            raise Wrong(first.file, first.line, first.code, first.message, also)


_MEANT = {
    "or": "any",
    "and": "all",
    "one_of": "any",
    "greater": "gt",
    "greater_than": "gt",
    "more": "gt",
    "more_than": "gt",
    "less": "lt",
    "less_than": "lt",
    "at_least": "gte",
    "min": "gte",
    "minimum": "gte",
    "at_most": "lte",
    "max": "lte",
    "maximum": "lte",
    "in": "under",
    "starts_with": "starts",
    "uk": "GB",
    "el": "GR",
    "buyer": "customer",
    "shop": "merchant",
    "seller": "merchant",
    "we": "merchant",
}
"""What people write who do not know our words yet."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as " Did you mean 'changed_mind'?", or a short list, or nothing."""
    names = sorted(known)
    meant = _MEANT.get(name.lower())
    if meant in names:
        return f" Did you mean {meant!r}?"
    close = get_close_matches(name, names, 1, 0.6)
    if close:
        return f" Did you mean {close[0]!r}?"
    if 0 < len(names) <= 12:
        return f" Known: {', '.join(names)}."
    return ""
