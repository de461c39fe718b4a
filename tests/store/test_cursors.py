import psycopg
from sqlalchemy import text

from returns_service.store.db import Database


def test_a_cursor_describes_its_columns_as_psycopg_does(db: Database) -> None:
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT 1 AS one, 'two' AS two")
        seen = cursor.description
        assert seen is not None
        assert [column[0] for column in seen] == ["one", "two"]
        if db.dialect == "postgresql":
            assert list(seen) == [seen[0], seen[1]]
            assert list(map(str, seen)) == list(map(str, psycopg.Cursor.description.fget(cursor)))  # type: ignore[attr-defined]


def test_what_answers_nothing_has_no_columns(db: Database) -> None:
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        assert cursor.description is None
        cursor.execute("CREATE TEMPORARY TABLE t (n integer)")
        assert cursor.description is None
        assert connection.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
