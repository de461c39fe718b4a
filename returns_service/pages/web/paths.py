"""Where a browser is sent next: only ever to a place of our own."""

import re

from flask import Response, redirect

_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def local_path(wanted: str | None, otherwise: str) -> str:
    """The address when it is a path of this service, else the other: no form sends anybody to a foreign host."""
    return wanted if wanted and _LOCAL.fullmatch(wanted) else otherwise


def see_other(path: str) -> Response:
    """After a post: look at the result with a GET, so that a reload repeats nothing."""
    answer = redirect(path, 303)
    assert isinstance(answer, Response)  # noqa: S101 - Flask's redirect answers its own Response class
    return answer
