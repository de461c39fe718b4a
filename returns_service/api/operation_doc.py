"""What the OpenAPI document says about one operation, read from its rules."""

import http
from collections.abc import Iterator
from typing import Any

from returns_service.api import examples, problem_examples
from returns_service.api.call import OPEN, Rules, Shown
from returns_service.api.schemas import answers

_EVERYWHERE = (400, 401, 403, 413, 415, 429, 500, 503)
_HEADERS: dict[str, dict[str, Any]] = {
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


def operation_doc(
    doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_kwargs: Any
) -> dict[str, Any]:
    """What flask-smorest asks for each operation (a `_prepare_doc_cbks` callback)."""
    rules: Rules | None = doc_info.get("rules")
    if rules is None:
        return doc
    doc["operationId"] = rules.name
    doc["security"] = [] if rules.scope == OPEN else [{"key": [rules.scope]}]
    doc["x-scope"] = rules.scope
    doc["parameters"] = list(_parameters(rules))
    if request_body := _request_body(rules):
        doc["requestBody"] = request_body
    doc["responses"] = {str(shown.status): _answer(shown) for shown in rules.answers} | {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        for status in _problems(rules, method)
    }
    return doc


def _parameters(rules: Rules) -> Iterator[dict[str, Any]]:
    if rules.query is not None:
        yield {"in": "query", "schema": type(rules.query)}
    if rules.if_match:
        yield _HEADERS["if_match"] | {"required": rules.if_match == "required"}
    if rules.idempotency:
        yield _HEADERS["idempotency"] | {"required": rules.idempotency == "required"}
    if rules.scope != OPEN:
        yield _HEADERS["actor"]


def _request_body(rules: Rules) -> dict[str, Any] | None:
    if rules.upload:
        return {"required": True, "content": {"multipart/form-data": {"schema": problem_examples.UPLOAD}}}
    if rules.body is None:
        return None
    shown: dict[str, Any] = {"schema": type(rules.body)}
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
