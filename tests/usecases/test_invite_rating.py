"""Two days after a good end the customer is asked once how it went."""

from pathlib import Path

import pytest

from returns_service.domain.actor import Actor
from returns_service.jobs import relay
from returns_service.jobs.chores import invitations
from returns_service.jobs.topics import TOPICS
from returns_service.store.db import Database
from returns_service.usecases.rate import rate
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


def mails(desk: Desk) -> list[str]:
    relay.drain(desk.runtime, TOPICS)
    return [file.read_text() for file in (desk.runtime.settings.data_dir / "mail").glob("*.eml")]


def test_once_and_not_too_soon(desk: Desk) -> None:
    case_id = desk.settled()
    desk.work()
    invitations(desk.runtime)
    assert "rating.invited" not in desk.events(case_id)
    for _ in range(3):
        desk.clock.turn(days=1, hours=1)
        invitations(desk.runtime)
    assert desk.events(case_id).count("rating.invited") == 1
    assert sum("Subject: " in mail and "How was your return?" in mail for mail in mails(desk)) == 1


def test_who_said_how_easy_it_was_is_still_asked_how_it_went(desk: Desk) -> None:
    case_id = desk.settled()
    desk.work()
    with desk.db.begin() as session:
        customer = Actor(desk.shop.id, "customer", "ana@example.com")
        rate(session, case_id, kind="ces", score=6, actor=customer, now=desk.clock())
    desk.clock.turn(days=3)
    invitations(desk.runtime)
    assert "rating.invited" in desk.events(case_id)


def test_who_has_rated_is_not_asked(desk: Desk) -> None:
    case_id = desk.settled()
    desk.work()
    with desk.db.begin() as session:
        customer = Actor(desk.shop.id, "customer", "ana@example.com")
        rate(session, case_id, kind="csat", score=4, actor=customer, now=desk.clock())
    desk.clock.turn(days=3)
    invitations(desk.runtime)
    assert "rating.invited" not in desk.events(case_id)
