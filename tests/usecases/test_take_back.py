"""A slip of the hand at the bench is taken back by a fact of its own, until money moved."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from returns_service.domain.errors import Conflict, IllegalMove
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import bench, cases, operations
from returns_service.store.cases import CaseFile
from returns_service.store.db import Database
from returns_service.store.tables import Hold
from returns_service.usecases.approve import approve
from returns_service.usecases.cancel import cancel
from returns_service.usecases.inspect import inspect
from returns_service.usecases.open_case import open_case
from returns_service.usecases.operations import close_parcel
from returns_service.usecases.receive import receive
from returns_service.usecases.record_parcel import record_parcel
from returns_service.usecases.ship import ship
from returns_service.usecases.take_back import take_back
from returns_service.usecases.verify_history import verify_history
from tests.shop import example_order
from tests.usecases.desk import Desk
from tests.usecases.test_pay_when import TERMS


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    """The three units of the order have serial numbers."""
    lines = [{**line, "serial_numbers": ["S-1", "S-2", "S-3"]} for line in example_order({"1": 3})["lines"]]
    return Desk(shop_db, tmp_path, lines=lines)


@pytest.fixture
def case_id(desk: Desk) -> UUID:
    """Three units, approved."""
    wish = ReturnRequest((RequestLine("1", 3, "changed_mind"),))
    with desk.db.begin() as session:
        case = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True)
        if case.state == "requested":
            approve(session, case.id, expected=None, actor=desk.actor, now=desk.clock())
        return case.id


def _count(desk: Desk, case_id: UUID, quantity: int, who: str = "Robin") -> None:
    desk.clock.turn(seconds=5)
    with desk.db.begin() as session:
        line = str(_case(desk, case_id, session).lines[0].id)
        actor, now = desk.as_person(who), desk.clock()
        receive(session, case_id, expected=None, actor=actor, now=now, lines=[(line, quantity)])


def _find(desk: Desk, case_id: UUID, quantity: int, *serials: str) -> None:
    desk.clock.turn(seconds=5)
    with desk.db.begin() as session:
        line = _case(desk, case_id, session).lines[0]
        found = InspectedUnit(line.order_line_id, quantity, grade="A", findings=("intact",))
        units = [replace(found, serial_numbers=serials)]
        now = desk.clock()
        inspect(session, case_id, expected=None, actor=desk.actor, now=now, lines=[(str(line.id), units)])


def _undo(desk: Desk, who: str = "Robin") -> str:
    with desk.db.begin() as session:
        return take_back(session, actor=desk.as_person(who), now=desk.clock()).what


def _case(desk: Desk, case_id: UUID, session: object) -> CaseFile:
    return cases.load(session, case_id, desk.actor)  # type: ignore[arg-type]


def _stands(desk: Desk, case_id: UUID) -> tuple[str, int, int]:
    with desk.db.read() as session:
        case = cases.load(session, case_id, desk.actor, lock=False)
        assert verify_history(session)[1] == []
        return case.state, case.lines[0].received_quantity, case.lines[0].inspected_quantity


def test_one_after_the_other_the_newest_first(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 2)
    _find(desk, case_id, 1)
    assert _undo(desk) == "inspection"
    assert _stands(desk, case_id) == ("received", 2, 0)
    assert _undo(desk) == "count"
    assert _stands(desk, case_id) == ("approved", 0, 0)  # as it was before
    with pytest.raises(Conflict, match="nothing of yours"):
        _undo(desk)
    _count(desk, case_id, 3)
    assert _stands(desk, case_id) == ("received", 3, 0)
    with desk.db.read() as session:
        assert [row.lines[0]["quantity"] for row in bench.receipts(session, case_id)] == [3]


def test_units_found_apart_by_their_numbers_are_taken_back_together(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 3)
    _find(desk, case_id, 1, "S-1")
    _find(desk, case_id, 2, "S-2", "NOT-OURS")
    with desk.db.read() as session:
        rows = cases.load(session, case_id, desk.actor, lock=False).inspections
    assert [row.serial_numbers for row in rows] == [["S-1"], ["S-2"], ["NOT-OURS"]]
    assert _undo(desk) == "inspection"
    assert _stands(desk, case_id) == ("received", 3, 1)
    assert _undo(desk) == "inspection"
    assert _stands(desk, case_id) == ("received", 3, 0)


@pytest.mark.parametrize("over", [False, True])
def test_a_return_stands_as_it_did_before_the_count(desk: Desk, case_id: UUID, over: bool) -> None:
    """One that was over is over again, and its units are free for another request."""
    with desk.db.begin() as session:
        move = cancel if over else ship
        move(session, case_id, expected=None, actor=desk.actor, now=desk.clock())
    before = _stands(desk, case_id)
    _count(desk, case_id, 1)
    _count(desk, case_id, 2, who="Ben")
    assert _stands(desk, case_id) == ("received", 3, 0)
    _undo(desk, who="Ben")
    assert _stands(desk, case_id) == ("received", 1, 0)
    _undo(desk)
    assert _stands(desk, case_id) == before
    with desk.db.read() as session:
        held = session.exec(select(Hold).where(col(Hold.active).is_(True))).all()
    assert len(held) == (0 if over else 3)


def test_a_count_before_the_decision_is_taken_back(desk: Desk) -> None:
    wish = ReturnRequest((RequestLine("1", 3, "changed_mind"),))
    with desk.db.begin() as session:
        case_id = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True).id
    _count(desk, case_id, 2)
    assert _stands(desk, case_id) == ("requested", 2, 0)
    assert _undo(desk) == "count"
    assert _stands(desk, case_id) == ("requested", 0, 0)


def test_a_parcel_nobody_knows_is_taken_back_before_what_was_done_earlier(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 2)
    desk.clock.turn(seconds=5)
    with desk.db.begin() as session:
        record_parcel(session, lines=[], note="A red box", actor=desk.actor, now=desk.clock())
    assert _undo(desk) == "parcel"
    assert _stands(desk, case_id)[1] == 2
    with desk.db.read() as session:
        assert operations.parcels(session, desk.shop.id) == []
    assert _undo(desk) == "count"


def test_a_parcel_that_was_looked_after_is_not_taken_back(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 2)
    desk.clock.turn(seconds=5)
    with desk.db.begin() as session:
        row = record_parcel(session, lines=[], note="A red box", actor=desk.actor, now=desk.clock())
        close_parcel(session, row.id, note="Its owner called", actor=desk.actor)
    with pytest.raises(Conflict, match="looked after"):
        _undo(desk)
    assert _stands(desk, case_id)[1] == 2


def test_nobody_takes_back_what_another_person_did(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 2, who="Ben")
    with pytest.raises(Conflict, match="nothing of yours"):
        _undo(desk, who="Wu")


def test_after_ten_minutes_it_stands(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 2)
    desk.clock.turn(minutes=11)
    with pytest.raises(Conflict, match="nothing of yours"):
        _undo(desk)


def test_a_count_whose_units_another_person_inspected_stands(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 2, who="Ben")
    _find(desk, case_id, 1)
    with pytest.raises(Conflict, match="inspected since"):
        _undo(desk, who="Ben")


def test_once_money_moved_nothing_is_taken_back(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 3)
    _find(desk, case_id, 3)
    before = _stands(desk, case_id)
    with pytest.raises(IllegalMove):
        _undo(desk)
    assert _stands(desk, case_id) == before


def test_what_went_out_before_the_count_does_not_hold_it(shop_db: Database, tmp_path: Path) -> None:
    """Nor is a count taken back that brought the money."""
    desk = Desk(shop_db, tmp_path, {"resolutions.yaml": TERMS})
    wish = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
    big = ReturnRequest((RequestLine("1", 2, "changed_mind"),))
    for asked, answer in ((wish, "count"), (big, None)):
        with desk.db.begin() as session:
            case_id = open_case(session, "1001", asked, actor=desk.actor, now=desk.clock()).id
        _count(desk, case_id, asked.lines[0].quantity)
        if answer:
            assert len(desk.refunds(case_id)) == 1 and _undo(desk) == answer
            continue
        with pytest.raises(Conflict, match="since this parcel came"):
            _undo(desk)


def test_the_first_of_several_units_pays_nothing_yet(desk: Desk, case_id: UUID) -> None:
    _count(desk, case_id, 2)
    _find(desk, case_id, 1)
    assert desk.refunds(case_id) == []
