"""An operation: a view with its scope, bodies, answers and rules, declared by decorators that also document it.

    @blp.post("/returns/<uuid:return_id>/approve")
    @scope("staff")
    @body(ApproveBody)
    @answers(CASE)
    @if_match()
    @idempotent()
    def approve_return(session, call, return_id): ...

The view is handed a session in one transaction (reading for GET, writing otherwise) and a `Call`: the actor, the
checked body and query, the expected version. It calls one use case and gives an answer. In order: rate limit,
credential, content, effect, commit.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Any, TypeVar

from flask import Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema

from returns_service.api import auth
from returns_service.api.call import OPEN, Call, Rules, Shown, View
from returns_service.api.concurrency import expected_version
from returns_service.api.converters import resolved
from returns_service.api.idempotency import Once, key_of, once
from returns_service.api.operation_doc import operation_doc
from returns_service.api.parsing import json_body, query
from returns_service.api.schemas.base import load
from returns_service.domain.errors import InvalidMany
from returns_service.domain.scopes import SCOPES
from returns_service.usecases.runtime import Runtime

V = TypeVar("V", bound=Callable[..., Any])


def rules_of(view: Any) -> Rules:
    if not hasattr(view, "rules"):
        view.rules = Rules()
    found: Rules = view.rules
    return found


def _declare(**values: Any) -> Callable[[V], V]:
    def decorate(view: V) -> V:
        for name, value in values.items():
            setattr(rules_of(view), name, value)
        return view

    return decorate


def scope(name: str) -> Callable[[V], V]:
    """What a key must be allowed to do."""
    if name not in SCOPES and name != OPEN:
        raise ValueError(f"There is no scope {name!r}.")
    return _declare(scope=name)


def body(schema: type[Schema], *, required: bool = True, example: Any = None) -> Callable[[V], V]:
    """The JSON body."""
    return _declare(body=schema(), body_required=required, body_example=example)


def takes_query(schema: type[Schema]) -> Callable[[V], V]:
    """The query parameters."""
    return _declare(query=schema())


def answers(schema: Any, status: int = 200, **shown: Any) -> Callable[[V], V]:
    """An answer that the view may give."""

    def decorate(view: V) -> V:
        rules_of(view).answers.insert(0, Shown(status, schema, **shown))
        return view

    return decorate


def if_match(rule: str = "required") -> Callable[[V], V]:
    """A decision names the version it was based on."""
    return _declare(if_match=rule)


def idempotent(rule: str = "optional", *, hides: str | None = None) -> Callable[[V], V]:
    """Whether an Idempotency-Key is kept or demanded; `hides` names a secret that only the first answer shows."""
    return _declare(idempotency=rule, hides=hides)


def reads_only() -> Callable[[V], V]:
    """A POST without effect."""
    return _declare(reads_only=True)


def uploads(most: int) -> Callable[[V], V]:
    """A body of multipart/form-data with at most so many bytes."""
    return _declare(upload=most)


class Resource(Blueprint):
    """A blueprint whose routes carry rules."""

    def operation(self, method: str, path: str) -> Callable[[View], View]:
        def register(view: View) -> View:
            rules = rules_of(view)
            if rules.scope is None:
                raise ValueError(f"{method} {path} has no scope.")
            rules.name = view.__name__
            run: Any = wraps(view)(partial(_run, rules, view))
            run._apidoc = {"rules": rules}
            self.route(path, methods=[method], endpoint=view.__name__)(run)
            return view

        return register

    _prepare_doc_cbks: list[Any]

    def __init__(self, name: str, about: str) -> None:
        super().__init__(name, __name__, url_prefix="/v1", description=about)
        self._prepare_doc_cbks = [operation_doc]

    def get(self, path: str) -> Any:
        return self.operation("GET", path)

    def post(self, path: str) -> Any:
        return self.operation("POST", path)

    def put(self, path: str) -> Any:
        return self.operation("PUT", path)

    def patch(self, path: str) -> Any:
        return self.operation("PATCH", path)

    def delete(self, path: str) -> Any:
        return self.operation("DELETE", path)


def _run(rules: Rules, view: View, **path: Any) -> Response:
    runtime: Runtime = current_app.extensions["runtime"]
    now = runtime.now()
    if rules.upload:
        request.max_content_length = rules.upload
    actor = auth.nobody() if rules.scope == OPEN else auth.caller(str(rules.scope))
    call = Call(runtime, actor, now, _content(rules), _query(rules), expected_version(rules.if_match))
    key, ids = key_of(rules), resolved(path)
    if request.method == "GET" or rules.reads_only:
        with runtime.db.read() as session:
            return view(session, call, **ids)
    return once(call, Once(key, rules.hides), lambda session: view(session, call, **ids))


def _content(rules: Rules) -> Any:
    if rules.body is None:
        return {}
    return load(rules.body, json_body(required=rules.body_required))


def _query(rules: Rules) -> dict[str, Any]:
    schema = rules.query
    given = query(frozenset(schema.fields) if schema else frozenset())
    if schema is None:
        return {}
    try:
        return load(schema, given)
    except InvalidMany as wrong:
        faults = [replace(fault, pointer=f"?{fault.pointer[1:]}") for fault in wrong.faults]
        raise InvalidMany(faults, "The query cannot be accepted.") from None
