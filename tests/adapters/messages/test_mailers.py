"""Every way a mail can leave keeps the same promises; SMTP is tried against a real SMTP server."""

import asyncio
import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage as Mime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from returns_service.adapters.messages import ChatFiles, MailFiles, Smtp
from returns_service.domain.ports import Attachment, DeliveryFailed, EmailMessage, Mailer

NOW = datetime(2026, 11, 21, 14, 7, 17, tzinfo=UTC)
MESSAGE = EmailMessage(
    id="notice-0193.r@returns.example",
    sender="Hanse Mode <returns@shop.example>",
    to="王小明 <ming@example.com>",
    subject="R-7F3K-92QD: 退貨申請已通過",
    text="您好，\n退貨申請已通過。\n.\nA line with one dot above.\n",
    html="<p>退貨申請已通過。</p>",
    language="zh-Hant",
    headers={"X-Return-Trace": "abc"},
    attachments=(Attachment("slip.pdf", "application/pdf", b"%PDF-1.7 \x00\xff"),),
)


class Inbox:
    """A real SMTP server's handler that can be told to misbehave."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.recipient = ""
        self.data = ""
        self.drop_after_data = False
        self.slow = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        await asyncio.sleep(self.slow)
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.slow)
        if self.data:
            return self.data
        self.messages.append(envelope.content)
        if self.drop_after_data:
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def smtp_url(inbox: Inbox) -> Iterator[str]:
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture(params=["files", "smtp"])
def post(request: pytest.FixtureRequest, tmp_path: Path, inbox: Inbox) -> Iterator[tuple[Mailer, Any]]:
    """A mailer and a function that shows what arrived."""
    if request.param == "files":
        yield (
            MailFiles(tmp_path / "mail", lambda: NOW),
            lambda: [f.read_bytes() for f in tmp_path.glob("mail/*.eml")],
        )
        return
    url = request.getfixturevalue("smtp_url")
    yield Smtp(url, lambda: NOW), lambda: inbox.messages


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def parsed(raw: bytes) -> Mime:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, Mime)
    return message


def test_the_message_arrives_whole(post: tuple[Mailer, Any]) -> None:
    mailer, arrived = post
    mailer.send(MESSAGE)
    (raw,) = arrived()
    mime = parsed(raw)
    assert mime["Subject"] == MESSAGE.subject
    assert mime["To"].addresses[0].display_name == "王小明"
    assert mime["Message-ID"] == "<notice-0193.r@returns.example>"
    assert mime["Auto-Submitted"] == "auto-generated"
    assert mime["X-Return-Trace"] == "abc"
    assert mime["Date"].datetime == NOW
    text, html = mime.get_body(("plain",)), mime.get_body(("html",))
    assert text is not None and html is not None
    assert text.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert "退貨申請已通過" in html.get_content()
    (slip,) = mime.iter_attachments()
    assert slip.get_filename() == "slip.pdf"
    assert slip.get_content() == MESSAGE.attachments[0].data


@pytest.mark.parametrize(
    "broken",
    [
        {"to": "a@b.example\r\nBcc: x@y.example"},
        {"to": "nobody"},
        {"to": ""},
        {"subject": "Hello\r\nBcc: x@y.example"},
        {"headers": {"X-Note": "a\nBcc: x@y.example"}},
    ],
)
def test_a_header_cannot_be_broken_open(post: tuple[Mailer, Any], broken: dict[str, Any]) -> None:
    mailer, arrived = post
    with pytest.raises(DeliveryFailed) as failed:
        mailer.send(replace(MESSAGE, **broken))
    assert failed.value.permanent and not failed.value.bounced
    assert arrived() == []


def test_a_long_subject_begins_with_its_first_word(post: tuple[Mailer, Any]) -> None:
    mailer, arrived = post
    subject = "R-XR2Y-WM5Q: Reminder: please answer our question by Friday 13 November 2026 " + "x" * 100
    mailer.send(replace(MESSAGE, subject=subject))
    assert parsed(arrived()[0])["Subject"] == subject


def test_reserved_headers_cannot_be_replaced(post: tuple[Mailer, Any]) -> None:
    mailer, arrived = post
    mailer.send(replace(MESSAGE, headers={"bcc": "x@y.example", "Subject": "other"}))
    mime = parsed(arrived()[0])
    assert mime["Bcc"] is None
    assert mime["Subject"] == MESSAGE.subject


def test_a_message_of_text_alone_is_fine(post: tuple[Mailer, Any]) -> None:
    mailer, arrived = post
    mailer.send(replace(MESSAGE, html=None, attachments=()))
    assert parsed(arrived()[0]).get_content_type() == "text/plain"


def test_the_same_message_is_the_same_file(tmp_path: Path) -> None:
    mailer = MailFiles(tmp_path, lambda: NOW)
    mailer.send(MESSAGE)
    mailer.send(replace(MESSAGE, text="again"))
    mailer.send(replace(MESSAGE, id="../../etc/passwd"))
    assert len(list(tmp_path.iterdir())) == 2
    assert all(file.suffix == ".eml" for file in tmp_path.iterdir())


class TestSmtp:
    @pytest.mark.parametrize(
        ("answer", "permanent", "bounced"),
        [
            ("451 4.7.1 Greylisted, try again in 15 minutes", False, False),
            ("450 busy", False, False),
            ("550 5.1.1 No such user", True, True),
            ("550 no such mailbox", True, True),
            ("550 5.7.1 We do not like you", True, False),
            ("554 5.7.1 Rejected", True, False),
        ],
    )
    def test_a_refused_recipient(
        self, smtp_url: str, inbox: Inbox, answer: str, permanent: bool, bounced: bool
    ) -> None:
        inbox.recipient = answer
        with pytest.raises(DeliveryFailed) as failed:
            Smtp(smtp_url, lambda: NOW).send(MESSAGE)
        assert (failed.value.permanent, failed.value.bounced) == (permanent, bounced)
        assert failed.value.reason == answer

    @pytest.mark.parametrize(
        ("answer", "permanent"), [("452 4.3.1 Disk full", False), ("554 5.6.0 Bad content", True)]
    )
    def test_refused_content(self, smtp_url: str, inbox: Inbox, answer: str, permanent: bool) -> None:
        inbox.data = answer
        with pytest.raises(DeliveryFailed) as failed:
            Smtp(smtp_url, lambda: NOW).send(MESSAGE)
        assert failed.value.permanent is permanent and not failed.value.bounced

    def test_a_connection_lost_after_the_data_is_repeated_with_the_same_id(
        self, smtp_url: str, inbox: Inbox
    ) -> None:
        inbox.drop_after_data = True
        mailer = Smtp(smtp_url, lambda: NOW)
        with pytest.raises(DeliveryFailed) as failed:
            mailer.send(MESSAGE)
        assert not failed.value.permanent
        inbox.drop_after_data = False
        mailer.send(MESSAGE)
        assert {parsed(raw)["Message-ID"] for raw in inbox.messages} == {"<notice-0193.r@returns.example>"}

    def test_a_server_that_is_slow_at_each_step_is_left_in_time(self, smtp_url: str, inbox: Inbox) -> None:
        inbox.slow = 0.3
        with pytest.raises(DeliveryFailed) as failed:
            Smtp(smtp_url, lambda: NOW, timeout=5, whole=0.5).send(MESSAGE)
        assert not failed.value.permanent

    def test_an_address_in_any_script_goes_to_servers_that_take_it(self, smtp_url: str, inbox: Inbox) -> None:
        Smtp(smtp_url, lambda: NOW).send(replace(MESSAGE, to="王小明 <ming@例子.com>"))
        assert "<ming@例子.com>".encode() in inbox.messages[0]

    def test_an_address_in_any_script_is_refused_where_no_server_takes_it(self, inbox: Inbox) -> None:
        controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
        controller.start()
        try:
            with pytest.raises(DeliveryFailed) as failed:
                Smtp(f"smtp://127.0.0.1:{controller.port}", lambda: NOW).send(
                    replace(MESSAGE, to="ming@例子.com")
                )
        finally:
            controller.stop()
        assert failed.value.permanent and inbox.messages == []

    def test_nobody_listening_is_temporary(self) -> None:
        with pytest.raises(DeliveryFailed) as failed:
            Smtp("smtp://127.0.0.1:9", lambda: NOW, timeout=1).send(MESSAGE)
        assert not failed.value.permanent

    @pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
    @pytest.mark.parametrize(("password", "taken"), [("s%23cret", True), ("wrong", False)])
    def test_signs_in(self, inbox: Inbox, password: str, taken: bool) -> None:
        def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
            return AuthResult(success=data.password == b"s#cret")

        port = free_port()
        controller = Controller(
            inbox,
            hostname="127.0.0.1",
            port=port,
            authenticator=check,
            auth_required=True,
            auth_require_tls=False,
        )
        controller.start()
        try:
            mailer = Smtp(f"smtp://shop:{password}@127.0.0.1:{port}", lambda: NOW, timeout=1)
            if taken:
                mailer.send(replace(MESSAGE, to="a@b.example"))
            else:
                with pytest.raises(DeliveryFailed) as failed:
                    mailer.send(replace(MESSAGE, to="a@b.example"))
                assert not failed.value.permanent
            assert len(inbox.messages) == taken
        finally:
            controller.stop()

    @pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25"])
    def test_a_wrong_address_of_the_server_is_refused_at_start(self, url: str) -> None:
        with pytest.raises(ValueError, match="RETURNS_SMTP_URL"):
            Smtp(url, lambda: NOW)


def test_short_messages_are_kept_in_a_file(tmp_path: Path) -> None:
    ChatFiles(tmp_path / "chat.jsonl").send("+49170", "退货", title="R-1")
    assert (tmp_path / "chat.jsonl").read_text(
        "utf-8"
    ) == '{"to": "+49170", "title": "R-1", "text": "退货"}\n'
