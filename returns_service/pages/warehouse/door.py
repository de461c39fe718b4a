"""The bench's door and what its pages share."""

from typing import Any

from flask import Response, g, jsonify, request

from returns_service.domain.actor import Actor
from returns_service.pages.doors import Door, session_words
from returns_service.pages.warehouse.words import DISPOSITIONS
from returns_service.pages.web import Cookie, fragment, page, see_other
from returns_service.pages.web.security import csrf_token

LOCKS_AFTER = 300
"""Seconds without a touch until the PIN is asked again."""
DOOR = Door("bench", idle=LOCKS_AFTER, sign_in="/warehouse/sign-in", kind="warehouse")
STATION = Cookie("returns_station", seconds=365 * 86400, path="/warehouse")


def actor() -> Actor:
    return DOOR.actor()


def station() -> str:
    return str(session_words().get("station", ""))


def location() -> str | None:
    return session_words().get("location") or None


def wants_part() -> bool:
    """Whether a script asks, which puts the main part of the page into the one it has."""
    return request.headers.get("X-Requested-With") == "fetch"


def show(
    template: str, path: str, /, *, sound: str = "", say: str = "", status: int = 200, **values: Any
) -> Response:
    """A page of the bench; for a script only its main part, with what is to be heard and read."""
    values |= {
        "at": path,
        "places": DISPOSITIONS,
        "station": station(),
        "worker": g.person,
        "sound": sound,
        "say": say,
    }
    if not wants_part():
        return page(template, status, bare=False, **values)
    main = fragment(template, bare=True, **values)
    answer = jsonify(path=path, sound=sound, say=say, main=main, token=csrf_token())
    answer.status_code = status
    return answer


def done(path: str) -> Response:
    """After a post without a script: look at the result."""
    return see_other(path)
