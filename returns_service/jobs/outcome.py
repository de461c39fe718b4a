"""How a job says what came of its work: what is to be written with it, and that it is not done: later, or never. Any other
exception is tried again with back-off.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from returns_service.store.work import Work

Write = Callable[[Session], object]
Keep = Callable[[Work, Write], None]


class TryLater(Exception):
    """Not now. `at` None leaves the time to the back-off; a time given does not count as a failed attempt, and
    `payload` then says how far it is.
    """

    def __init__(
        self, reason: str, *, at: datetime | None = None, payload: dict[str, Any] | None = None
    ) -> None:
        super().__init__(reason)
        self.at, self.payload = at, payload


class GiveUp(Exception):
    """Trying again is pointless; a person must look at it."""
