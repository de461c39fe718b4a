"""The database: engines, transactions and what SQLite needs to be safe with many writers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    make_url,
    text,
)
from sqlmodel import Session

from returns_service.store import appending, changing
from returns_service.store.appending import taken
from returns_service.store.cursors import describe_late
from returns_service.store.json import dumps, loads
from returns_service.store.writing import write

BUSY_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 10_000
"""So long PostgreSQL waits for a row that somebody else holds."""
READ_ONLY_SERVER = "25006"
CONNECTIONS = 16


class Database:
    """One database that sessions are taken from; safe to share between threads, not across a fork."""

    def __init__(
        self, url: str, *, connections: int = CONNECTIONS, ring: Callable[[], object] | None = None
    ) -> None:
        """`ring` is called after a commit that left work in the outbox."""
        self.url = url
        self._ring = ring
        self.engine = engine(url, connections=connections)
        self._reader = self.engine.execution_options(**_READ_ONLY[self.engine.dialect.name])

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One writing transaction; committed at the end, rolled back by any exception."""
        with _Writer(self.engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            yield session
            session.conclude()
        if self._ring and session.info.pop("rang", False):
            self._ring()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view for reading; nothing is written."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session
            session.commit()  # a rollback would make psycopg forget its prepared statements

    def alive(self) -> None:
        """Raises when the database does not answer."""
        with self._reader.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


class _Writer(Session):
    """A session that writes new rows behind what it keeps itself."""

    def flush(self, _objects: Sequence[Any] | None = None) -> None:
        self.info["flushes"] = flushes(self) + 1
        enrolled = appending.enrolled(self)
        self._write_kept()
        write(self, taken(self, "enrolled", "appended"))
        appending.keep(self, enrolled)

    def conclude(self) -> None:
        """Flush in as few statements as can be: nothing is changed any more, so nothing is kept."""
        changes = changing.changes(self)
        if changes is None:
            self._write_kept()
        write(self, taken(self, "enrolled", "appended"), changes or (), self.info.pop("last", None))
        self.expunge_all()

    def _write_kept(self) -> None:
        if self.new:  # may point at what was enrolled
            write(self, taken(self, "enrolled"))
        super().flush()


def flushes(session: Session) -> int:
    """How often a session has written: what it read before may have changed since."""
    count: int = session.info.get("flushes", 0)
    return count


_READ_ONLY: dict[str, dict[str, Any]] = {
    "sqlite": {"reads_only": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def engine(url: str, *, connections: int = CONNECTIONS, foreign_keys: bool = True) -> Engine:
    """An engine with the house's settings. `foreign_keys=False` is for migrations that rebuild tables."""
    options: dict[str, Any] = {"json_serializer": dumps, "json_deserializer": loads}
    if make_url(url).get_backend_name() == "postgresql":
        options |= {"pool_size": connections, "max_overflow": 0, "pool_timeout": 10}
        options["connect_args"] = {"options": f"-c lock_timeout={LOCK_TIMEOUT_MS}"}
        made = create_engine(url, **options)
        event.listen(made, "handle_error", _leave_a_replica)
        event.listen(made, "connect", describe_late)
        return made
    made = create_engine(url, pool_size=connections, max_overflow=0, pool_timeout=60, **options)
    _prepare_sqlite(made, foreign_keys)
    return made


def _leave_a_replica(context: ExceptionContext) -> None:
    """After a failover our connections lead to a server that only lets us read: they are closed, all of them."""
    if getattr(context.original_exception, "sqlstate", "") == READ_ONLY_SERVER:
        context.is_disconnect = True


def changed(session: Session, statement: Any, values: Mapping[str, Any] | None = None) -> int:
    """Carries out an UPDATE, DELETE or INSERT and answers how many rows it touched."""
    session.flush()
    counted = {"preserve_rowcount": True}  # without it PostgreSQL does not say so for an INSERT
    return session.connection().execute(statement, values, execution_options=counted).rowcount


def _prepare_sqlite(made: Engine, foreign_keys: bool) -> None:
    """Writers queue up at BEGIN IMMEDIATE instead of failing (or losing updates) at their first write."""

    @event.listens_for(made, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begun(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
