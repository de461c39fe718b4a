"""A shop behind its portal, and a customer with a browser and a mailbox."""

import email
import email.policy
import html
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from returns_service.app import create_app
from returns_service.domain.actor import Actor
from returns_service.jobs.relay import drain
from returns_service.store.db import Database
from returns_service.store.tables import ReturnCase
from returns_service.usecases.cancel import cancel
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON, Clock, CountingBell, runtime
from tests.shop import a_shop, example_order, put

HTML = {"Accept": "text/html"}


class Customer:
    """A browser that keeps cookies and fills in forms, and a mailbox."""

    def __init__(self, ours: Runtime, browser: FlaskClient, folder: Path, clock: Clock) -> None:
        self.runtime, self.browser, self.folder, self.clock = ours, browser, folder, clock
        self.page = ""

    def see(self, path: str, status: int = 200) -> str:
        return self._took(self.browser.get(path, follow_redirects=True, headers=HTML), status)

    def send(self, path: str, status: int = 200, **fields: Any) -> str:
        """Post a form of the page at hand, with its token, and follow to where it leads."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page)
        fields["csrf"] = token[1] if token else ""
        answer = self.browser.post(path, data=fields, follow_redirects=True, headers=HTML)
        return self._took(answer, status)

    def _took(self, answer: TestResponse, status: int) -> str:
        assert answer.status_code == status, answer.text[-2000:]
        self.page, self.path = answer.text, answer.request.path
        return html.unescape(answer.text)

    def mails(self) -> list[Any]:
        """Everything that was sent, newest last."""
        drain(self.runtime)
        files = sorted(self.folder.glob("mail/*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def code(self) -> str:
        """From the newest mail that has one."""
        found = [re.search(r"\b(\d{6})\b", mail["Subject"]) for mail in self.mails()]
        return [match[1] for match in found if match][-1]

    def link(self) -> str:
        """The link of the newest mail with a code, without its host."""
        text = self.mails()[-1].get_body(("plain",)).get_content()
        found = re.search(r"https?://[^/\s]+(/portal/\S+)", text)
        assert found is not None
        return found[1]

    def come_in(self, number: str = "1001", address: str = "ana@example.com") -> str:
        self.see("/portal/demo")
        self.send("/portal/demo", number=number, email=address)
        return self.send("/portal/demo/code", code=self.code())

    def choose(self, **quantities: str) -> str:
        """Choose items; gives the address of the draft."""
        self.send("/portal/demo/items", **(quantities or {"quantity-0": "1"}))
        return self.path.split("/why/")[0]

    def wish(self, draft: str, n: int = 0, *, by: str = "mail", **wanted: str) -> str:
        """What is wanted for one item, and where it is asked then, how it comes back."""
        said = self.send(f"{draft}/wish/{n}", **(wanted or {"resolution": "refund"}))
        return self.send(f"{draft}/send", method=by) if self.path.endswith("/send") else said

    def request(self, reason: str = "changed_mind", wish: str = "refund") -> str:
        """A whole return; gives its number."""
        draft = self.choose()
        self.see(f"{draft}/why/0/keep")
        self.send(f"{draft}/why/0/keep", reason=reason, condition="unopened", comment="")
        self.wish(draft, resolution=wish)
        self.send(f"{draft}/check")
        return self.path.rsplit("/", 1)[-1]

    def called_off(self, number: str) -> None:
        """The shop cancels a return: a decision that can be objected to."""
        with self.runtime.db.begin() as session:
            case = session.exec(select(ReturnCase).where(ReturnCase.number == number)).one()
            staff = Actor.of("staff", case.shop_id)
            cancel(session, case.id, expected=None, actor=staff, now=self.runtime.now())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def open_shop(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a shop, its policy and two orders; made once, copied for every test."""
    path = tmp_path_factory.mktemp("portal") / "returns.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.begin() as session:
        row = a_shop(session, now=NOON)
        row.brand = {"colour": "#7a1f3d", "support_email": "help@demo.example"}
        row.settings = {"portal_secret": "a-secret-of-the-shop"}
        session.add(row)
        session.flush()
        actor = Actor.of("storefront", row.id)
        put(session, example_order({"1": 2, "2": 1}), actor=actor, now=NOON)
        other = example_order({"1": 1}, number="2002", customer={"email": "ben@example.com", "name": "Ben"})
        put(session, other, actor=actor, now=NOON, order_id="2002")
    database.close()
    return path


@pytest.fixture
def ours(tmp_path: Path, open_shop: Path, clock: Clock) -> Iterator[Runtime]:
    shutil.copyfile(open_shop, tmp_path / "returns.db")
    database = Database(f"sqlite:///{tmp_path / 'returns.db'}")
    built = runtime(database, tmp_path, clock, CountingBell())
    yield replace(built, settings=built.settings.model_copy(update={"rate_limit": "off"}))
    database.close()


@pytest.fixture
def customer(ours: Runtime, tmp_path: Path, clock: Clock) -> Customer:
    return Customer(ours, create_app(ours).test_client(), tmp_path, clock)


@pytest.fixture
def stranger(ours: Runtime, tmp_path: Path, clock: Clock) -> Customer:
    """Another browser."""
    return Customer(ours, create_app(ours).test_client(), tmp_path, clock)
