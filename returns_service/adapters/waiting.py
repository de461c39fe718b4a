"""How long somebody who answered by HTTP asks us to wait."""

from datetime import timedelta

import httpcore


def retry_after(answer: httpcore.Response, *, most: int) -> timedelta | None:
    """The seconds of `Retry-After`, at most so many; None without one, and for a date."""
    headers = {name.lower(): value for name, value in answer.headers}
    seconds = headers.get(b"retry-after", b"")[:9].decode("latin-1")
    return timedelta(seconds=min(int(seconds), most)) if seconds.isdecimal() else None
