"""The bytes of a mail, as the email package and so any mail reader takes them apart again."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage as Mime

import pytest

from returns_service.adapters.messages.mime import compose
from returns_service.domain.ports import Attachment, EmailMessage

NOW = datetime(2026, 11, 21, 14, 7, 17, tzinfo=UTC)
PLAIN = EmailMessage(
    id="notice-0193@returns.example",
    sender="Hanse Mode <returns@shop.example>",
    to="ana@example.com",
    subject="R-7F3K-92QD: We have refunded €51.50",
    text="Hello",
)
LINES = "Hello\n\n.\nFrom here on:\n-- \nx\ty \n"
"""A lone dot, a false envelope, a signature and a blank at the end: what mail breaks first."""


def parsed(message: EmailMessage) -> Mime:
    content = compose(message, NOW).content
    assert b"\n" not in content.replace(b"\r\n", b"") and b"\r" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    read = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(read, Mime)
    assert [part.defects for part in read.walk()] == [[] for _ in read.walk()]
    return read


@pytest.mark.parametrize(
    ("text", "way"),
    [
        (LINES, "7bit"),
        ("a" * 3000 + "\n", "quoted-printable"),
        (LINES + "You get back €51.50 = " + "long " * 300 + "é\n", "quoted-printable"),
        (LINES + "退貨申請已通過。" * 200 + "\n", "base64"),
    ],
)
def test_text_travels_whole_in_the_form_that_suits_it(text: str, way: str) -> None:
    mail = parsed(
        replace(PLAIN, text=text, html=text, attachments=(Attachment("a.txt", "text/plain", b"x"),))
    )
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None and part["Content-Transfer-Encoding"] == way
        assert part.get_content().replace("\r\n", "\n") == text


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_lines_end_as_mail_wants_it(ends: str) -> None:
    assert parsed(replace(PLAIN, text=f"a{ends}b{ends}")).get_content() == "a\r\nb\r\n"


@pytest.mark.parametrize(
    "subject",
    [
        "plain",
        "R-1: 退貨 已 通過",
        "R-1:  two blanks é",
        " é",
        "=?utf-8?q?no?= é",
        "x" * 300 + " é",
        "€51.50",
        "退貨" * 90,
        "x" * 600,
        "=?utf-8?q?not=20encoded?=",
        "a\tb",
        "",
    ],
)
def test_any_subject_is_read_as_it_was_written(subject: str) -> None:
    assert parsed(replace(PLAIN, subject=subject))["Subject"] == subject


def test_the_number_of_a_case_can_be_found_in_the_file() -> None:
    assert b"Subject: R-7F3K-92QD: We have refunded\r\n =?utf-8?b?" in compose(PLAIN, NOW).content


@pytest.mark.parametrize("name", ["", "Keller, Ana", '"Ana" \\ K', "王小明", "Ünal Çelik-Öztürk"])
def test_any_name_stands_beside_its_address(name: str) -> None:
    quoted = name.replace("\\", r"\\").replace('"', r"\"")
    address = f'"{quoted}" <ana@example.com>'
    mail = parsed(replace(PLAIN, to=address, headers={"Reply-To": address}))
    for header in ("To", "Reply-To"):
        (found,) = mail[header].addresses
        assert (found.display_name, found.addr_spec) == (name, "ana@example.com")


def test_a_long_name_is_written_in_pieces() -> None:
    content = compose(replace(PLAIN, sender=f"{'汉萨时装旗舰店' * 9} <a@shop.example>"), NOW).content
    raw = email.message_from_bytes(content)["From"]
    assert str(make_header(decode_header(raw))) == f"{'汉萨时装旗舰店' * 9} <a@shop.example>"
    assert max(len(line) for line in raw.splitlines()) < 76


def test_an_address_of_the_shop_that_is_none_stops_no_mail() -> None:
    content = compose(replace(PLAIN, headers={"Reply-To": "call us"}), NOW).content
    assert b"\r\nReply-To: call us\r\n" in content


@pytest.mark.parametrize(
    "name", ["slip.pdf", 'my "slip".pdf', "退貨單.pdf", "a\r\nBcc: x@y.example", "长" * 200 + ".pdf"]
)
def test_any_file_keeps_its_name_and_bytes(name: str) -> None:
    data = bytes(range(256)) * 9
    (found,) = parsed(
        replace(PLAIN, attachments=(Attachment(name, "application/pdf", data),))
    ).iter_attachments()
    assert found.get_content() == data and found.get_content_type() == "application/pdf"
    assert found.get_filename() == name[-80:]


def test_a_text_cannot_end_its_part() -> None:
    first = compose(replace(PLAIN, html="<p>"), NOW).content
    mark = first.split(b'boundary="')[1].split(b'"')[0].decode()
    mail = parsed(replace(PLAIN, html="<p>", text=f"--{mark}--\r\n"))
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_an_address_in_any_script_stays_as_it_is() -> None:
    mail = compose(replace(PLAIN, to="小明 <ming@例子.com>"), NOW)
    assert mail.international and mail.to == "ming@例子.com"
    assert "<ming@例子.com>".encode() in mail.content
    assert not compose(PLAIN, NOW).international
