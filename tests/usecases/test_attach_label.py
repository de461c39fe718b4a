"""The storefront's own carrier label."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import cases, events
from returns_service.store.db import Database
from returns_service.usecases.attach_label import attach_label
from returns_service.usecases.cancel import cancel
from returns_service.usecases.open_case import open_case
from tests.shop import a_shop, example_order, put

NOW = datetime(2026, 10, 7, 9, 0, tzinfo=UTC)
LABEL = {"url": "https://labels.example/1.pdf", "carrier": "dhl", "tracking_number": "00340"}


@pytest.fixture
def approved(db: Database) -> tuple[Database, Actor, UUID]:
    with db.begin() as session:
        shop = a_shop(session, now=NOW)
        actor = Actor.of("storefront", shop.id)
        put(session, example_order({"1": 2}), actor=actor, now=NOW)
        request = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
        return db, actor, open_case(session, "1001", request, actor=actor, now=NOW).id


def _attach(approved: tuple[Database, Actor, UUID], **label: str | None) -> int:
    db, actor, case_id = approved
    with db.begin() as session:
        return attach_label(session, case_id, actor=actor, now=NOW, **{**LABEL, **label}).row.version


def _facts(approved: tuple[Database, Actor, UUID]) -> list[str]:
    db, _, case_id = approved
    with db.read() as session:
        return [event.type for event in events.of_case(session, case_id)]


def test_a_label_is_kept_and_told(approved: tuple[Database, Actor, UUID]) -> None:
    _attach(approved)
    db, actor, case_id = approved
    with db.read() as session:
        assert cases.load(session, case_id, actor, lock=False).row.label == LABEL
    assert _facts(approved)[-1] == "return.label_attached"


def test_the_same_label_again_changes_nothing(approved: tuple[Database, Actor, UUID]) -> None:
    first, again = _attach(approved), _attach(approved)
    assert first == again
    assert _facts(approved).count("return.label_attached") == 1


def test_a_newer_label_replaces_it(approved: tuple[Database, Actor, UUID]) -> None:
    _attach(approved)
    _attach(approved, tracking_number="00341")
    assert _facts(approved).count("return.label_attached") == 2


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://labels.example/1.pdf", "labels.example/1.pdf", "https:"]
)
def test_only_an_address_that_a_page_may_link_to_is_taken(
    approved: tuple[Database, Actor, UUID], url: str
) -> None:
    with pytest.raises(Invalid, match="http"):
        _attach(approved, url=url)


def test_a_case_that_awaits_no_parcel_takes_none(approved: tuple[Database, Actor, UUID]) -> None:
    db, actor, case_id = approved
    with db.begin() as session:
        cancel(session, case_id, expected=None, actor=actor, now=NOW + timedelta(hours=1))
    with pytest.raises(Conflict, match="No parcel is expected"):
        _attach(approved)
