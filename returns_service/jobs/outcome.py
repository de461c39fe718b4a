"""How a job says that its work is not done: later, or never. Any other exception is tried again with back-off."""

from datetime import datetime


class TryLater(Exception):
    """Not now. `at` None leaves the time to the back-off; a time given does not count as a failed attempt."""

    def __init__(self, reason: str, *, at: datetime | None = None) -> None:
        super().__init__(reason)
        self.at = at


class GiveUp(Exception):
    """Trying again is pointless; a person must look at it."""
