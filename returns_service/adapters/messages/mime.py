"""A message as RFC 5322 bytes: text and HTML side by side, attachments after them, no header that can be broken open.

Written by hand: the email package takes ten times as long, as it parses again whatever it is given.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import encode_rfc2231, format_datetime, parseaddr
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from returns_service.domain.ports import Attachment, DeliveryFailed, EmailMessage

LINE = 250
"""Long enough for any subject of ours: folded at its first blank it would begin with one."""

LONGEST = 998
"""No line of a mail may be longer."""

_ADDRESSED = frozenset({"from", "to", "cc", "bcc", "subject", "message-id", "date"})
RESERVED = _ADDRESSED | {"mime-version", "content-type", "content-transfer-encoding"}
END = b"\r\n"
_ASCII = bytes(range(128))
_NAME = re.compile(r"[!-9;-~]+")
_PLAIN = re.compile(r"[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@dataclass(frozen=True)
class Mail:
    """Ready for the wire. `international`: an address is not in ASCII, which not every server takes."""

    sender: str
    to: str
    content: bytes

    @property
    def international(self) -> bool:
        return not (self.sender + self.to).isascii()


def compose(message: EmailMessage, sent_at: datetime) -> Mail:
    """The message ready for the wire. Raises DeliveryFailed (permanent) when an address or a header is impossible."""
    try:
        return _compose(message, sent_at)
    except (ValueError, IndexError, MessageError) as wrong:
        # The email package reports a broken address with exactly these.
        raise DeliveryFailed(f"The message cannot be written: {wrong}", permanent=True) from wrong


def _compose(message: EmailMessage, sent_at: datetime) -> Mail:
    sender, to = _mailbox(message.sender), _mailbox(message.to)
    headers = {
        "From": sender.written,
        "To": to.written,
        "Subject": _value(message.subject),
        "Message-ID": _value(f"<{message.id.strip('<>')}>"),
        "Date": format_datetime(sent_at),
        "Content-Language": _value(message.language),
        # Tells other machines that a machine wrote this, so that no out-of-office answer comes back.
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    for name, value in message.headers.items():
        if name.lower() not in RESERVED and _NAME.fullmatch(name):
            headers[name] = _reply_to(value) if name.lower() == "reply-to" else _value(value)
    return Mail(sender.address, to.address, _lines(headers) + _body(message))


class _Mailbox(NamedTuple):
    """`written`: as in a header, with its display name."""

    written: str
    address: str


@lru_cache(maxsize=256)  # the shops' own are in every mail
def _mailbox(text: str) -> _Mailbox:
    """A display name may hold anything but line breaks."""
    if _PLAIN.fullmatch(text):  # a customer's own, most often: no need to take it apart
        return _Mailbox(text, text)
    if any(mark in text for mark in "\r\n\0"):
        raise ValueError("an address holds a line break")
    name, spec = parseaddr(text)
    if spec.count("@") != 1 or spec.startswith("@") or spec.endswith("@"):
        raise ValueError(f"{text!r} is not a mail address")
    address = Address(display_name=name, addr_spec=spec)
    written = str(address) if _is_plain(name) else f"{_words(name)}\r\n <{address.addr_spec}>"
    return _Mailbox(written, address.addr_spec)


def _reply_to(text: str) -> str:
    with suppress(ValueError, IndexError, MessageError):
        return _mailbox(text).written
    return _value(text)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= LINE and "=?" not in text


def _value(text: str) -> str:
    """The value of a header: up to its first foreign word as it is, so that a person can find it in the file."""
    if any(mark in text for mark in "\r\n\0"):
        raise ValueError("a header holds a line break")
    if _is_plain(text):
        return text
    foreign = next((at for at, sign in enumerate(text) if not _is_plain(sign)), 0)
    head, _, _ = text[:foreign].rpartition(" ")
    if head.strip() and _is_plain(head):
        return f"{head}\r\n {_words(text[len(head) + 1 :])}"
    return _words(text)


def _words(text: str) -> str:
    """Encoded words (RFC 2047)."""
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part.encode()).decode()}?=" for part in _short(text))


def _short(text: str) -> Iterator[str]:
    """Pieces that fit into a line of 76 with the longest of the names before them."""
    part = ""
    for sign in text:
        if len((part + sign).encode()) > 39:
            yield part
            part = ""
        part += sign
    yield part


def _lines(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()


def _body(message: EmailMessage) -> bytes:
    body = _text(message.text, "plain")
    if message.html is not None:
        body = _multipart("alternative", [body, _text(message.html, "html")], message.id)
    if message.attachments:
        body = _multipart("mixed", [body, *map(_attached, message.attachments)], message.id)
    return body


def _multipart(kind: str, parts: list[bytes], name: str) -> bytes:
    mark = _mark(name, parts)
    between = f"--{mark}\r\n".encode()
    head = _lines({"Content-Type": f'multipart/{kind}; boundary="{mark}"'})
    return b"".join((head, END, *(between + part + END for part in parts), f"--{mark}--\r\n".encode()))


def _mark(name: str, parts: list[bytes]) -> str:
    """What no part holds, and the same each time that a message is written."""
    mark = f"=_{sha256(name.encode()).hexdigest()[:32]}"
    return _mark(mark, parts) if any(mark.encode() in part for part in parts) else mark


def _text(text: str, kind: str) -> bytes:
    """Text as it is where that can travel, else in the shorter of the two forms that can."""
    data = (
        text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").replace("\n", "\r\n").encode() + END
    )
    foreign = len(data.translate(None, _ASCII))
    if not foreign and max(map(len, data.split(END))) <= LONGEST:
        way, code = "7bit", data
    elif foreign * 6 < len(data):
        way, code = "quoted-printable", b"".join(map(_quoted, data.splitlines(keepends=True)))
    else:
        way, code = "base64", _base64(data)
    head = {"Content-Type": f'text/{kind}; charset="utf-8"', "Content-Transfer-Encoding": way}
    return _lines(head) + END + code


@lru_cache(maxsize=1024)  # most lines are in every message of a shop
def _quoted(line: bytes) -> bytes:
    return b2a_qp(line)


def _attached(part: Attachment) -> bytes:
    kind = part.type if _TYPE.fullmatch(part.type) else "application/octet-stream"
    head = {
        "Content-Type": kind,
        "Content-Transfer-Encoding": "base64",
        "Content-Disposition": f"attachment; {_file_name(part.name[-80:])}",
    }
    return _lines(head) + END + _base64(part.data)


def _file_name(name: str) -> str:
    if not _is_plain(name):
        return f"filename*={encode_rfc2231(name, 'utf-8')}"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'filename="{quoted}"'


def _base64(data: bytes) -> bytes:
    code = b64encode(data)
    return END.join(code[start : start + 76] for start in range(0, len(code), 76)) + END
