"""What does not tie out is found: each balance is worked out again from the entries."""

from pathlib import Path

import pytest
from sqlalchemy import text

from returns_service.store import cases, ledger
from returns_service.store.db import Database
from returns_service.usecases.verify_ledger import verify_ledger
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    made = Desk(shop_db, tmp_path)
    for wish in ("refund", "store_credit"):
        made.settled(resolution=wish)
    made.work()
    assert problems(made) == []
    return made


def problems(desk: Desk) -> list[str]:
    with desk.db.read() as session:
        return verify_ledger(session).problems


@pytest.mark.parametrize(("change", "said"), [
    ("UPDATE tenders SET refunded = refunded - 1", "Payment p1"),
    ("UPDATE tenders SET reserved = reserved + 1", "Payment p1"),
    ("UPDATE refunds SET state = 'failed' WHERE tender_id IS NOT NULL", "Refund"),
    ("UPDATE refunds SET amount = amount + 1 WHERE tender_id IS NOT NULL", "Refund"),
    ("UPDATE store_credits SET balance = balance - 1", "Store credit"),
], ids=["refunded", "reserved", "state", "amount", "credit"])  # fmt: skip
def test_a_balance_that_its_entries_do_not_bear_is_named(desk: Desk, change: str, said: str) -> None:
    with desk.db.begin() as session:
        session.connection().execute(text(change))
    assert any(problem.startswith(said) for problem in problems(desk))


@pytest.mark.parametrize(("kind", "party", "said"), [
    ("owed", None, "is owed"),
    ("dropped", None, "is owed"),
    ("secured", "customer", "still out in advance"),
    ("collected", "customer", "paid for goods"),
    ("recovered", "customer", "more recovered"),
])  # fmt: skip
def test_an_entry_that_nothing_stands_behind_is_named(
    desk: Desk, kind: str, party: str | None, said: str
) -> None:
    case_id = desk.settled()
    desk.work()
    with desk.db.begin() as session:
        case = cases.load(session, case_id, desk.actor)
        ledger.enter(case, kind, 700, now=desk.clock(), party=party)
    (problem,) = problems(desk)
    assert said in problem
