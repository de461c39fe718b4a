"""Keys: who calls, for which shop, and whether the key's scopes allow it."""

import re
from collections import OrderedDict
from threading import Lock
from time import monotonic
from uuid import UUID

from flask import current_app, g, request

from returns_service.api.refusals import Malformed, NoCredential
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden, Refusal
from returns_service.usecases.authenticate import authenticate
from returns_service.usecases.create_key import digest
from returns_service.usecases.runtime import Runtime

_BEARER = re.compile(r"Bearer +(rk_[A-Za-z0-9_-]{20,100})", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_IN_QUERY = ("api_key", "apikey", "key", "access_token", "token")
KIND = {"warehouse": "warehouse", "staff": "staff", "policies": "staff", "admin": "staff"}
"""Scope of an operation -> who acts; everything else is the storefront."""


class Known:
    """Keys seen a moment ago, so that a busy client is not looked up at every request."""

    def __init__(self, seconds: float = 1.0, most: int = 1000) -> None:
        self._seconds, self._most, self._lock = seconds, most, Lock()
        self._found: OrderedDict[str, tuple[float, Actor]] = OrderedDict()

    def get(self, secret: str) -> Actor | None:
        found = self._found.get(digest(secret))
        return found[1] if found and found[0] > monotonic() else None

    def put(self, secret: str, actor: Actor) -> None:
        with self._lock:
            self._found[digest(secret)] = (monotonic() + self._seconds, actor)
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._found.clear()


def caller(scope: str) -> Actor:
    """Who calls. Raises NoCredential; Forbidden when the key lacks the scope."""
    found = _owner()
    if not found.may(scope):
        raise Forbidden("missing_scope", f"This needs the scope {scope}.", scope=scope)
    kind = KIND.get(scope, "storefront")
    g.actor = Actor(found.shop_id, kind, _person() or kind, found.scopes, found.key_id, language=_language())
    actor: Actor = g.actor
    return actor


def nobody() -> Actor:
    """The caller of an operation that needs no key; it belongs to no shop and may do nothing."""
    return Actor(UUID(int=0), "gateway", "nobody")


def owner_or_none() -> Actor | None:
    """The key's owner, for counting requests; the refusal is told later, by `caller`."""
    try:
        return _owner()
    except Refusal:
        return None


def _owner() -> Actor:
    if "owner" not in g:
        g.owner = _key_owner()
    owner: Actor = g.owner
    return owner


def _key_owner() -> Actor:
    if any(name in request.args for name in _IN_QUERY):
        raise Malformed(
            "key_in_query",
            "Keys belong into the Authorization header, never into an address. Rotate this key.",
        )
    match = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if match is None:
        raise NoCredential(detail="Send your key as Authorization: Bearer rk_...")
    known: Known = current_app.extensions["known_keys"]
    actor = known.get(match[1]) or _look_up(match[1])
    if actor is None:
        raise NoCredential("invalid_key", "This key is not valid.")
    known.put(match[1], actor)
    return actor


def _look_up(secret: str) -> Actor | None:
    runtime: Runtime = current_app.extensions["runtime"]
    with runtime.db.read() as session:
        row = authenticate(session, secret, runtime.now())
    if row is None:
        return None
    return Actor(row.shop_id, "storefront", row.name, frozenset(row.scopes), row.id)


def _person() -> str | None:
    """The person for whom a program acts. Without one, all programs of a kind are one person."""
    name = request.headers.get("Returns-Actor")
    if name is None:
        return None
    # WSGI hands headers over as latin-1; names are UTF-8
    try:
        name = name.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        raise Malformed("actor", "Returns-Actor is not UTF-8.") from None
    if not _NAME.fullmatch(name):
        raise Malformed("actor", "Returns-Actor is the name of a person, in at most 100 characters.")
    return name


def _language() -> str | None:
    best = request.accept_languages.best
    return str(best) if best and best != "*" else None
