"""Every page of console and bench asks its questions of PostgreSQL too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from returns_service.app import create_app
from returns_service.store.db import Database
from returns_service.store.queues import SORTS, VIEWS
from tests.ground.postgres import Postgres
from tests.ground.runtime import Clock, CountingBell, runtime
from tests.pages.staff.conftest import Worker, furnish

KNOWN = {"view": "all", "name": "standard", "version": 1}


@pytest.fixture
def app(postgres: Postgres, postgres_template: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    name = postgres.create(postgres_template)
    furnish(postgres.url(name))
    database = Database(postgres.url(name))
    yield create_app(runtime(database, tmp_path, clock, CountingBell()))
    database.close()
    postgres.drop(name)


def pages(app: Flask, face: str, known: dict[str, object]) -> list[str]:
    """What can be asked for without the id of something."""
    adapter = app.url_map.bind("localhost")

    def is_page(rule: Rule) -> bool:
        away = any(word in rule.rule for word in ("sign-in", "sign-out", ".csv", "trials", "proposal"))
        return rule.rule.startswith(face) and "GET" in (rule.methods or ()) and not away

    rules = [rule for rule in app.url_map.iter_rules() if is_page(rule) and rule.arguments <= set(known)]
    return [adapter.build(rule.endpoint, {key: known[key] for key in rule.arguments}) for rule in rules]


def test_console(app: Flask) -> None:
    someone = Worker(app).at_console("administrator")
    queues = [f"/console/queues/{view}?sort={sort}" for view in VIEWS for sort in SORTS]
    (number,) = {word for word in someone.see("/console/queues/all").text.split('"') if "/cases/" in word}
    found = pages(app, "/console", {**KNOWN, "number": number.rpartition("/")[2].partition("?")[0]})
    assert len(found) >= 15
    csv = [
        "/console/figures/reasons.csv",
        "/console/figures/reason_articles.csv",
        "/console/search?q=ana",
        "/console/queues/all?q=ana&state=requested",
    ]
    for path in [*found, *queues, *csv]:
        assert someone.see(path).status_code < 500, path


def test_bench(app: Flask) -> None:
    someone = Worker(app).at_bench()
    for path in pages(app, "/warehouse", {}):
        assert someone.see(path).status_code < 500, path
