"""The OpenAPI 3.1 document, generated from the rules of the operations."""

import http
from collections.abc import Iterator
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask
from flask_smorest import Api

from returns_service import __version__
from returns_service.api import examples
from returns_service.api.answers import PROBLEM
from returns_service.api.call import Rules, Shown
from returns_service.api.operation import OPEN
from returns_service.api.schemas import answers
from returns_service.domain.events import MEANING
from returns_service.domain.scopes import SCOPES

_ABOUT = """After-sales returns, exchanges, replacements, repairs and compensation beside any storefront.

Amounts are decimal strings in the order's currency, instants are RFC 3339 in UTC. Every answer from 400 upwards is a
problem document (RFC 9457) with a stable `code`; each is explained at the address in its `type`. Unknown fields and
unknown query parameters are refused. Members may be added to answers and values to enumerations within `/v1`."""

_EVERYWHERE = (400, 401, 403, 413, 415, 429, 500, 503)
_HEADERS = {
    "idempotency": {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
        "description": "Your own name for this request. A repeat gives the first answer again, marked "
        "`Idempotency-Replayed: true`; the same key with another body is 422. Kept for 30 days.",
        "example": "6f1c9a52-return-1001",
    },
    "if_match": {
        "name": "If-Match",
        "in": "header",
        "schema": {"type": "string", "pattern": r'^"[1-9][0-9]{0,8}"$'},
        "description": "The ETag of the case that the decision is based on; a stale one is 412.",
        "example": '"2"',
    },
    "actor": {
        "name": "Returns-Actor",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"^[!-~]([ -~]*[!-~])?$"},
        "description": "The person for whom the program acts; written into the history.",
        "example": "Ben Weber",
    },
}


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
    return str(resolve_schema_cls(schema).__name__).removesuffix("Body")


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
    spec.components.schema("Event", schema=answers.Event) if "Event" not in spec.components.schemas else None
    document: dict[str, Any] = spec.to_dict()
    document["components"]["responses"] = dict(_problem_responses())
    _rename(document, "x-propertyNames", "propertyNames")
    return document


def _problem_responses() -> Iterator[tuple[str, Any]]:
    for status, (code, detail) in examples.PROBLEMS.items():
        example = examples.problem(status, code, detail)
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
        shown: dict[str, Any] = {"description": http.HTTPStatus(status).phrase, "content": content}
        if status in (429, 503):
            shown["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
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


def operation_doc(doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_kwargs: Any) -> dict[str, Any]:
    """What flask-smorest asks for each operation (a `_prepare_doc_cbks` callback)."""
    rules: Rules | None = doc_info.get("rules")
    if rules is None:
        return doc
    doc["security"] = [] if rules.scope == OPEN else [{"key": [rules.scope]}]
    doc["x-scope"] = rules.scope
    doc["parameters"] = list(_parameters(rules))
    if request_body := _request_body(rules):
        doc["requestBody"] = request_body
    doc["responses"] = {str(shown.status): _answer(shown) for shown in rules.answers} | {
        str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _problems(rules, method)
    }
    return doc


def _parameters(rules: Rules) -> Iterator[dict[str, Any]]:
    if rules.query is not None:
        yield {"in": "query", "schema": rules.query}
    if rules.if_match:
        yield _HEADERS["if_match"] | {"required": rules.if_match == "required"}
    if rules.idempotency:
        yield _HEADERS["idempotency"] | {"required": rules.idempotency == "required"}
    if rules.scope != OPEN:
        yield _HEADERS["actor"]


def _request_body(rules: Rules) -> dict[str, Any] | None:
    if rules.upload:
        return {"required": True, "content": {"multipart/form-data": {"schema": examples.UPLOAD}}}
    if rules.body is None:
        return None
    shown = {"schema": rules.body}
    if rules.body_example is not None:
        shown["example"] = rules.body_example
    return {"required": rules.body_required, "content": {"application/json": shown}}


def _answer(shown: Shown) -> dict[str, Any]:
    described: dict[str, Any] = {"description": shown.description or http.HTTPStatus(shown.status).phrase}
    if shown.schema is not None:
        content: dict[str, Any] = {"schema": shown.schema}
        example = shown.example if shown.example is not None else examples.of_schema(shown.schema)
        if example is not None:
            content["example"] = example
        described["content"] = {shown.content_type: content}
    if shown.schema is answers.Case:
        tag = {"schema": {"type": "string"}, "description": "The version of the case."}
        described["headers"] = {"ETag": tag}
    return described


def _problems(rules: Rules, method: str) -> list[int]:
    statuses = {404, 422, *_EVERYWHERE}
    if method != "get" and not rules.reads_only:
        statuses |= {409}
    if rules.if_match:
        statuses |= {412, 428}
    if rules.scope == OPEN:
        statuses -= {403}
    return sorted(statuses)


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
