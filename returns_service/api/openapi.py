"""The OpenAPI 3.1 document, generated from the rules of the operations."""

import http
from collections.abc import Iterator
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask
from flask_smorest import Api

from returns_service import __version__
from returns_service.api import problem_examples
from returns_service.api.answers import PROBLEM
from returns_service.api.schemas import answers
from returns_service.domain.events import MEANING
from returns_service.domain.scopes import SCOPES

_ABOUT = """After-sales returns, exchanges, replacements, repairs and compensation beside any storefront.

Amounts are decimal strings in the order's currency, instants are RFC 3339 in UTC. Every answer from 400 upwards is a
problem document (RFC 9457) with a stable `code`; each is explained at the address in its `type`. Unknown fields and
unknown query parameters are refused. Members may be added to answers and values to enumerations within `/v1`."""


class Document(Api):
    """flask-smorest's Api with our problem documents and our names of schemas."""

    ERROR_SCHEMA = answers.Problem
    DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
    """Only flask-smorest's own default responses look at it, and those are problems."""

    def _register_error_handlers(self) -> None:
        """Errors have one home: `api/errors.py`."""


def create(app: Flask) -> Document:
    app.config.update(API_TITLE="Returns service", API_VERSION=__version__, OPENAPI_VERSION="3.1.0")
    return Document(
        app,
        spec_kwargs={
            "info": {"description": _ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "servers": [{"url": "/", "description": "This service"}],
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name),
            "webhooks": _webhooks(),
        },
    )


def _schema_name(schema: Any) -> str:
    kind: Any = resolve_schema_cls(schema)
    return str(kind.__name__)


def finish(api: Document) -> dict[str, Any]:
    """The document, complete: security, problems, webhooks' schema."""
    spec = api.spec
    spec.components.security_scheme(
        "key",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of the shop: `Authorization: Bearer rk_...`.\n\nScopes:\n"
            + "\n".join(f"- `{name}`: {text}" for name, text in SCOPES.items()),
        },
    )
    for shape in (answers.Event, answers.Problem):
        if shape.__name__ not in spec.components.schemas:
            spec.components.schema(shape.__name__, schema=shape)
    document: dict[str, Any] = spec.to_dict()
    document["components"]["schemas"].pop("PaginationMetadataSchema", None)  # of flask-smorest's own pages
    document["components"]["responses"] = dict(_problem_responses())
    _rename(document, "x-propertyNames", "propertyNames")
    return document


def _problem_responses() -> Iterator[tuple[str, Any]]:
    for status, (code, detail) in problem_examples.PROBLEMS.items():
        example = problem_examples.problem(status, code, detail)
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
        shown: dict[str, Any] = {"description": http.HTTPStatus(status).phrase, "content": content}
        if status in (429, 503):
            shown["headers"] = {
                "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}
            }
        yield f"Problem{status}", shown


def _rename(node: Any, old: str, new: str) -> None:
    if isinstance(node, dict):
        if old in node:
            node[new] = node.pop(old)
        for inner in node.values():
            _rename(inner, old, new)
    elif isinstance(node, list):
        for inner in node:
            _rename(inner, old, new)


def _webhooks() -> dict[str, Any]:
    """What is sent to webhook endpoints, one entry for each type of event."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}
    return {
        kind.value: {
            "post": {
                "operationId": f"on_{kind.value.replace('.', '_')}",
                "summary": meaning,
                "tags": ["webhooks"],
                "requestBody": {"required": True, "content": content},
                "responses": {"2XX": {"description": "Taken. Anything else is tried again."}},
            }
        }
        for kind, meaning in MEANING.items()
    }
