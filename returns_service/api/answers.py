"""JSON answers, written by orjson from plain dicts."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Flask, Response
from flask.json.provider import JSONProvider

JSON = "application/json"
PROBLEM = "application/problem+json"


class OrjsonProvider(JSONProvider):
    """Flask's JSON in the form of RFC 3339 and without NaN."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return orjson.loads(s)


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    response = Response(orjson.dumps(data), status, content_type=JSON)
    response.headers.update(headers or {})
    return response


def case_answer(case: Mapping[str, Any], status: int = 200) -> Response:
    """A case, with the version that a decision on it must name."""
    headers = {"ETag": f'"{case["version"]}"'}
    if status == 201:
        headers["Location"] = f"/v1/returns/{case['id']}"
    return answer(case, status, headers)


def install(app: Flask) -> None:
    app.json = OrjsonProvider(app)
