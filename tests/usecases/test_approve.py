"""A parcel that is faster than the decision waits for it, and goes on from there."""

from pathlib import Path
from uuid import UUID

import pytest

from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store.db import Database
from returns_service.usecases.approve import approve
from returns_service.usecases.inspect import inspect
from returns_service.usecases.open_case import open_case
from returns_service.usecases.receive import receive
from returns_service.usecases.reject import reject
from tests.usecases.desk import Desk
from tests.usecases.test_pay_when import TERMS


def _counted(desk: Desk) -> UUID:
    """Two units that lie here, and nobody has decided yet."""
    wish = ReturnRequest((RequestLine("1", 2, "changed_mind"),))
    with desk.db.begin() as session:
        case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True)
        lines = [(str(case.lines[0].id), 2)]
        receive(session, case.id, expected=None, actor=desk.actor, now=desk.clock(), lines=lines)
        assert case.state == "requested"
        return case.id


@pytest.mark.parametrize("refused_first", [False, True])
def test_units_that_came_before_the_decision_are_inspected_and_paid(
    shop_db: Database, tmp_path: Path, refused_first: bool
) -> None:
    desk = Desk(shop_db, tmp_path)
    case_id, now = _counted(desk), desk.clock()
    with desk.db.begin() as session:
        if refused_first:
            why = {"code": "not_as_claimed", "message": ""}
            reject(session, case_id, expected=None, actor=desk.actor, now=now, **why)
        case = approve(session, case_id, expected=None, actor=desk.actor, now=now)
        assert case.state == "received"
        found = [InspectedUnit("1", 2, grade="A", findings=("intact",))]
        lines = [(str(case.lines[0].id), found)]
        inspect(session, case_id, expected=None, actor=desk.actor, now=now, lines=lines)
    desk.work(minutes=1)
    assert desk.state(case_id) == "refunded"


def test_what_is_paid_on_arrival_is_paid_with_an_approval_after_it(shop_db: Database, tmp_path: Path) -> None:
    desk = Desk(shop_db, tmp_path, {"resolutions.yaml": TERMS})
    case_id = _counted(desk)
    with desk.db.begin() as session:
        approve(session, case_id, expected=None, actor=desk.actor, now=desk.clock())
    assert len(desk.refunds(case_id)) == 1
    assert desk.state(case_id) == "received"
