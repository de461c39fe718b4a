"""One tree of refusals, each leaf with a stable code. `api/errors.py` maps the branches to statuses.

Refusal
├── Invalid           the content is not acceptable           (422)
├── NotEligible       the policy refuses the request          (422)
├── NotFound          unknown, or another shop's              (404)
├── Forbidden         known, but not allowed to this person   (403)
├── Conflict          the present state stands against it     (409)
│   ├── IllegalMove   the lifecycle does not allow the move
│   └── UnitsHeld     another case holds the units
├── StaleVersion      based on a version that is not current  (412)
├── VersionMissing    a decision must name its version        (428)
└── Unavailable       try again later                         (503)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One place that is wrong: JSON pointer, stable code, what would be right."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):
    """Something a person or program asked for and cannot have, with a code and a sentence."""

    code = "refused"

    def __init__(
        self, code: str | None = None, detail: str = "", *, pointer: str | None = None, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.code = code or type(self).code
        self.detail = detail
        self.faults: Sequence[Fault] = [Fault(pointer, self.code, detail)] if pointer is not None else []
        self.extra: Mapping[str, Any] = extra
        """Further members of the problem document (`lines`, `existing_id`, ...)."""


class Invalid(Refusal):
    """The content cannot be accepted."""

    code = "invalid"


class InvalidMany(Invalid):
    """Several places are wrong at once."""

    def __init__(
        self, faults: Sequence[Fault], detail: str = "Some of what you sent cannot be accepted."
    ) -> None:
        super().__init__("invalid", detail)
        self.faults = list(faults)


class NotEligible(Refusal):
    """The policy refuses; `extra["lines"]` carries the decision of every line."""

    code = "not_eligible"


class NotFound(Refusal):
    """Unknown or another shop's: the same words for both."""

    code = "not_found"

    def __init__(self, what: str = "object") -> None:
        super().__init__("not_found", f"There is no such {what}.")


class Forbidden(Refusal):
    """Known, but this person or key may not do it."""

    code = "forbidden"


class Conflict(Refusal):
    """The present state stands against it."""

    code = "conflict"


class UnitsHeld(Conflict):
    """Another case holds the units that were asked for."""

    code = "units_held"


class IllegalMove(Conflict):
    """The lifecycle does not allow this move now; says the state, the reasons and what is allowed."""

    code = "illegal_move"

    def __init__(self, trigger: str, state: str, reasons: Sequence[str], actions: Sequence[str]) -> None:
        why = " ".join(reasons) or f"A case that is {state} cannot {trigger}."
        allowed = f" Allowed now: {', '.join(actions)}." if actions else " Nothing is allowed any more."
        super().__init__("illegal_move", why + allowed, state=state, actions=list(actions))
        self.trigger = trigger


class StaleVersion(Refusal):
    """The decision was based on an older version than the current one."""

    code = "stale_version"

    def __init__(self, expected: int, current: int) -> None:
        detail = f"You saw version {expected}; it is now version {current}. Read it again and decide anew."
        super().__init__("stale_version", detail, version=current)


class VersionMissing(Refusal):
    """A person's decision must say which version it was based on."""

    code = "if_match_required"


class Unavailable(Refusal):
    """Something needed is away for the moment; trying again later is right."""

    code = "unavailable"
