"""The mailbox of the default run shows the files, lets nothing foreign act, and is not there where mail leaves."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from returns_service.adapters.messages import MailFiles
from returns_service.app import create_app
from returns_service.domain.ports import Attachment, EmailMessage
from returns_service.store.db import Database
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import Clock, CountingBell, runtime

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ours(tmp_path: Path, sqlite_template: Path) -> Runtime:
    built = runtime(Database(f"sqlite:///{sqlite_template}"), tmp_path, Clock(), CountingBell())
    return replace(built, settings=built.settings.model_copy(update={"rate_limit": "off"}))


@pytest.fixture
def browser(ours: Runtime) -> FlaskClient:
    return create_app(ours).test_client()


@pytest.fixture
def name(ours: Runtime) -> str:
    """A mail that is there."""
    clock = Clock()
    clock.at -= timedelta(hours=2)
    message = EmailMessage(
        id="e1.customer.email@127.0.0.1",
        sender="Demo <returns@localhost>",
        to="ana@example.com",
        subject=f"R-7F3K-92QD: {HOSTILE}",
        text=f"Hello {HOSTILE}",
        html=f"<p>Hello</p>{HOSTILE}",
        attachments=(
            Attachment('../slip".pdf', "application/pdf", b"%PDF-1.7"),
            Attachment("a.html", "text/html", b"<b>"),
        ),
    )
    MailFiles(ours.settings.data_dir / "mail", clock).send(message)
    (file,) = (ours.settings.data_dir / "mail").glob("*.eml")
    return file.name


def test_an_empty_mailbox_says_so(browser: FlaskClient) -> None:
    answer = browser.get("/dev/mailbox")
    assert answer.status_code == 200
    assert "No mail yet" in answer.text


def test_the_list_shows_what_was_sent(browser: FlaskClient, name: str) -> None:
    shown = browser.get("/dev/mailbox").text
    assert "ana@example.com" in shown and "R-7F3K-92QD" in shown and "2 hours ago" in shown
    assert HOSTILE not in shown
    assert "ana@example.com" in browser.get("/dev/mailbox?q=92qd").text
    assert "No mail like that" in browser.get("/dev/mailbox?q=nobody").text


@pytest.mark.parametrize(
    ("view", "words"), [("html", "<iframe"), ("text", "Hello &lt;script&gt;"), ("headers", "Message-ID")]
)
def test_a_mail_is_shown_in_three_ways(browser: FlaskClient, name: str, view: str, words: str) -> None:
    answer = browser.get(f"/dev/mailbox/{name}?view={view}")
    assert answer.status_code == 200 and words in answer.text
    assert HOSTILE not in answer.text


def test_the_html_part_is_locked_in(browser: FlaskClient, name: str) -> None:
    assert 'sandbox=""' in browser.get(f"/dev/mailbox/{name}").text
    answer = browser.get(f"/dev/mailbox/{name}/body")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy


def test_attachments_can_be_opened(browser: FlaskClient, name: str) -> None:
    answer = browser.get(f"/dev/mailbox/{name}/files/0")
    assert answer.data == b"%PDF-1.7" and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert (
        browser.get(f"/dev/mailbox/{name}/files/1").headers["Content-Disposition"].startswith("attachment; ")
    )
    assert browser.get(f"/dev/mailbox/{name}/files/2").status_code == 404


@pytest.mark.parametrize(
    "wrong", ["nothing.eml", "..%2f..%2fsecret", "%2e%2e/secret", "a" * 300 + ".eml", ".eml"]
)
def test_other_files_cannot_be_read(browser: FlaskClient, name: str, wrong: str) -> None:
    assert browser.get(f"/dev/mailbox/{wrong}").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"smtp_url": "smtp://mail.example"},
        {"host": "0.0.0.0", "demo": False},
        {"public_url": "https://returns.example.com", "demo": False},
    ],
)
def test_it_is_not_there_where_mail_is_real(ours: Runtime, name: str, changes: dict[str, object]) -> None:
    real = replace(ours, settings=ours.settings.model_copy(update=changes))
    browser = create_app(real).test_client()
    for path in ("", f"/{name}", f"/{name}/body", f"/{name}/files/0"):
        assert browser.get(f"/dev/mailbox{path}").status_code == 404
