"""Write the messages that an event deserves: exactly those that are true, each once, in the order of the events."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import notices as rules
from returns_service.domain.cached import cached_property
from returns_service.domain.notices import Happened, Standing
from returns_service.domain.policy import channels
from returns_service.domain.ports import Scribe
from returns_service.store import together
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EventRow, Notice
from returns_service.store.together import Letter
from returns_service.usecases.steps import telling

_Chosen = tuple[EventRow, str, str, rules.Notice]
"""Event, recipient, channel, message."""

A_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True)
class Letters:
    """`ready`: rows not kept yet, to be sent and then kept. `wait_until`: an earlier message has to go first."""

    ready: Sequence[Notice] = ()
    overtaken: Sequence[Notice] = ()
    wait_until: datetime | None = None
    envelope: telling.Envelope | None = None


@dataclass(frozen=True)
class Pen:
    """Who writes, and where the pages are that a message leads to."""

    scribe: Scribe
    public_url: str


@dataclass(frozen=True)
class Desk:
    """One case as it is now, and all that decides about the messages of its events. No session stands behind it."""

    case: CaseFile
    rows: Sequence[EventRow]
    told: list[Letter | Notice]
    """Every message about the case; whoever keeps another one adds it here."""
    suppressed: Collection[str]
    """Addresses from which mail came back for good."""
    said: Mapping[UUID, Mapping[str, str]]
    """Event -> what somebody said at it."""

    @cached_property
    def story(self) -> list[Happened]:
        return [_happened(row) for row in self.rows]

    @cached_property
    def standing(self) -> Standing:
        states = tuple(refund.state for refund in self.case.refunds if refund.method != "store_credit")
        arrived = all(line.received_quantity >= line.quantity for line in self.case.accepted)
        return Standing(self.case.state, self.case.row.goods_return, states, arrived)

    def chosen(self, event: EventRow) -> Iterator[tuple[str, str, rules.Notice]]:
        """Recipient, channel and message of an event, as the policy and the rules say."""
        for recipient, channel in channels(self.case.policy, event.type):
            happened = _happened(event)
            if recipient == "customer":
                notice = rules.for_customer(happened, self.story, self.standing)
            else:
                notice = rules.for_staff(happened)
            if notice is not None and telling.address(self.case, recipient, channel):
                yield recipient, channel, notice

    def written(self, event: EventRow, recipient: str, channel: str, notice: str) -> Letter | Notice | None:
        wanted = (event.id, recipient, channel, notice)
        return next(
            (n for n in self.told if (n.event_id, n.recipient, n.channel, n.template) == wanted), None
        )

    def must_wait(self, first: EventRow, now: datetime) -> bool:
        """Whether a message to the customer of an event shortly before this one has not left yet."""
        since = now - rules.ORDER_PATIENCE
        if first.at <= since:
            return False
        earlier = [row for row in self.rows if row.seq < first.seq and row.at > since]
        return any(self._still_to_leave(row) for row in earlier)

    def _still_to_leave(self, row: EventRow) -> bool:
        for recipient, channel, notice in self.chosen(row):
            found = self.written(row, recipient, channel, notice)
            if recipient == "customer" and (found is None or found.state == "queued"):
                return True
        return False

    def sent_later(self, event: EventRow, recipient: str, channel: str) -> set[str]:
        """Messages of later events that have already reached the recipient."""
        later = {row.id for row in self.rows if row.seq > event.seq}
        return {
            n.template
            for n in self.told
            if n.event_id in later and n.state == "sent" and (n.recipient, n.channel) == (recipient, channel)
        }

    def worth_sending(
        self, event: EventRow, recipient: str, channel: str, notice: rules.Notice, now: datetime
    ) -> bool:
        true = rules.still_true(notice, _happened(event), self.standing, now)
        return true and not rules.overtaken(notice, self.sent_later(event, recipient, channel))


def open_desks(session: Session, wanted: Mapping[UUID, Collection[int]]) -> dict[UUID, Desk]:
    """The desks of several cases, read together. `wanted`: case -> the versions whose events are to be told."""
    files = together.load(session, wanted)
    rows = together.stories(session, wanted)
    reached = {telling.address(case, who, "email") for case in files.values() for who in ("customer", "shop")}
    letters, suppressed = together.mail(session, wanted, reached)
    return {
        case_id: Desk(
            case=case,
            rows=rows[case_id],
            told=[*letters[case_id]],
            suppressed={address for shop_id, address in suppressed if shop_id == case.row.shop_id},
            said={row.id: telling.said(case, row) for row in rows[case_id] if row.version in wanted[case_id]},
        )
        for case_id, case in files.items()
    }


def write_notices(desk: Desk, version: int, *, pen: Pen, now: datetime) -> Letters:
    """What is to be told about the events of one version and has not been told yet."""
    facts = [row for row in desk.rows if row.version == version]
    wanted = [(fact, *one) for fact in facts for one in desk.chosen(fact)]
    chosen = [one for one in wanted if desk.written(*one) is None]
    if not chosen:
        return Letters()
    if desk.must_wait(facts[0], now):
        return Letters(wait_until=now + A_MOMENT)
    context = telling.context(desk.case, None, public_url=pen.public_url)
    rows = [_row(desk, one, pen, context, now) for one in chosen]
    return Letters(
        ready=[row for row in rows if row.state == "queued"],
        overtaken=[row for row in rows if row.state != "queued"],
        envelope=telling.envelope(desk.case, context),
    )


def still_worth_sending(session: Session, notice: Notice, *, now: datetime) -> bool:
    """Whether a message that waited for another try still says the truth."""
    desk = open_desks(session, {notice.case_id: ()})[notice.case_id]
    event = next((row for row in desk.rows if row.id == notice.event_id), None)
    if event is None:
        return False
    return desk.worth_sending(event, notice.recipient, notice.channel, rules.Notice(notice.template), now)


def _row(desk: Desk, chosen: _Chosen, pen: Pen, context: Mapping[str, Any], now: datetime) -> Notice:
    """The message, written and addressed; overtaken or suppressed ones are kept too, so that people can see why."""
    event, recipient, channel, notice = chosen
    case, address = desk.case, telling.address(desk.case, recipient, channel)
    context = {**context, "event": telling.event_body(event, desk.said[event.id])}
    said = pen.scribe.write(notice, context, telling.locale(case, recipient), case.shop.languages)
    state = "queued" if desk.worth_sending(event, recipient, channel, notice, now) else "superseded"
    if channel == "email" and address in desk.suppressed:
        state = "suppressed"
    return Notice(
        shop_id=case.row.shop_id,
        case_id=case.id,
        event_id=event.id,
        recipient=recipient,
        address=address,
        channel=channel,
        template=notice,
        language=said.language,
        subject=said.subject,
        body_text=said.text if channel == "email" else said.short,
        body_html=said.html if channel == "email" else "",
        message_id=telling.message_id(event.id, recipient, channel, pen.public_url),
        state=state,
        created_at=now,
    )


def _happened(row: EventRow) -> Happened:
    return Happened(row.seq, row.type, row.at, row.actor.get("kind", ""), row.data)
