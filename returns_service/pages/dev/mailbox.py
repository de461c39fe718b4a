"""The mails of the default run, as a mail reader would show them. Where mail really leaves there is nothing here."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, g, request

from returns_service.pages.web import page, runtime, security

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHOWN = 200
VIEWS = ("html", "text", "headers")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,200}\.eml")
_BODY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True)
class Mail:
    """One file of the mail folder, read."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def at(self) -> datetime | None:
        stated = self.message["Date"]
        found: datetime | None = stated.datetime if stated else None
        return found

    @property
    def language(self) -> str:
        return str(self.message["Content-Language"] or "en")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    def body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        content = part.get_content() if part else ""
        return content if isinstance(content, str) else ""

    @property
    def attachments(self) -> list[EmailMessage]:
        return [part for part in self.message.iter_attachments() if isinstance(part, EmailMessage)]


def add(to: Blueprint) -> None:
    to.get("/mailbox")(listing)
    to.get("/mailbox/<name>")(one)
    to.get("/mailbox/<name>/body")(body)
    to.get("/mailbox/<name>/files/<int:number>")(attachment)


def listing() -> Response:
    """Newest first; `q` looks into addresses and subjects."""
    folder, wanted = _folder(), request.args.get("q", "").strip()
    g.all_languages = True
    mails = [mail for mail in _newest(folder) if _matches(mail, wanted)]
    return page("dev/mailbox.html", mails=mails, mail=None, wanted=wanted, folder=str(folder), view="html")


def one(name: str) -> Response:
    mail, view = _mail(name), request.args.get("view", "html")
    g.all_languages = True
    shown = page(
        "dev/mailbox.html",
        mails=_newest(_folder()),
        mail=mail,
        wanted="",
        folder=str(_folder()),
        view=view if view in VIEWS else "html",
    )
    # The body is framed from here: foreign markup in a sandbox that may do nothing.
    shown.headers["Content-Security-Policy"] = f"{security.policy()}; frame-src 'self'"
    return shown


def body(name: str) -> Response:
    """The HTML part alone, for the frame."""
    answer = Response(_mail(name).body("html"), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _BODY_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def attachment(name: str, number: int) -> Response:
    found = _mail(name).attachments
    if number >= len(found):
        abort(404)
    kind = found[number].get_content_type()
    content = found[number].get_payload(decode=True)
    answer = Response(content if isinstance(content, bytes) else b"", content_type=kind)
    inline = kind == "application/pdf"
    file_name = re.sub(r"[^A-Za-z0-9._-]+", "-", found[number].get_filename() or "file")
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{file_name}"'
    return answer


def here() -> bool:
    """Whether this is a default run: there is no such page where mails hold real secrets."""
    settings = runtime().settings
    reached_by = urlsplit(settings.public_url or "").hostname
    return not settings.smtp_url and (settings.demo or {settings.host, reached_by} <= set(LOOPBACK))


def _folder() -> Path:
    if not here():
        abort(404)
    return runtime().settings.data_dir / "mail"


def _newest(folder: Path) -> list[Mail]:
    try:
        found = sorted(
            folder.glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True
        )
    except FileNotFoundError:  # one was deleted while we looked
        found = []
    return [Mail(file.name, _read(file)) for file in found[:SHOWN] if file.is_file()]


def _mail(name: str) -> Mail:
    file = _folder() / name
    if not _NAME.fullmatch(name) or not file.is_file():
        abort(404)
    return Mail(name, _read(file))


def _read(file: Path) -> EmailMessage:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        abort(404)
    return message


def _matches(mail: Mail, wanted: str) -> bool:
    return wanted.lower() in f"{mail.subject} {mail.to}".lower()
