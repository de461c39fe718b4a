"""The customer is told what is true, once, in the right order, in the right language; failures are kept and repeated."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage as Mime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.events import EventType
from returns_service.domain.ports import DeliveryFailed, EmailMessage
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.jobs.relay import drain
from returns_service.store import cases, outbox
from returns_service.store.cases import CaseFile
from returns_service.store.db import Database
from returns_service.store.tables import Notice, OutboxRow, Shop
from returns_service.usecases.answer import answer
from returns_service.usecases.approve import approve
from returns_service.usecases.ask import ask
from returns_service.usecases.confirm_refund import confirm_refund
from returns_service.usecases.inspect import inspect
from returns_service.usecases.list_notices import list_notices, notices_of_case
from returns_service.usecases.open_case import open_case
from returns_service.usecases.post_message import post_message
from returns_service.usecases.receive import receive
from returns_service.usecases.resend_notice import allow_address, resend_notice
from returns_service.usecases.runtime import Runtime
from returns_service.usecases.ship import ship
from tests.ground.runtime import Clock
from tests.shop import a_shop, example_order, put


@dataclass
class Postman:
    """A mailer that does what the test says, and then what the real one does."""

    real: Any
    failures: list[DeliveryFailed]
    sent: list[EmailMessage]

    def send(self, message: EmailMessage) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.real.send(message)
        self.sent.append(message)


@pytest.fixture
def shop(db: Database, clock: Clock) -> Shop:
    with db.begin() as session:
        row = a_shop(session, now=clock())
        row.brand = {"colour": "#7a1f3d", "support_email": "help@demo.example"}
        session.add(row)
    return row


@pytest.fixture
def postman(runtime: Runtime) -> Postman:
    return Postman(runtime.mailer, [], [])


@pytest.fixture
def world(runtime: Runtime, postman: Postman, shop: Shop) -> "World":
    return World(replace(runtime, mailer=postman), shop, postman)


@dataclass
class World:
    runtime: Runtime
    shop: Shop
    postman: Postman

    @property
    def actor(self) -> Actor:
        return Actor.of("staff", self.shop.id, "Kim")

    def take(self, **changes: Any) -> None:
        with self.runtime.db.begin() as session:
            put(session, example_order({"1": 2}, **changes), actor=self.actor, now=self.runtime.now())

    def open(self, quantity: int = 2, **more: Any) -> UUID:
        customer = Actor.of("customer", self.shop.id, "ana@example.com")
        wish = ReturnRequest((RequestLine("1", quantity, "changed_mind", "unopened"),))
        with self.runtime.db.begin() as session:
            return open_case(session, "1001", wish, actor=customer, now=self.runtime.now(), **more).id

    def do(self, verb: Callable[..., CaseFile], case_id: UUID, **more: Any) -> CaseFile:
        with self.runtime.db.begin() as session:
            return verb(session, case_id, expected=None, actor=self.actor, now=self.runtime.now(), **more)

    def work(self) -> None:
        drain(self.runtime)

    def notices(self) -> list[Notice]:
        with self.runtime.db.read() as session:
            return list(session.exec(select(Notice).order_by(col(Notice.id))))

    def told(self) -> list[str]:
        return [notice.template for notice in self.notices() if notice.state == "sent"]

    def lines(self, case_id: UUID) -> list[str]:
        with self.runtime.db.read() as session:
            return [str(line.id) for line in cases.load(session, case_id, self.actor, lock=False).lines]


@pytest.fixture
def mails(tmp_path: Path) -> Callable[[], list[Mime]]:
    def read() -> list[Mime]:
        found = []
        for file in (tmp_path / "mail").glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(message, Mime)
            found.append(message)
        return found

    return read


def through(world: World, clock: Clock) -> UUID:
    """A return from the request to the money."""
    world.take()
    case_id = world.open()
    world.work()
    clock.turn(hours=5)
    world.do(ship, case_id, carrier="dhl", tracking_number="0034")
    clock.turn(hours=40)
    (line,) = world.lines(case_id)
    world.do(receive, case_id, location="BER1", lines=[(line, 2)], unexpected=[])
    world.work()
    clock.turn(hours=3)
    found = [InspectedUnit("1", 2, grade="A", findings=("intact",))]
    case = world.do(inspect, case_id, lines=[(line, found)])
    world.work()
    for refund in case.refunds:
        clock.turn(minutes=1)
        with world.runtime.db.begin() as session:
            confirm_refund(session, refund.id, reference=refund.payment_id, actor=world.actor, now=clock())
        world.work()
    return case_id


def test_a_return_is_told_step_by_step(world: World, clock: Clock, mails: Callable[[], list[Mime]]) -> None:
    through(world, clock)
    assert world.told() == ["send_back", "parcel_arrived", "inspected", "refunded"]
    assert len(mails()) == 4
    first = next(mail for mail in mails() if "approved" in mail["Subject"])
    assert first["From"].addresses[0].display_name == "Demo"
    assert first["Reply-To"] == "help@demo.example"
    assert first["To"] == "ana@example.com"
    (slip,) = first.iter_attachments()
    assert slip.get_content().startswith(b"%PDF") and slip.get_filename().startswith("R-")
    last = world.notices()[-1]
    assert "gift card" in last.body_text and "the card you paid with" in last.body_text
    assert len({mail["References"] for mail in mails()}) == 1, "one thread"


def test_work_done_twice_tells_once(world: World, clock: Clock) -> None:
    through(world, clock)
    with world.runtime.db.begin() as session:
        for row in session.exec(select(OutboxRow).where(OutboxRow.topic == "event")):
            row.state, row.next_attempt_at = "ready", clock()
            session.add(row)
    world.work()
    assert len(world.postman.sent) == 4


def test_a_case_that_cannot_be_read_keeps_no_other_from_its_mail(world: World, clock: Clock) -> None:
    world.take()
    good = world.open(quantity=1)
    with world.runtime.db.begin() as session:
        put(session, example_order({"1": 2}), order_id="broken", actor=world.actor, now=clock())
        wish = ReturnRequest((RequestLine("1", 1, "changed_mind", "unopened"),))
        bad = open_case(session, "broken", wish, actor=world.actor, now=clock())
        bad.order_row.frozen = {}
        session.add(bad.order_row)
    world.work()
    assert [(notice.case_id, notice.state) for notice in world.notices()] == [(good, "sent")]
    with world.runtime.db.read() as session:
        waiting = session.exec(select(OutboxRow).where(OutboxRow.state == "ready")).all()
    assert {row.key for row in waiting} == {str(bad.id)}


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh-CN", "退货申请已通过"), ("zh-TW", "退貨申請已核准"), ("fr", "Your return is approved")],
)
def test_in_the_customers_language(world: World, locale: str, words: str) -> None:
    customer = {"email": "ana@example.com", "name": "王小明", "locale": locale}
    world.take(customer=customer)
    world.open()
    world.work()
    (notice,) = world.notices()
    assert words in notice.subject


class TestAServerThatSaysLater:
    def test_gets_it_later_and_once(self, world: World, clock: Clock) -> None:
        world.take()
        world.open()
        world.postman.failures = [DeliveryFailed("451 greylisted") for _ in range(4)]
        world.work()
        (notice,) = world.notices()
        assert (notice.state, notice.attempts, notice.last_error) == ("queued", 1, "451 greylisted")
        for _ in range(20):
            clock.turn(minutes=1)
            world.work()
        (notice,) = world.notices()
        assert (notice.state, notice.attempts, notice.last_error) == ("sent", 5, "")
        assert [message.id for message in world.postman.sent] == [notice.message_id]

    def test_the_same_message_keeps_its_id(self, world: World, clock: Clock) -> None:
        world.take()
        world.open()
        lost = DeliveryFailed("lost after DATA")
        ids: list[str] = []

        def noting(message: EmailMessage) -> None:
            ids.append(message.id)
            if len(ids) == 1:
                raise lost

        world.runtime = replace(world.runtime, mailer=type("Noting", (), {"send": staticmethod(noting)})())
        world.work()
        clock.turn(minutes=2)
        world.work()
        assert len(ids) == 2 and ids[0] == ids[1]

    def test_is_given_up_after_two_days_and_a_person_sees_it(self, world: World, clock: Clock) -> None:
        world.take()
        world.open(request_review=True)
        world.postman.failures = [DeliveryFailed("451 no") for _ in range(99)]
        for _ in range(40):
            world.work()
            clock.turn(hours=6)
        (notice,) = [n for n in world.notices() if n.template == "received"]
        assert notice.state == "parked" and notice.attempts == 16


def test_an_address_that_does_not_exist_is_not_written_to_again(world: World, clock: Clock) -> None:
    world.take()
    case_id = world.open()
    world.postman.failures = [DeliveryFailed("550 5.1.1 no such user", bounced=True)]
    world.work()
    world.do(ship, case_id, carrier="dhl", tracking_number="1")
    (line,) = world.lines(case_id)
    clock.turn(hours=1)
    world.do(receive, case_id, location=None, lines=[(line, 2)], unexpected=[])
    world.work()
    assert [notice.state for notice in world.notices()] == ["suppressed", "suppressed"]
    assert world.postman.sent == []
    first = world.notices()[0]
    with pytest.raises(Conflict, match="came back"), world.runtime.db.begin() as session:
        resend_notice(session, first.id, actor=world.actor, now=clock())
    with world.runtime.db.begin() as session:
        assert allow_address(session, "ana@example.com", actor=world.actor) == 2
        resend_notice(session, first.id, actor=world.actor, now=clock())
    world.work()
    assert [message.to for message in world.postman.sent] == ["ana@example.com"]


def test_a_refused_message_waits_for_a_person(world: World) -> None:
    world.take()
    world.open()
    world.postman.failures = [DeliveryFailed("554 spam", permanent=True)]
    world.work()
    (notice,) = world.notices()
    assert (notice.state, notice.last_error) == ("parked", "554 spam")


def test_a_resent_message_is_a_new_mail(world: World, clock: Clock) -> None:
    world.take()
    world.open()
    world.work()
    (notice,) = world.notices()
    clock.turn(days=30)
    with world.runtime.db.begin() as session:
        resend_notice(session, notice.id, actor=world.actor, now=clock())
        resend_notice(session, notice.id, actor=world.actor, now=clock())
    world.work()
    assert len(world.postman.sent) == 2
    assert len({message.id for message in world.postman.sent}) == 2
    assert world.postman.sent[0].subject == world.postman.sent[1].subject


def test_what_is_no_longer_true_is_kept_and_not_sent(world: World, clock: Clock) -> None:
    world.take()
    case_id = world.open(request_review=True)
    world.do(ask, case_id, message="Which size?")
    clock.turn(hours=1)
    world.work()
    states = {notice.template: notice.state for notice in world.notices() if notice.recipient == "customer"}
    assert states == {"received": "sent", "info_requested": "sent"}
    world.do(answer, case_id, message="M", photos=[])
    world.do(approve, case_id, note="", lines=None)
    world.do(ship, case_id, carrier="dhl", tracking_number="1")
    clock.turn(hours=1)
    world.work()
    states = {notice.template: notice.state for notice in world.notices() if notice.recipient == "customer"}
    assert states["send_back"] == "superseded"


def test_a_later_event_waits_for_the_earlier_message(world: World, clock: Clock) -> None:
    world.take()
    case_id = world.open()
    with world.runtime.db.begin() as session:
        rows = list(
            session.exec(select(OutboxRow).where(OutboxRow.topic == "event").order_by(col(OutboxRow.id)))
        )
        for row in rows:  # somebody else has them and is slow
            row.state, row.lease_until, row.next_attempt_at = (
                "leased",
                clock() + timedelta(hours=1),
                clock() + timedelta(hours=1),
            )
            session.add(row)
    (line,) = world.lines(case_id)
    world.do(ship, case_id, carrier="dhl", tracking_number="1")
    world.do(receive, case_id, location=None, lines=[(line, 2)], unexpected=[])
    world.work()
    assert world.told() == []
    clock.turn(seconds=61)
    world.work()
    assert world.told() == ["parcel_arrived"]
    clock.turn(hours=2)
    world.work()
    assert {n.template: n.state for n in world.notices()} == {
        "parcel_arrived": "sent",
        "send_back": "superseded",
    }


def test_what_the_shop_says_is_in_the_mail(world: World) -> None:
    world.take()
    case_id = world.open()
    with world.runtime.db.begin() as session:
        post_message(
            session, case_id, message="Your belt was in it.", actor=world.actor, now=world.runtime.now()
        )
        own = Actor.of("customer", world.shop.id, "ana@example.com")
        post_message(session, case_id, message="Keep it.", actor=own, now=world.runtime.now())
    world.work()
    told = [notice for notice in world.notices() if notice.template == "message_received"]
    assert [("Your belt was in it." in notice.body_text) for notice in told] == [True]


def test_staff_find_what_was_told(world: World, clock: Clock) -> None:
    case_id = through(world, clock)
    with world.runtime.db.read() as session:
        assert len(notices_of_case(session, case_id, actor=world.actor)) == 4
        newest = list_notices(session, actor=world.actor, text="ANA@", states=["sent"], limit=2)
        assert [notice.template for notice, _ in newest] == ["refunded", "inspected"]
        number = newest[0][1]
        rest = list_notices(session, actor=world.actor, text=number.lower(), before=newest[-1][0].id)
        assert [notice.template for notice, _ in rest] == ["parcel_arrived", "send_back"]
        other = Actor.of("staff", UUID(int=1))
        assert (
            list_notices(session, actor=other) == [] and notices_of_case(session, case_id, actor=other) == []
        )


def test_a_customer_with_a_long_story_is_told_its_end(world: World) -> None:
    world.take()
    case_id = world.open(request_review=True)
    with world.runtime.db.begin() as session:
        case = cases.load(session, case_id, world.actor)
        for _ in range(600):
            outbox.record(case, EventType.EVIDENCE, actor=world.actor, now=world.runtime.now())
    world.do(approve, case_id)
    world.work()
    assert world.told()[-1] == "send_back"
