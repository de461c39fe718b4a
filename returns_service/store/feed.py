"""The shop's feed: every committed fact once, in an order that never changes and that nothing slips into.

Ids follow the clock, and a transaction that commits late has early ids: who reads by id skips its facts. So a fact
gets its place after its commit, when somebody asks for the feed, one asker at a time.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select, update

from returns_service.store import locks
from returns_service.store.tables import EventRow

AT_ONCE = 1000
"""Facts that get their place in one go."""


def waits(session: Session, shop_id: UUID) -> bool:
    """Whether facts have no place yet."""
    return bool(_waiting(session, shop_id, limit=1))


def place(session: Session, shop_id: UUID) -> int:
    """Give the facts that have no place the next ones; answers how many."""
    locks.alone(session, shop_id, "feed")
    found = _waiting(session, shop_id, limit=AT_ONCE)
    last = session.exec(select(func.max(EventRow.position)).where(EventRow.shop_id == shop_id)).one() or 0
    rows = [{"id": fact, "position": last + n} for n, fact in enumerate(_in_order(found), 1)]
    if rows:
        session.execute(update(EventRow), rows)
    return len(rows)


def read(
    session: Session, shop_id: UUID, *, after: UUID | None, limit: int, but: Sequence[str] = ()
) -> list[EventRow]:
    """The facts behind a fact (all without one; none behind one without a place), some types left out."""
    query = select(EventRow).where(
        EventRow.shop_id == shop_id, col(EventRow.position) > _place_of(session, shop_id, after)
    )
    query = query.where(col(EventRow.type).not_in(but)) if but else query
    return list(session.exec(query.order_by(col(EventRow.position)).limit(limit)))


def _waiting(session: Session, shop_id: UUID, *, limit: int) -> list[tuple[UUID, UUID, int]]:
    query = select(EventRow.id, EventRow.case_id, EventRow.seq)
    query = query.where(EventRow.shop_id == shop_id, col(EventRow.position).is_(None))
    return list(session.exec(query.order_by(col(EventRow.id)).limit(limit)))


def _in_order(found: Sequence[tuple[UUID, UUID, int]]) -> list[UUID]:
    """By id; within a case by its own count, whatever the clocks of different machines said."""
    by_case: dict[UUID, list[tuple[int, UUID]]] = {}
    for event_id, case_id, seq in found:
        by_case.setdefault(case_id, []).append((seq, event_id))
    in_turn = {case_id: iter(sorted(facts)) for case_id, facts in by_case.items()}
    return [next(in_turn[case_id])[1] for _, case_id, _ in found]


def _place_of(session: Session, shop_id: UUID, event_id: UUID | None) -> int:
    if event_id is None:
        return 0
    query = select(EventRow.position).where(EventRow.id == event_id, EventRow.shop_id == shop_id)
    found = session.exec(query).all()
    return (found[0] or _NOWHERE) if found else 0


_NOWHERE = 2**63 - 1
