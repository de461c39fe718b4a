"""Mail by SMTP. Every answer of the server is told apart: try again later, never again, or no such address."""

import re
import smtplib
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from returns_service.adapters.messages.mime import Mail, compose
from returns_service.adapters.tls import trust_for_mail
from returns_service.domain.ports import DeliveryFailed, EmailMessage

LOOPBACK = ("localhost", "127.0.0.1", "::1")
NO_MAILBOX = (550, 551, 553)
WHOLE = 35.0
"""Seconds for all of a message. A server that answers each step just in time must not outlast the lease of the work:
somebody else would send it too."""


class _Hurried(smtplib.SMTP):
    """Waits for each answer only as long as is left of the whole."""

    until = float("inf")

    def send(self, s: Any) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server was too slow")
        if self.sock and left < (self.sock.gettimeout() or left):
            self.sock.settimeout(left)
        super().send(s)


class _HurriedOverTls(_Hurried, smtplib.SMTP_SSL):
    """The same where TLS comes first."""


class Smtp:
    """`smtp://user:password@host:587` (STARTTLS where offered, required with a password) or `smtps://host:465`.

    One connection per message: a server that keeps idle connections open gains little at this volume, and a
    broken one can then never take a second message down with it.
    """

    def __init__(
        self, url: str, clock: Callable[[], datetime], *, timeout: float = 20.0, whole: float = WHOLE
    ) -> None:
        self.parts = _checked(url)
        self.clock = clock
        self.timeout, self.whole = timeout, whole

    def send(self, message: EmailMessage) -> None:
        mail = compose(message, self.clock())
        try:
            server = self._connect()
            try:
                _hand_over(server, mail)
            finally:
                _leave(server)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _recipient_refused(refused) from refused
        except smtplib.SMTPDataError as refused:
            raise DeliveryFailed(_words(refused), permanent=refused.smtp_code >= 500) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise DeliveryFailed(str(refused), permanent=True) from refused
        except (smtplib.SMTPException, OSError) as away:
            # Wrong password, refused sender, lost connection, time-out: ours or theirs to mend, the message stays good.
            raise DeliveryFailed(f"{type(away).__name__}: {away}") from away

    def _connect(self) -> smtplib.SMTP:
        until = time.monotonic() + self.whole
        server = self._reach()
        server.until = until
        try:
            if self.parts.scheme == "smtp":
                self._secure(server)
            return self._sign_in(server)
        except BaseException:
            server.close()
            raise

    def _reach(self) -> _Hurried:
        host, port = self.parts.hostname or "", self.parts.port
        if self.parts.scheme == "smtps":
            return _HurriedOverTls(host, port or 465, timeout=self.timeout, context=trust_for_mail())
        return _Hurried(host, port or 25, timeout=self.timeout)

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=trust_for_mail())
            server.ehlo()
        elif self.parts.username and self.parts.hostname not in LOOPBACK:
            raise smtplib.SMTPException(
                "The server offers no STARTTLS; the password is not sent in the clear."
            )

    def _sign_in(self, server: smtplib.SMTP) -> smtplib.SMTP:
        if self.parts.username:
            server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        return server


def _hand_over(server: smtplib.SMTP, mail: Mail) -> None:
    server.ehlo_or_helo_if_needed()
    if mail.international and not server.has_extn("smtputf8"):
        raise smtplib.SMTPNotSupportedError("The server takes no address that is not in ASCII.")
    options = ("SMTPUTF8", "BODY=8BITMIME") if mail.international else ()
    server.sendmail(mail.sender, [mail.to], mail.content, options)


def _leave(server: smtplib.SMTP) -> None:
    """Once the server has said yes the message is delivered, whatever happens to the farewell."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _checked(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("RETURNS_SMTP_URL looks like smtp://user:password@host:587 or smtps://host:465")
    return parts


def _recipient_refused(refused: smtplib.SMTPRecipientsRefused) -> DeliveryFailed:
    code, answer = next(iter(refused.recipients.values()))
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return DeliveryFailed(f"{code} {text}", permanent=code >= 500, bounced=_no_such_address(code, text))


def _no_such_address(code: int, text: str) -> bool:
    """5.1.x says so; 5.7.x is only a server that does not like us; a bare 550 means the mailbox."""
    enhanced = re.match(r"\s*([245])\.(\d{1,3})\.\d{1,3}\b", text)
    if enhanced:
        return enhanced[1] == "5" and enhanced[2] == "1"
    return code in NO_MAILBOX


def _words(refused: smtplib.SMTPResponseException) -> str:
    answer = refused.smtp_error
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{refused.smtp_code} {text}"
