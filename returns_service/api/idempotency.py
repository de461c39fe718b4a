"""`Idempotency-Key`: the answer is written in the transaction of its effect, and a repeat gets it again.

The key's row is the last insert of the transaction. A second caller with the same key waits: for the rows that
the first one locked, at the latest for the key's unique index. Then it is refused somewhere (the key is taken,
the units are held, the version is stale), is rolled back, finds the first one's answer and gives it again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

import orjson
from flask import Response, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from returns_service.api.call import Call, Rules
from returns_service.api.refusals import Malformed
from returns_service.domain.errors import Conflict, Invalid, Refusal
from returns_service.usecases.remember_answer import GivenAnswer, Repeated, recall_answer, remember_at_last

_KEY = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?', re.ASCII)
_KEPT_HEADERS = ("ETag", "Location", "Content-Type")
_TRY_AGAIN = ("40001", "40P01")
"""PostgreSQL: serialization failure, deadlock."""
_LOCK_TIMEOUT = "55P03"
_TRIES = 3

Work = Callable[[Session], Response]


@dataclass(frozen=True)
class Once:
    """Under which key a request is done once, and which member of its answer is a secret."""

    key: str | None
    hides: str | None = None


def key_of(rules: Rules) -> str | None:
    """The key of the request. Raises Malformed when it is missing where units or money are touched."""
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        if rules.idempotency == "required":
            raise Malformed(
                "idempotency_key_missing",
                "Send an Idempotency-Key of your own choice; a repeat then has no second effect.",
            )
        return None
    match = _KEY.fullmatch(sent.strip())
    if match is None:
        raise Malformed("idempotency_key", "An Idempotency-Key has 1 to 255 visible ASCII characters.")
    return match[1] if rules.idempotency else None


def once(call: Call, under: Once, work: Work) -> Response:
    """Do the work in one transaction, or give the answer that the same request got before."""
    for last in (False,) * (_TRIES - 1) + (True,):
        try:
            return _effect(call, under, work)
        except (Repeated, Refusal, StaleDataError, IntegrityError) as stopped:
            if under.key is not None and (given := _given(call, under.key)) is not None:
                return given
            if last or not isinstance(stopped, (Repeated, StaleDataError)):
                raise
        except OperationalError as busy:
            if last or _state(busy) not in _TRY_AGAIN:
                raise _still_running(busy, under.key) from busy
    raise AssertionError("the last try returns or raises")


def _effect(call: Call, under: Once, work: Work) -> Response:
    with call.runtime.db.begin() as session:
        response = work(session)
        if under.key is not None:
            remember_at_last(session, _answer(call, under, response), now=call.now)
    return response


def _answer(call: Call, under: Once, response: Response) -> GivenAnswer:
    return GivenAnswer(
        shop_id=call.actor.shop_id,
        key=under.key or "",
        route=f"{request.method} {request.path}"[:500],
        fingerprint=_fingerprint(call),
        status=response.status_code,
        headers={name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        body=_kept(response, under.hides),
    )


def _kept(response: Response, hides: str | None) -> str:
    body = response.get_data(as_text=True)
    return body if hides is None else orjson.dumps({**orjson.loads(body), hides: None}).decode()


def _given(call: Call, key: str) -> Response | None:
    with call.runtime.db.read() as session:
        given = recall_answer(session, call.actor.shop_id, key, now=call.now)
    if given is None:
        return None
    if given.fingerprint != _fingerprint(call):
        raise Invalid(
            "idempotency_key_reused", "This Idempotency-Key was used for another request; choose a new one."
        )
    response = Response(given.body, given.status, headers=dict(given.headers))
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(call: Call) -> str:
    """The request as it counts: who may see what, where to, and the body in canonical form."""
    asked = [request.method, request.full_path, call.staff, _canonical()]
    return sha256(orjson.dumps(asked)).hexdigest()


def _canonical() -> str:
    """JSON whatever the order of its members; a form with the digests of its files; else the bytes."""
    if request.mimetype == "multipart/form-data":
        files = [(name, _digest(sent.stream)) for name, sent in request.files.items(multi=True)]
        return orjson.dumps([sorted(request.form.items(multi=True)), sorted(files)]).decode()
    raw = request.get_data(cache=True)
    if request.mimetype != "application/json" or not raw:
        return sha256(raw).hexdigest()
    return orjson.dumps(orjson.loads(raw), option=orjson.OPT_SORT_KEYS).decode()


def _digest(stream: IO[bytes]) -> str:
    stream.seek(0)
    return sha256(stream.read()).hexdigest()


def _still_running(error: DBAPIError, key: str | None) -> Exception:
    if key is None or _state(error) != _LOCK_TIMEOUT:
        return error
    return Conflict(
        "still_running", "The first request with this Idempotency-Key is still running.", retry_after=1
    )


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", ""))
