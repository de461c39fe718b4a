"""What a command begins with: the runtime, on a database that is ready for it."""

from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from returns_service.config import load
from returns_service.processes import CannotStart
from returns_service.store import migrations
from returns_service.usecases.runtime import Runtime
from returns_service.wiring import build

NOT_READY = (
    "The database has no tables yet, or older ones: `scripts/serve` or `returns-service prepare` makes them."
)


def opened() -> Runtime:
    """Raises CannotStart, with what to do, where a command would stumble over the database."""
    runtime = build(load())
    try:
        with runtime.db.engine.connect() as connection:
            known = inspect(connection).has_table("alembic_version")
            now = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    except OperationalError as why:
        raise CannotStart(f"The database cannot be reached: {str(why.orig).splitlines()[0]}") from None
    if now != migrations.newest():
        raise CannotStart(NOT_READY)
    return runtime
