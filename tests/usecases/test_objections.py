"""A decision is objected to within the policy's time and not more often than it allows."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from returns_service.domain.errors import Conflict
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store.db import Database
from returns_service.usecases.objections import answer_objection, list_objections, raise_objection
from returns_service.usecases.open_case import open_case
from returns_service.usecases.reject import reject
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


@pytest.fixture
def rejected(desk: Desk) -> UUID:
    wish = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
    with desk.db.begin() as session:
        case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True)
        if case.state == "requested":
            reject(
                session,
                case.id,
                expected=None,
                actor=desk.actor,
                now=desk.clock(),
                code="other",
                message="No.",
            )
        return case.id


def objected(desk: Desk, case_id: UUID, days: int) -> None:
    """Objected to so many days after the decision, and answered."""
    now = desk.clock() + timedelta(days=days)
    with desk.db.begin() as session:
        _, row = raise_objection(session, case_id, text="I disagree.", actor=desk.actor, now=now)
        answer_objection(session, case_id, row.id, granted=False, answer="No.", actor=desk.actor, now=now)


def test_the_last_day_of_the_policys_thirty_counts_and_the_next_does_not(desk: Desk, rejected: UUID) -> None:
    with pytest.raises(Conflict) as late:
        objected(desk, rejected, days=31)
    assert late.value.code == "objection_late"
    objected(desk, rejected, days=30)


def test_the_policy_allows_two_rounds(desk: Desk, rejected: UUID) -> None:
    objected(desk, rejected, days=1)
    objected(desk, rejected, days=2)
    with pytest.raises(Conflict) as over:
        objected(desk, rejected, days=3)
    assert over.value.code == "objections_used"
    with desk.db.read() as session:
        assert len(list_objections(session, rejected, actor=desk.actor)) == 2
