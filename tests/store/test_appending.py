from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from returns_service.store.appending import append, enrol
from returns_service.store.db import Database
from returns_service.store.idempotency import Repeated, remember_at_last
from returns_service.store.tables import IdempotencyKey, Lease, OutboxRow, Shop
from tests.shop import a_shop

NOW = datetime(2026, 10, 1, 9, 30, 0, 123456, tzinfo=UTC)
ODD = "quotes ' \" `, 100 % {of} :it, \\n and\nnew lines, 退貨, 🧦"


@pytest.fixture
def shop(db: Database) -> UUID:
    with db.begin() as session:
        return a_shop(session, now=NOW).id


@contextmanager
def _inserts(db: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_c: object, _u: object, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)
    said[:] = [one for one in said if "INSERT" in one]


def _work(shop: UUID, topic: str, **more: Any) -> OutboxRow:
    return OutboxRow(topic=topic, key="k", shop_id=shop, next_attempt_at=NOW, created_at=NOW, **more)


def _answer(shop: UUID) -> dict[str, Any]:
    told = {"route": "POST /x", "fingerprint": "f", "status": 200, "headers": {"ETag": '"1"'}, "body": ODD}
    return {"shop_id": shop, "key": ODD, "created_at": NOW, **told}


def test_what_was_appended_comes_back_as_it_was_given(db: Database, shop: UUID) -> None:
    payload = {"text": ODD, "list": [1, None, True, {"deep": "0.10"}], "big": 2**53 + 1}
    given = _work(shop, ODD, payload=payload, fence=2**62, lease_until=NOW + timedelta(microseconds=1))
    with db.begin() as session:
        append(session, given, _work(shop, "second"), Lease(name=ODD, holder="", until=NOW))
    with db.read() as session:
        first, second = session.exec(select(OutboxRow).order_by(OutboxRow.fence.desc())).all()  # type: ignore[attr-defined]
        assert first.model_dump() == given.model_dump()
        assert (second.topic, second.payload, second.lease_until) == ("second", {}, None)
        assert session.exec(select(Lease)).one().name == ODD


def test_postgresql_takes_rows_of_all_tables_in_one_statement(db: Database, shop: UUID) -> None:
    with _inserts(db) as said, db.begin() as session:
        append(session, _work(shop, "a"), Lease(name="a", holder="", until=NOW), _work(shop, "b"))
        remember_at_last(session, _answer(shop), kept_since=NOW)
    assert len(said) == (1 if db.dialect == "postgresql" else 3)


def test_without_its_last_row_a_transaction_leaves_nothing(db: Database, shop: UUID) -> None:
    for expected in (nullcontext(), pytest.raises(Repeated)):
        with expected, db.begin() as session:
            remember_at_last(session, _answer(shop), kept_since=NOW)
            append(session, _work(shop, "a"), _work(shop, "b"))
    with db.read() as session:
        assert session.exec(select(IdempotencyKey)).one().body == ODD
        assert len(session.exec(select(OutboxRow)).all()) == 2


def test_a_row_that_cannot_be_leaves_none_of_the_others(db: Database, shop: UUID) -> None:
    def both(session: Session) -> None:
        append(session, _work(shop, "a"), Lease(name="taken", holder="", until=NOW))

    with db.begin() as session:
        both(session)
    with pytest.raises(IntegrityError), db.begin() as session:
        both(session)
    with db.read() as session:
        assert len(session.exec(select(OutboxRow)).all()) == 1


def test_what_is_changed_of_an_enrolled_row_is_never_lost(db: Database, shop: UUID) -> None:
    row = _work(shop, "a", payload={"n": 0})
    with db.begin() as session:
        enrol(session, row)
        row.payload = {"n": 1}
        session.flush()
        assert session.exec(select(OutboxRow)).one() is row
        row.payload, row.lease_until = {"n": 2}, NOW
        session.flush()
        row.attempts = 3
    with db.read() as session:
        assert session.exec(select(OutboxRow)).one().model_dump() == row.model_dump()


def test_an_enrolled_row_that_is_added_too_is_refused(db: Database, shop: UUID) -> None:
    row = _work(shop, "a")
    with pytest.raises(IntegrityError), db.begin() as session:
        enrol(session, row)
        session.add(row)


@pytest.mark.parametrize("how", [append, enrol, Session.add])
def test_an_enrolled_row_may_be_pointed_at(db: Database, how: Callable[..., None]) -> None:
    new = Shop(slug="new", name="New", languages=["en"], created_at=NOW)
    with db.begin() as session:
        how(session, _work(new.id, "a"))
        enrol(session, new)
        new.name = "Newer"
    with db.read() as session:
        assert session.exec(select(OutboxRow)).one().shop_id == new.id
        assert session.exec(select(Shop)).one().name == "Newer"
