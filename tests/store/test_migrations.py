from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import returns_service.store.tables  # noqa: F401 - registers every table
from returns_service.store import migrations
from returns_service.store.db import Database


def test_the_migrations_make_exactly_the_tables_of_the_models(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_again_changes_nothing(db: Database, db_url: str) -> None:
    migrations.upgrade(db_url)
