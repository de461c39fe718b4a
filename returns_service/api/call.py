"""What an operation declares, and what a view is handed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema

from returns_service.domain.actor import Actor
from returns_service.usecases.runtime import Runtime

View = Callable[..., Response]
OPEN = "open"
"""The scope of an operation that needs no key (it has its own signature)."""


@dataclass(frozen=True)
class Shown:
    """One answer that an operation may give."""

    status: int
    schema: Any
    description: str = ""
    example: Any = None
    content_type: str = "application/json"


@dataclass
class Rules:
    """What the decorators of a view declared."""

    name: str = ""
    scope: str | None = None
    body: Schema | None = None
    body_required: bool = True
    body_example: Any = None
    query: Schema | None = None
    answers: list[Shown] = field(default_factory=list)
    if_match: str | None = None
    """None, "required" or "optional"."""
    idempotency: str | None = None
    hides: str | None = None
    """A member that is shown once: the kept answer, and so a repeat, has null in its place."""
    reads_only: bool = False
    upload: int = 0
    """Bytes that may be uploaded as multipart/form-data; 0: JSON."""

    def __deepcopy__(self, _memo: object) -> "Rules":
        """flask-smorest copies what it documents; rules are shared."""
        return self


@dataclass(frozen=True)
class Call:
    """One checked request."""

    runtime: Runtime
    actor: Actor
    now: datetime
    body: Any
    query: Mapping[str, Any]
    expected: int | None
    """The version that If-Match names."""

    @property
    def staff(self) -> bool:
        """Whether traces and internal notes may be shown."""
        return self.actor.may("staff")
