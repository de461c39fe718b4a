"""Who may do what only one process may do at a time."""

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from returns_service.store.db import changed
from returns_service.store.tables import Lease


def take(session: Session, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
    """Takes or keeps a lease; False while somebody else holds it."""
    free = or_(col(Lease.holder) == holder, col(Lease.until) < now)
    change = update(Lease).where(col(Lease.name) == name, free).values(holder=holder, until=until)
    if changed(session, change):
        return True
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = insert_postgresql if postgresql else insert_sqlite
    first = insert(Lease).values(name=name, holder=holder, until=until).on_conflict_do_nothing()
    return session.execute(first.returning(col(Lease.name))).first() is not None


def give_up(session: Session, name: str, holder: str) -> None:
    """Leaves the lease to whoever comes next."""
    changed(session, delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))
