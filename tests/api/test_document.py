"""The OpenAPI document: valid, complete, with examples that are true; and the pages that explain it."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate

from returns_service.api.catalogue import CATALOGUE
from returns_service.domain.events import EventType
from tests.api.client import Behind


@pytest.fixture
def document(behind: Behind) -> dict[str, Any]:
    return behind.stranger().get("/v1/openapi.json").json


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield f"{method} {path}", operation


def test_it_is_valid_openapi_3_1(document: dict[str, Any]):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_is_complete(document: dict[str, Any]):
    for name, operation in _operations(document):
        assert operation["summary"], name
        assert operation["operationId"], name
        assert operation["security"] == [] or operation["security"] == [{"key": [operation["x-scope"]]}], name
        statuses = set(operation["responses"])
        assert {"400", "401", "404", "413", "415", "422", "429", "500", "503"} <= statuses, name
        assert any(status.startswith("2") for status in statuses), name
        if not name.startswith("get"):
            assert "409" in statuses or name.endswith("/preview"), name


def test_operation_ids_are_unique(document: dict[str, Any]):
    ids = [operation["operationId"] for _, operation in _operations(document)]
    assert len(ids) == len(set(ids))


def test_every_json_body_and_answer_has_an_example_that_fits_its_schema(document: dict[str, Any]):
    for name, operation in _operations(document):
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        answers = [answer for answer in operation["responses"].values() if "$ref" not in answer]
        for body in [*bodies, *answers, *document["components"]["responses"].values()]:
            for kind, content in body.get("content", {}).items():
                if "json" in kind:
                    _fits(content["example"], content["schema"], document, name)


def _fits(example: Any, schema: dict[str, Any], document: dict[str, Any], name: str) -> None:
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    errors = [error.message for error in validator.iter_errors(example)]
    assert errors == [], name


def test_bodies_are_closed_and_answers_are_open(document: dict[str, Any]):
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("additionalProperties") is (not name.endswith("Body")), name


def test_every_event_type_is_a_webhook(document: dict[str, Any]):
    assert set(document["webhooks"]) == {kind.value for kind in EventType}


def test_the_page_of_the_document_needs_no_network(behind: Behind):
    stranger = behind.stranger()
    page = stranger.get("/v1/docs")
    assert page.mimetype == "text/html"
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/v1/")
        assert stranger.get(address).status_code == 200
    nonce = re.search(r"script-src 'nonce-([^']+)'", page.headers["Content-Security-Policy"])[1]
    assert page.text.count(f'<script nonce="{nonce}"') == page.text.count("<script")


def test_every_problem_has_a_page(behind: Behind):
    stranger = behind.stranger()
    for code in CATALOGUE:
        assert stranger.get(f"/problems/{code.replace('_', '-')}").status_code == 200, code
    assert stranger.get("/problems/nonsense").status_code == 404
    assert "units_held" in stranger.get("/problems").text
