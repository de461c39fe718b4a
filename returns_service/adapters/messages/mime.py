"""A message as RFC 5322 bytes: text and HTML side by side, attachments after them, no header that can be broken open."""

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage as Mime
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr

from returns_service.domain.ports import DeliveryFailed, EmailMessage

LINE = 250
"""Long enough for any subject of ours: folded at its first blank it would begin with one."""

RESERVED = frozenset({"from", "to", "cc", "bcc", "subject", "message-id", "mime-version", "content-type"})


def compose(message: EmailMessage, sent_at: datetime) -> Mime:
    """The message ready for the wire. Raises DeliveryFailed (permanent) when an address or a header is impossible."""
    try:
        return _compose(message, sent_at)
    except (ValueError, IndexError, MessageError) as wrong:
        # The email package reports a line break in a header and a broken address with exactly these.
        raise DeliveryFailed(f"The message cannot be written: {wrong}", permanent=True) from wrong


def _compose(message: EmailMessage, sent_at: datetime) -> Mime:
    sender, to = _address(message.sender), _address(message.to)
    plain = (sender.addr_spec + to.addr_spec).isascii()
    mime = Mime(policy=(SMTP if plain else SMTPUTF8).clone(max_line_length=LINE))
    mime["From"], mime["To"] = sender, to
    mime["Subject"] = message.subject
    mime["Message-ID"] = f"<{message.id.strip('<>')}>"
    mime["Date"] = format_datetime(sent_at)
    mime["Content-Language"] = message.language
    # Tells other machines that a machine wrote this, so that no out-of-office answer comes back.
    mime["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers.items():
        if name.lower() not in RESERVED:
            mime[name] = value
    mime.set_content(message.text)
    if message.html is not None:
        mime.add_alternative(message.html, subtype="html")
    for part in message.attachments:
        main, _, sub = part.type.partition("/")
        mime.add_attachment(part.data, maintype=main, subtype=sub or "octet-stream", filename=part.name)
    return mime


def _address(text: str) -> Address:
    """One mailbox; a display name may hold anything but line breaks."""
    if any(mark in text for mark in "\r\n\0"):
        raise ValueError("an address holds a line break")
    name, spec = parseaddr(text)
    if spec.count("@") != 1 or spec.startswith("@") or spec.endswith("@"):
        raise ValueError(f"{text!r} is not a mail address")
    return Address(display_name=name, addr_spec=spec)
