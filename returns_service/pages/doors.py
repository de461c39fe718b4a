"""The doors of bench and console: who is signed in, for how long, and what they may see."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, abort, g, request

from returns_service.domain.actor import Actor
from returns_service.domain.roles import Right
from returns_service.pages import i18n
from returns_service.pages.web import Cookie, language, now, runtime, see_other, serve_shop
from returns_service.pages.web.rendering import LANGUAGE_COOKIE
from returns_service.pages.web.security import renew_seed
from returns_service.usecases import find_shop, people
from returns_service.usecases.people import Person

P = ParamSpec("P")
View = Callable[P, Response]
_REFRESH = 60


class Door:
    """One face that people of the shop sign in to. A session is idle for at most `idle` seconds."""

    def __init__(self, name: str, *, idle: int, sign_in: str, kind: str) -> None:
        self.cookie = Cookie(f"returns_{name}", seconds=people.SESSION_HOURS * 3600)
        self.idle, self.sign_in, self.kind = idle, sign_in, kind

    def guard(self, blueprint: Blueprint, *, open_views: frozenset[str]) -> None:
        """Every view but the named ones needs somebody who is signed in."""

        def check() -> Response | None:
            g.all_languages = True
            someone = self.enter()
            view = (request.endpoint or "").rpartition(".")[2]
            return None if someone is not None or view in open_views else self.turn_away()

        blueprint.before_request(check)
        blueprint.after_request(self._refresh)

    def enter(self) -> Person | None:
        """The person of the session at hand, their shop and language taken over; None when nobody is (any more)."""
        said = self.cookie.read()
        if said is None or now().timestamp() - said.get("seen", 0) > self.idle:
            g.idle = said
            return None
        with runtime().db.read() as session:
            since = datetime.fromtimestamp(said["since"], UTC)
            someone = people.who(session, UUID(said["user"]), session_id=said["id"], since=since, now=now())
            if someone is None:
                return None
            serve_shop(find_shop.by_id(session, someone.shop_id))
        g.person, g.session = someone, said
        wish = someone.preferences.get("language")
        if wish in i18n.LANGUAGES and LANGUAGE_COOKIE not in request.cookies:
            g.language = wish
        return someone

    def turn_away(self) -> Response:
        """To the sign-in, and back afterwards; a script is told in its own way."""
        if request.headers.get("X-Requested-With") == "fetch":
            abort(401)
        wanted = f"?next={quote(request.full_path.rstrip('?'))}" if request.method == "GET" else ""
        return see_other(self.sign_in + wanted)

    def open(self, response: Response, someone: Person, **extra: Any) -> Response:
        """Begin a session; what was known of this browser before counts no more."""
        at = now().timestamp()
        said = {"user": str(someone.id), "id": secrets.token_urlsafe(12), "since": at, "seen": at, **extra}
        self.cookie.write(response, said)
        renew_seed()
        g.written = True
        return response

    def close(self, response: Response) -> Response:
        """Sign out: the session never counts again, whoever kept its cookie."""
        if "person" in g:
            with runtime().db.begin() as session:
                people.end_session(session, g.person, session_id=g.session["id"], now=now())
        self.cookie.clear(response)
        renew_seed()
        g.written = True
        return response

    def _refresh(self, response: Response) -> Response:
        if "session" in g and not g.get("written") and now().timestamp() - g.session["seen"] > _REFRESH:
            self.cookie.write(response, {**g.session, "seen": now().timestamp()})
        return response

    def actor(self) -> Actor:
        """Who acts, for the use cases."""
        someone: Person = g.person
        return someone.actor(self.kind, language())


def person() -> Person:
    found: Person = g.person
    return found


def session_words() -> Mapping[str, Any]:
    """What the session's cookie says besides who it is: station and location of the bench."""
    found: Mapping[str, Any] = g.session
    return found


def needs(right: Right) -> Callable[[View[P]], View[P]]:
    """A view that only people with a right may see."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            if not person().may(right):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return wrap
