"""A person is erased from what is kept: nothing of them is found anywhere, money and history still tie out."""

import io
import json
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import text
from sqlmodel import SQLModel

from returns_service.domain.actor import Actor
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.jobs import relay
from returns_service.jobs.topics import TOPICS
from returns_service.store import cases, orders
from returns_service.store.db import Database
from returns_service.usecases.add_photo import add_photo
from returns_service.usecases.cancel import cancel
from returns_service.usecases.erase import request_erasure
from returns_service.usecases.open_case import open_case
from returns_service.usecases.post_message import post_message
from returns_service.usecases.rate import rate
from tests.shop import example_order, put
from tests.usecases.desk import Desk

TRACES = ("ana@example.com", "Ana Keller", "ana keller", "my flat number 7")
CUSTOMER = frozenset({"returns:read", "returns:write"})


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


def customer(desk: Desk) -> Actor:
    return Actor(desk.shop.id, "customer", "ana@example.com", CUSTOMER)


def a_picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (9, 9), "teal").save(drawn, "PNG")
    return drawn.getvalue()


def opened(desk: Desk) -> UUID:
    """A return with a photo, a comment and a message."""
    actor, now = customer(desk), desk.clock()
    with desk.db.begin() as session:
        photo = add_photo(
            session,
            a_picture(),
            alt="",
            pictures=desk.runtime.pictures,
            files=desk.runtime.files,
            actor=actor,
            now=now,
        )
        line = RequestLine("1", 1, "changed_mind", comment="my flat number 7", photos=(str(photo.id),))
        case = open_case(session, "1001", ReturnRequest((line,)), actor=actor, now=now)
        post_message(session, case.id, message="my flat number 7", actor=actor, now=now)
        return case.id


def drain(desk: Desk) -> None:
    relay.drain(desk.runtime, {**TOPICS, "refund": lambda _runtime, _work: None})


def ask(desk: Desk) -> bool:
    with desk.db.begin() as session:
        return request_erasure(session, "1001", actor=customer(desk), now=desk.clock())


def traces(desk: Desk) -> list[str]:
    """Tables in which something of the person is left; finished work is thrown away after three days."""
    found = []
    with desk.db.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in ("outbox", "shops", "policy_versions"):
                continue
            rows = session.exec(text(f"SELECT * FROM {table.name}")).all()  # type: ignore[call-overload]
            said = json.dumps([[str(value) for value in row] for row in rows])
            found += [f"{table.name}: {trace}" for trace in TRACES if trace.casefold() in said.casefold()]
    return found


def erased(desk: Desk) -> UUID:
    case_id = opened(desk)
    with desk.db.begin() as session:
        rate(
            session,
            case_id,
            kind="csat",
            score=5,
            comment="my flat number 7",
            actor=customer(desk),
            now=desk.clock(),
        )
        cancel(
            session, case_id, expected=None, actor=customer(desk), now=desk.clock(), reason="my flat number 7"
        )
    drain(desk)
    assert ask(desk)
    desk.clock.turn(hours=2)
    drain(desk)
    return case_id


def test_nothing_of_the_person_is_left(desk: Desk) -> None:
    case_id = erased(desk)
    assert traces(desk) == []
    assert desk.events(case_id)[-2:] == ["data.erasure_requested", "data.erased"]
    desk.audit()
    assert not list((desk.runtime.settings.data_dir / "files").rglob("*.jpg"))


def test_while_a_return_is_open_it_waits(desk: Desk) -> None:
    case_id = opened(desk)
    assert not ask(desk)
    drain(desk)
    assert "data.erased" not in desk.events(case_id)
    with desk.db.begin() as session:
        cancel(session, case_id, expected=None, actor=customer(desk), now=desk.clock())
    desk.clock.turn(days=1, hours=2)
    drain(desk)
    assert desk.events(case_id)[-1] == "data.erased"


def test_a_newer_snapshot_does_not_bring_the_person_back(desk: Desk) -> None:
    erased(desk)
    with desk.db.begin() as session:
        put(session, {**example_order({"1": 3}), "number": "1001-B"}, actor=desk.actor, now=desk.clock())
    assert traces(desk) == []
    with desk.db.read() as session:
        assert orders.load(session, desk.shop.id, "1001").number == "1001-B"


def test_the_last_letter_reaches_the_person(desk: Desk) -> None:
    erased(desk)
    sent = [file.read_text() for file in (desk.runtime.settings.data_dir / "mail").glob("*.eml")]
    assert any("Your personal data is erased" in mail and "ana@example.com" in mail for mail in sent)


def test_what_was_owed_and_paid_stays(desk: Desk) -> None:
    case_id = desk.settled()
    desk.work()
    before = desk.ledger(case_id)
    assert ask(desk)
    desk.clock.turn(hours=2)
    drain(desk)
    assert desk.ledger(case_id) == before and traces(desk) == []
    with desk.db.read() as session:
        case = cases.load(session, case_id, desk.actor, lock=False)
        assert case.row.quote_total and case.refunds[0].state == "succeeded"
    desk.audit()
