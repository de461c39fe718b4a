"""Locks that have no row of their own. SQLite's one writer needs none."""

import zlib

from sqlmodel import Session, func, select


def alone(session: Session, *words: object) -> None:
    """Wait until nobody else works on this; held until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        number = zlib.crc32("/".join(map(str, words)).encode())
        session.exec(select(func.pg_advisory_xact_lock(number)))
