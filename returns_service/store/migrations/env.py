"""Alembic's entry: runs inside the connection and transaction that `upgrade` opened."""

from alembic import context
from sqlmodel import SQLModel

import returns_service.store.tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
