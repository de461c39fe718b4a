"""The schema's history. `upgrade` brings a database to the newest revision, whoever else tries at the same time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from returns_service.store.db import engine

FOLDER = Path(__file__).parent
_LOCK = 0x52657475726E73  # any number; the same for every process that migrates


def newest() -> str:
    """The revision that this program expects."""
    return max(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def config(connection: Connection) -> Config:
    """Alembic's configuration, bound to one connection; there is no alembic.ini."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(url: str) -> None:
    """To the newest revision in one transaction; a second process waits and then finds nothing to do."""
    migrating = engine(url, foreign_keys=False)
    try:
        with migrating.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            command.upgrade(config(connection), "head")
    finally:
        migrating.dispose()
