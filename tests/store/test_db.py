import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from returns_service.store.db import Database, changed
from returns_service.store.tables import Lease

NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


def test_a_failed_transaction_leaves_nothing_behind(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.begin() as session:
        session.add(Lease(name="a", holder="x", until=NOW))
        session.flush()
        raise ZeroDivisionError
    with db.read() as session:
        assert session.exec(select(Lease)).all() == []


def test_writers_in_parallel_lose_no_update_and_never_fail(db: Database) -> None:
    with db.begin() as session:
        session.add(Lease(name="n", holder="0", until=NOW))

    def count() -> None:
        for _ in range(25):
            with db.begin() as session:
                lease = session.exec(select(Lease).where(Lease.name == "n").with_for_update()).one()
                lease.holder = str(int(lease.holder) + 1)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert session.exec(select(Lease)).one().holder == "200"


def test_a_reader_sees_one_moment_however_long_it_reads(db: Database) -> None:
    with db.begin() as session:
        session.add(Lease(name="n", holder="before", until=NOW))
    with db.read() as reader:
        first = reader.exec(select(Lease.holder)).one()
        with db.begin() as session:
            session.exec(select(Lease)).one().holder = "after"
        assert (first, reader.exec(select(Lease.holder)).one()) == ("before", "before")


def test_foreign_keys_are_enforced(db: Database) -> None:
    with pytest.raises(DBAPIError), db.begin() as session:
        session.execute(
            text(
                "INSERT INTO order_snapshots (order_id, version, body, taken_at) VALUES "
                "('0199a000000070008000000000000000', 1, '{}', '2026-10-01T00:00:00+00:00')"
            )
        )


def test_alive_answers_without_a_word(db: Database) -> None:
    db.alive()


def test_it_says_how_many_rows_a_statement_touched(db: Database) -> None:
    with db.begin() as session:
        insert = postgresql.insert if db.dialect == "postgresql" else sqlite.insert
        first = insert(Lease).values(name="a", holder="x", until=NOW).on_conflict_do_nothing()
        assert (changed(session, first), changed(session, first)) == (1, 0)
        assert changed(session, update(Lease).values(holder="y")) == 1
        assert changed(session, delete(Lease).where(col(Lease.name) == "none")) == 0


def test_a_server_that_only_lets_us_read_is_left_and_tried_again(db: Database) -> None:
    """After a failover the old connections lead to a replica: they are given up, not kept for ever."""
    if db.dialect != "postgresql":
        pytest.skip("SQLite has no replica")

    def take(name: str) -> None:
        with db.begin() as session:
            session.add(Lease(name=name, holder="x", until=NOW))

    take("before")
    with db.engine.connect() as connection:
        connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        connection.commit()
    with pytest.raises(DBAPIError) as refused:
        take("meanwhile")
    assert refused.value.connection_invalidated
    take("after")
