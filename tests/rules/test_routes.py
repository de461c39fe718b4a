"""Every route is there on purpose: those of the API say who may call them, the others are listed here."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from returns_service.api.operation import OPEN
from returns_service.app import create_app
from returns_service.domain.scopes import SCOPES
from returns_service.wiring import build
from tests.ground.runtime import settings

READS = ("/preview", "/simulate")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
WITHOUT_KEY = {"/v1/openapi.json", "/v1/docs", "/v1/hooks/<shop>/<provider>"}
"""The document of the API, its page, and what gateways and carriers sign themselves."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    runtime = build(settings(tmp_path_factory.mktemp("routes")))
    yield create_app(runtime)
    runtime.db.close()


def api_routes(app: Flask) -> Iterator[tuple[str, str, object]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/v1/"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule, app.view_functions[rule.endpoint]


def declared(view: object) -> str | None:
    documented = getattr(view, "_apidoc", {}).get("rules")
    return documented.scope if documented else None


def test_every_route_of_the_api_has_a_scope(app: Flask) -> None:
    routes = [(method, rule, declared(view)) for method, rule, view in api_routes(app)]
    assert len(routes) > 40
    open_ = {rule for _, rule, scope in routes if scope in (None, OPEN)}
    assert {
        rule for rule in open_ if not any(rule.startswith(known.split("<")[0]) for known in WITHOUT_KEY)
    } == set()
    assert {scope for _, _, scope in routes if scope not in (None, OPEN)} <= set(SCOPES)


def test_every_route_of_the_api_is_in_its_document(app: Flask) -> None:
    paths = app.extensions["openapi"]["paths"]
    shown = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    served = {
        (method, PARAMETER.sub(r"{\1}", rule)) for method, rule, view in api_routes(app) if declared(view)
    }
    assert served <= shown


def test_where_units_or_money_move_a_repeat_is_harmless(app: Flask) -> None:
    posts = [
        (rule, view._apidoc["rules"].idempotency)
        for method, rule, view in api_routes(app)
        if method == "POST" and declared(view) not in (None, OPEN)
    ]
    assert [rule for rule, idempotency in posts if idempotency is None and not rule.endswith(READS)] == []
