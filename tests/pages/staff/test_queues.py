"""What waits in which queue, and how much of it is counted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.store.tables import ReturnCase
from returns_service.usecases.post_message import post_message
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import NOON
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]
ADMIN = frozenset({"admin"})


def test_beyond_some_number_a_queue_only_says_that_there_is_more(
    worker: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (
        "store.queues.MOST",
        "pages.console.queue.MOST",
        "store.queues.GLANCE",
        "usecases.queues.GLANCE",
    ):
        monkeypatch.setattr(f"returns_service.{place}", 1)
    someone = worker().at_console("reviewer")
    someone.see("/console/queues/needs_decision")
    assert "1 returns or more" in someone.words and "1+" in someone.words


def test_a_return_waits_for_an_answer_while_its_customer_spoke_last(
    worker: New, ours: Runtime, number: str
) -> None:
    someone = worker().at_console("reviewer")
    said = {"customer": True, "note": True, "staff": False, "again": True}
    for word, waits in said.items():
        with ours.db.begin() as session:
            case = session.exec(select(ReturnCase)).one()
            actor = Actor(case.shop_id, "customer" if word in ("customer", "again") else "staff", "", ADMIN)
            post_message(session, case.id, message=word, internal=word == "note", actor=actor, now=NOON)
        assert (number in someone.see("/console/queues/unanswered").text) is waits, word


def test_a_view_is_kept_with_its_days_the_last_one_included(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    day = NOON.date()
    here, before = (f"/console/queues/all?until={one}" for one in (day, day - timedelta(days=1)))
    assert number in someone.see(here).text and f'name="until" value="{day}"' in someone.page
    assert number not in someone.see(before).text
    assert number in someone.see("/console/queues/all?until=9999-12-31").text
    for shared in ("1", ""):
        assert (
            someone.send("/console/views", name="Old ones", address=before, shared=shared).status_code == 303
        )
        assert f'href="{before}"' in someone.see(before).text
    for shared in ("1", ""):
        someone.send("/console/views/forget", name="Old ones", shared=shared)
    assert f'<a href="{before}"' not in someone.see("/console/queues/all").text
