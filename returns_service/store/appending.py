"""New rows, handed over to be written in few statements behind what a session keeps itself (writing.py)."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Insert
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel


class Last(NamedTuple):
    """The row that a transaction ends with."""

    insert: Insert
    values: Mapping[str, Any]
    otherwise: type[Exception]
    """Raised where it makes no row, because of a conflict."""


def append(session: Session, *rows: SQLModel) -> None:
    """Add rows that are not changed in this transaction any more; the next flush writes them. What a row points at is
    kept by the session, or new like it. A tenth of the CPU that the unit of work takes for a row.
    """
    session.info.setdefault("appended", []).extend(rows)


def enrol(session: Session, *rows: SQLModel) -> None:
    """Add rows that live on: they are written with what is appended, and may be changed before that and after it."""
    session.info.setdefault("enrolled", []).extend(rows)


def end_with(session: Session, last: Last) -> None:
    """Insert one more row when all is done."""
    session.info["last"] = last


def enrolled(session: Session) -> list[SQLModel]:
    """Those that are not written yet."""
    waiting: list[SQLModel] = session.info.get("enrolled", [])
    return waiting


def taken(session: Session, *kinds: str) -> list[SQLModel]:
    """What waits to be written, and waits no more."""
    return [row for kind in kinds for row in session.info.pop(kind, ())]


def keep(session: Session, written: Iterable[SQLModel]) -> None:
    """A row that was written is like one that was read: the session writes what is changed of it."""
    for row in written:
        make_transient_to_detached(row)
        session.add(row)
