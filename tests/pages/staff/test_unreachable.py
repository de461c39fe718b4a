"""Mail came back for good: a task for staff, until the address is right and all is told."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from returns_service.store.tables import EventRow, Notice, OutboxRow, ReturnCase
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]


@pytest.fixture
def bounced(ours: Runtime) -> None:
    with ours.db.begin() as session:
        case = session.exec(select(ReturnCase)).one()
        event = session.exec(select(EventRow).where(EventRow.case_id == case.id)).first()
        assert event is not None
        session.add(
            Notice(
                shop_id=case.shop_id,
                case_id=case.id,
                event_id=event.id,
                recipient="customer",
                address=case.email,
                channel="email",
                template="requested",
                language="en",
                message_id="one@localhost",
                state="suppressed",
                created_at=NOON,
            )
        )


@pytest.mark.usefixtures("bounced")
def test_it_waits_in_a_queue_until_the_address_is_right(worker: New, ours: Runtime, number: str) -> None:
    someone = worker().at_console("reviewer")
    assert number in someone.see("/console/queues/unreachable").text
    someone.see(f"/console/cases/{number}")
    assert "Mail to ana@example.com came back for good" in someone.words
    answer = someone.send(f"/console/cases/{number}/address", address="nonsense")
    assert answer.status_code == 422
    answer = someone.send(f"/console/cases/{number}/address", address=" Ana.Keller@example.com ")
    assert answer.status_code == 303
    assert number not in someone.see("/console/queues/unreachable").text
    with ours.db.read() as session:
        notice = session.exec(select(Notice)).one()
        assert (notice.address, notice.state) == ("ana.keller@example.com", "queued")
        work = select(OutboxRow).where(OutboxRow.topic == "notice", OutboxRow.key == str(notice.id))
        assert session.exec(work).one()
        assert session.exec(select(ReturnCase)).one().email == "ana.keller@example.com"
    assert "ana.keller@example.com" not in str(_data(ours))


@pytest.mark.usefixtures("bounced")
def test_the_same_address_may_be_tried_again(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    someone.see(f"/console/cases/{number}")
    assert someone.send(f"/console/cases/{number}/address", address="ana@example.com").status_code == 303
    assert number not in someone.see("/console/queues/unreachable").text


def _data(ours: Runtime) -> list[object]:
    """History is for ever: an address has no place in it."""
    with ours.db.read() as session:
        return [row.data for row in session.exec(select(EventRow))]
