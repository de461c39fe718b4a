"""Walk the chain of digests of every case's history; the first broken link of each is named."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from returns_service.store import events, outbox
from returns_service.store.tables import ReturnCase


def verify_history(session: Session) -> tuple[int, list[str]]:
    """How many cases were checked, and what is wrong."""
    checked, problems = 0, []
    for case in session.exec(select(ReturnCase).order_by(col(ReturnCase.id))):
        checked += 1
        problems += list(_first_break(session, case))
    return checked, problems


def _first_break(session: Session, case: ReturnCase) -> Iterator[str]:
    head, expected = "", 1
    for fact in events.of_case(session, case.id, limit=1_000_000):
        if fact.seq != expected:
            yield f"Case {case.number}: fact {expected} is missing."
            return
        if fact.digest != outbox.digest(fact, head):
            yield f"Case {case.number}: fact {fact.seq} ({fact.type}) is not what was written."
            return
        head, expected = fact.digest, expected + 1
    if (case.seq, case.head) != (expected - 1, head):
        yield f"Case {case.number}: the history ends at fact {expected - 1}; {case.seq} were written."
