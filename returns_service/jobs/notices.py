"""Telling people: messages are written from the event, sent outside any transaction, and kept with their outcome."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from sqlmodel import Session

from returns_service.domain.notices import ATTACHES_SLIP
from returns_service.domain.ports import Attachment, DeliveryFailed, EmailMessage
from returns_service.jobs.outcome import GiveUp, Keep, TryLater, Write
from returns_service.store.appending import append
from returns_service.store.tables import Notice
from returns_service.store.work import Work
from returns_service.usecases.record_notice import keep_notice, record_notice
from returns_service.usecases.retry_notice import drop_notice, due_notice
from returns_service.usecases.runtime import Runtime
from returns_service.usecases.steps.telling import Envelope
from returns_service.usecases.write_notices import Desk, Pen, open_desks, still_worth_sending, write_notices

log = structlog.get_logger(__name__)

FRESH = timedelta(seconds=1)
"""A case is looked at anew when it was read longer ago: a message must be true when it leaves."""


class Tell:
    """Tells the facts of several versions of cases, which are read together. What was sent before is not sent again."""

    def __init__(self, runtime: Runtime, works: Sequence[Work], keep: Keep) -> None:
        self.runtime, self.keep = runtime, keep
        self.told: dict[UUID, list[Notice]] = defaultdict(list)
        """What was told here, whether it is written already or not."""
        self.wanted: dict[UUID, set[int]] = defaultdict(set)
        for work in works:
            self.wanted[UUID(work.key)].add(work.payload["version"])
        self.desks: Mapping[UUID, Desk] = {}
        self.read_at: datetime | None = None

    def __call__(self, work: Work) -> None:
        runtime, desk, now = self.runtime, self._desk(UUID(work.key)), self.runtime.now()
        pen = Pen(runtime.scribe, runtime.settings.public_url or "")
        letters = write_notices(desk, work.payload["version"], pen=pen, now=now)
        if letters.wait_until:
            raise TryLater("an earlier message goes first", at=letters.wait_until)
        for notice in letters.ready:
            failure = _send(runtime, notice, letters.envelope, work) if letters.envelope else None
            self._keep(desk, work, notice, keep_notice(notice, failure, now=runtime.now()))
        for notice in letters.overtaken:
            self._keep(desk, work, notice, partial(_append, notice))

    def _keep(self, desk: Desk, work: Work, notice: Notice, write: Write) -> None:
        self.keep(work, write)
        self.told[notice.case_id].append(notice)
        desk.told.append(notice)

    def _desk(self, case_id: UUID) -> Desk:
        now = self.runtime.now()
        if self.read_at is None or now - self.read_at > FRESH:
            self.desks, self.read_at = self._together(), now
        return self.desks.get(case_id) or self._read({case_id: self.wanted[case_id]})[case_id]

    def _together(self) -> Mapping[UUID, Desk]:
        """All desks; none where one of them cannot be opened: then each is opened by itself, and only that one fails."""
        try:
            return self._read(self.wanted)
        except Exception:  # a case that cannot be read, why ever, must not keep the others from their mail
            log.exception("cases could not be read together", cases=len(self.wanted))
            return {}

    def _read(self, wanted: Mapping[UUID, Collection[int]]) -> Mapping[UUID, Desk]:
        with self.runtime.db.read() as session:
            desks = open_desks(session, wanted)
        for case_id, desk in desks.items():
            desk.told.extend(self.told[case_id])
        return desks


def _append(notice: Notice, session: Session) -> None:
    append(session, notice)


def send_again(runtime: Runtime, work: Work) -> None:
    """The handler of topic "notice"; `work.key` is the message's id. `again`: a person wished it, true or not."""
    with runtime.db.read() as session:
        due = due_notice(
            session, UUID(work.key), shop_id=work.shop_id, public_url=runtime.settings.public_url or ""
        )
        if due is None:
            return
        notice, envelope = due
        worth = bool(work.payload.get("again")) or still_worth_sending(session, notice, now=runtime.now())
    failure = _send(runtime, notice, envelope, work) if worth else None
    with runtime.db.begin() as session:
        notice = session.merge(notice)
        if not worth:
            drop_notice(session, notice)
            return
        again = record_notice(session, notice, failure, now=runtime.now())
    if again:
        raise TryLater(notice.last_error, at=again)
    if notice.state == "parked":
        raise GiveUp(notice.last_error)


def _send(runtime: Runtime, notice: Notice, envelope: Envelope, work: Work) -> DeliveryFailed | None:
    try:
        if notice.channel == "email":
            runtime.mailer.send(_mail(runtime, notice, envelope, work))
        elif notice.channel in runtime.channels:
            runtime.channels[notice.channel].send(notice.address, notice.body_text, title=notice.subject)
        else:
            return DeliveryFailed(f"There is no channel {notice.channel!r}.", permanent=True)
    except DeliveryFailed as failed:
        return failed
    return None


def _mail(runtime: Runtime, notice: Notice, envelope: Envelope, work: Work) -> EmailMessage:
    thread = f"<{envelope.thread}@{notice.message_id.partition('@')[2]}>"
    headers = {"References": thread, "In-Reply-To": thread}
    if envelope.reply_to:
        headers["Reply-To"] = envelope.reply_to
    if work.trace_id:
        headers["X-Return-Trace"] = work.trace_id
    attachments = (_slip(runtime, envelope),) if notice.template in ATTACHES_SLIP else ()
    return EmailMessage(
        id=notice.message_id,
        sender=sender(envelope.shop_name, runtime.settings.mail_from),
        to=notice.address,
        subject=notice.subject,
        text=notice.body_text,
        html=notice.body_html,
        language=notice.language,
        headers=headers,
        attachments=attachments,
    )


def _slip(runtime: Runtime, envelope: Envelope) -> Attachment:
    drawn = runtime.scribe.slip(envelope.context, envelope.locale, envelope.offered)
    return Attachment(f"{envelope.context['case']['number']}.pdf", "application/pdf", drawn)


def sender(shop_name: str, mail_from: str) -> str:
    """The shop's name on the service's address."""
    address = mail_from.rpartition("<")[2].rstrip("> ")
    name = "".join(sign for sign in shop_name if sign.isprintable() and sign not in '"\\<>')
    return f'"{name}" <{address}>'
