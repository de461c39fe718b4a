"""While findings contradict each other nobody settles by accident: a person rules first, then money moves."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from returns_service.domain.errors import IllegalMove
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.store.db import Database
from returns_service.usecases.add_evidence import add_evidence
from returns_service.usecases.approve import approve
from returns_service.usecases.inspect import inspect
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.open_case import open_case
from returns_service.usecases.receive import receive
from returns_service.usecases.settle import settle
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


def inspected(desk: Desk, *findings: str) -> UUID:
    """A defective unit, received and inspected."""
    wish = ReturnRequest((RequestLine("1", 1, "defective"),))
    with desk.db.begin() as session:
        case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock())
        session.flush()
        if case.state == "requested":
            approve(session, case.id, expected=None, actor=desk.actor, now=desk.clock())
        line = str(case.lines[0].id)
        receive(session, case.id, expected=None, actor=desk.actor, now=desk.clock(), lines=[(line, 1)])
        found = [InspectedUnit("1", 1, grade="D", findings=findings)]
        inspect(session, case.id, expected=None, actor=desk.actor, now=desk.clock(), lines=[(line, found)])
    return case.id


def settled(desk: Desk, case_id: UUID) -> str:
    with desk.db.begin() as session:
        settle(session, case_id, expected=None, actor=desk.actor, now=desk.clock())
    return desk.state(case_id)


def test_a_contradiction_is_not_settled_before_a_person_ruled(desk: Desk):
    case_id = inspected(desk, "misuse", "defect_confirmed")
    assert desk.state(case_id) == "inspected"
    with pytest.raises(IllegalMove, match="ruling"):
        settled(desk, case_id)
    with desk.db.begin() as session:
        add_evidence(
            session, case_id, expected=None, actor=desk.actor, now=desk.clock(), type_="ruling", data={"party": "merchant"}
        )  # fmt: skip
    assert settled(desk, case_id) == "settling"
    assert desk.refund(case_id).amount == 2000


def test_silence_never_settles_a_contradiction(desk: Desk):
    case_id = inspected(desk, "misuse", "defect_confirmed")
    with desk.db.begin() as session:
        keep_deadlines(session, case_id, shop_id=desk.shop.id, now=desk.clock() + timedelta(days=30))
    assert desk.state(case_id) == "inspected"
    assert "return.overdue" in desk.events(case_id)


def test_where_nothing_speaks_against_the_claim_a_person_may_settle_by_it(desk: Desk):
    case_id = inspected(desk)
    assert desk.state(case_id) == "inspected"
    assert settled(desk, case_id) == "settling"
    with desk.db.read() as session:
        fault = cases.load(session, case_id, desk.actor, lock=False).row.fault
    assert (fault["party"], fault["rule"]) == ("supplier", "defect-claimed")
