"""A shop with people of every role, and browsers to sign in with."""

import html
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from returns_service.app import create_app
from returns_service.domain.actor import Actor
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.domain.roles import ROLES
from returns_service.store.db import Database
from returns_service.store.tables import ReturnCase
from returns_service.usecases.change_staff import give_badge
from returns_service.usecases.create_staff import create_staff
from returns_service.usecases.open_case import open_case
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON, Clock, CountingBell, runtime
from tests.shop import a_shop, example_order, put

PASSWORD = "correct horse battery"


class Worker:
    """A browser that keeps cookies and finds the token of the page at hand."""

    def __init__(self, app: Flask) -> None:
        self.browser: FlaskClient = app.test_client()
        self.page = ""

    def see(self, path: str, **headers: str) -> TestResponse:
        return self._took(self.browser.get(path, headers={"Accept": "text/html", **headers}))

    def send(self, path: str, *, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        fields.setdefault("csrf", self.token())
        return self._took(
            self.browser.post(path, data=fields, headers={"Accept": "text/html", **(headers or {})})
        )

    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.page)
        return found[1] if found else ""

    def _took(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and "csrf" in answer.text:
            self.page = answer.text
        return answer

    @property
    def words(self) -> str:
        return html.unescape(re.sub(r"<[^>]+>", " ", self.page))

    def at_console(self, role: str) -> "Worker":
        self.see("/console/sign-in")
        answer = self.send("/console/sign-in", email=f"{role}@example.com", password=PASSWORD)
        assert answer.status_code == 303, answer.text[-800:]
        self.see("/console/me")
        return self

    def at_bench(self) -> "Worker":
        self.see("/warehouse/sign-in")
        answer = self.send("/warehouse/sign-in", station="Bench 1", badge="B-1", pin="2468")
        assert answer.status_code == 303, answer.text[-800:]
        self.see("/warehouse/")
        return self


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def staffed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a shop, its people and one requested return; made once."""
    path = tmp_path_factory.mktemp("staff") / "returns.db"
    shutil.copyfile(sqlite_template, path)
    furnish(f"sqlite:///{path}")
    return path


def furnish(url: str) -> None:
    """Puts the shop, its people and the return into a migrated database."""
    database = Database(url)
    with database.begin() as session:
        shop = a_shop(session, now=NOON)
        session.flush()
        admin = Actor(shop.id, "staff", "Admin", frozenset({"admin"}))
        for role in ROLES:
            row, _ = create_staff(
                session,
                shop.id,
                email=f"{role}@example.com",
                name=role.title(),
                role=role,
                password=PASSWORD,
                now=NOON,
            )
            if role == "warehouse":
                give_badge(session, row.id, badge="B-1", pin="2468", actor=admin)
        storefront = Actor.of("storefront", shop.id)
        put(session, example_order({"1": 2, "2": 1}), actor=storefront, now=NOON)
        comment = "<script>alert(1)</script>"
        wish = ReturnRequest(lines=(RequestLine("1", 1, "changed_mind", comment=comment),))
        open_case(session, "1001", wish, actor=storefront, now=NOON, request_review=True)
    database.close()


@pytest.fixture
def ours(tmp_path: Path, staffed: Path, clock: Clock) -> Iterator[Runtime]:
    shutil.copyfile(staffed, tmp_path / "returns.db")
    database = Database(f"sqlite:///{tmp_path / 'returns.db'}")
    built = runtime(database, tmp_path, clock, CountingBell())
    open_ended = built.settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    yield Runtime(**{**built.__dict__, "settings": open_ended})
    database.close()


@pytest.fixture
def worker(ours: Runtime) -> Callable[[], Worker]:
    """A fresh browser of the same service."""
    app = create_app(ours)
    return lambda: Worker(app)


@pytest.fixture
def number(ours: Runtime) -> str:
    with ours.db.read() as session:
        return session.exec(select(ReturnCase)).one().number
