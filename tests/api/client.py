"""A client of the API for tests: every answer is held against the document, every problem against its form."""

import itertools
import re
from dataclasses import replace
from functools import cached_property
from json import dumps
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
from flask import Flask
from werkzeug.test import TestResponse

from returns_service.api.catalogue import CATALOGUE
from returns_service.app import create_app
from returns_service.store.db import Database
from returns_service.usecases.create_key import create_key
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import Clock, CountingBell, runtime
from tests.shop import a_shop, example_order

_numbers = itertools.count(1)


_made: list[Flask] = []


def _shared(runtime: Runtime) -> Flask:
    if not _made:
        _made.append(create_app(runtime))
    return _made[0]


class Behind:
    """What is behind the API: the application, its clock, its shops."""

    def __init__(self, runtime: Runtime, clock: Clock, shops: dict[str, UUID]) -> None:
        self.runtime, self.clock, self.shops = runtime, clock, shops

    @cached_property
    def app(self) -> Flask:
        """One application serves all tests that need no limit of their own: making one takes longer than a test."""
        if self.runtime.settings.rate_limit != "off":
            return create_app(self.runtime)
        app = _shared(self.runtime)
        app.extensions["runtime"] = self.runtime
        app.extensions["known_keys"].forget()
        return app

    def shop(self, slug: str) -> None:
        with self.runtime.db.begin() as session:
            self.shops[slug] = a_shop(session, now=self.clock(), slug=slug).id

    def key(self, *scopes: str, shop: str = "demo") -> "Api":
        with self.runtime.db.begin() as session:
            _, secret = create_key(session, self.shops[shop], name="test", scopes=scopes, now=self.clock())
        return Api(self, secret)

    def stranger(self) -> "Api":
        return Api(self, None)


def unlimited(database: Database, folder: Path, clock: Clock) -> Runtime:
    """A runtime whose API counts no requests."""
    ours = runtime(database, folder, clock, CountingBell())
    return replace(ours, settings=ours.settings.model_copy(update={"rate_limit": "off"}))


class Api:
    """Calls with one key."""

    def __init__(self, behind: Behind, secret: str | None) -> None:
        self.behind, self.secret = behind, secret

    def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        key: str | None = "new",
        match: object = None,
        **kwargs: Any,
    ) -> TestResponse:
        headers = dict(kwargs.pop("headers", {}))
        if self.secret:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        if method == "POST" and key is not None:
            headers.setdefault("Idempotency-Key", f"key-{next(_numbers)}" if key == "new" else key)
        if match is not None:
            headers["If-Match"] = f'"{match}"'
        if json is not None:
            kwargs |= {"data": dumps(json), "content_type": "application/json"}
        answer = self.behind.app.test_client().open(
            path, method=method, headers=headers, buffered=True, **kwargs
        )
        holds(self.behind.app, answer)
        return answer

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> TestResponse:
        return self.call("POST", path, {} if json is None and "data" not in kwargs else json, **kwargs)

    def put(self, path: str, json: Any = None, **kwargs: Any) -> TestResponse:
        return self.call("PUT", path, json, **kwargs)

    def order(
        self, order_id: str = "1001", lines: dict[str, int] | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Put an order of two shirts, delivered two days ago."""
        answer = self.put(
            f"/v1/orders/{order_id}", example_order(lines or {"1": 2}, number=order_id) | changes
        )
        assert answer.status_code in (200, 201), answer.json
        return answer.json

    def open_case(self, order_id: str = "1001", quantity: int = 1, **changes: Any) -> dict[str, Any]:
        """Open a case of a customer who changed her mind."""
        answer = self.post("/v1/returns", wish(order_id, quantity, **changes))
        assert answer.status_code == 201, answer.json
        return answer.json


def wish(order_id: str = "1001", quantity: object = 1, **changes: Any) -> dict[str, Any]:
    """The body of a request for units of line 1."""
    line = {"order_line_id": "1", "quantity": quantity, "reason": "changed_mind", "condition": "unopened"}
    line |= changes.pop("line", {})
    return {"order_id": order_id, "lines": [line], "language": "en"} | changes


def holds(app: Flask, answer: TestResponse) -> None:
    """Every answer from 400 on is a problem that the catalogue knows; every JSON answer fits the document."""
    assert answer.headers["traceparent"]
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json", answer.data
        body = answer.json
        assert body["status"] == answer.status_code
        assert {"type", "title", "status", "detail", "code", "trace_id"} <= set(body)
        assert body["code"] in CATALOGUE, body["code"]
        assert CATALOGUE[body["code"]].status == answer.status_code, body["code"]
        assert all(fault["code"] in CATALOGUE for fault in body.get("errors", [])), body["errors"]
        assert body["detail"]
        if answer.status_code == 409:
            assert {"state", "actions"} <= set(body)
        return
    fits(app, answer)


def fits(app: Flask, answer: TestResponse) -> None:
    """A JSON answer is what the OpenAPI document says of its operation."""
    document = app.extensions["openapi"]
    operation = operation_of(app, answer.request.method, answer.request.path)
    if operation is None or answer.mimetype != "application/json":
        return
    described = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**described, "components": document["components"]})
    validator.validate(answer.json)


def operation_of(app: Flask, method: str, path: str) -> dict[str, Any] | None:
    """The document's operation that answers a path; a literal segment wins over a parameter."""
    paths = app.extensions["openapi"]["paths"]
    fitting = [known for known in paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)]
    best = min(fitting, key=lambda known: known.count("{"), default=None)
    found: dict[str, Any] | None = paths[best].get(method.lower()) if best else None
    return found
