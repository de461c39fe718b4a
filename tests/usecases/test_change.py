"""A submitted return is changed: decided anew on the same case, while nothing has arrived and nothing was paid."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from returns_service.domain.errors import IllegalMove, NotEligible, StaleVersion, UnitsHeld
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.store.db import Database
from returns_service.usecases.change import change
from returns_service.usecases.open_case import open_case
from returns_service.usecases.receive import receive
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path, quantities={"1": 3, "2": 1})


def wish(*lines: RequestLine) -> ReturnRequest:
    return ReturnRequest(lines or (RequestLine("1", 2, "changed_mind"),))


def opened(desk: Desk, request: ReturnRequest | None = None, **more: Any) -> UUID:
    with desk.db.begin() as session:
        return open_case(session, "1001", request or wish(), actor=desk.actor, now=desk.clock(), **more).id


def changed(desk: Desk, case_id: UUID, request: ReturnRequest, **more: Any) -> dict[str, Any]:
    with desk.db.begin() as session:
        case = change(
            session, case_id, request, **{"expected": None, "actor": desk.actor, "now": desk.clock(), **more}
        )
        return {
            "state": case.state,
            "total": case.row.quote_total,
            "ship": next((d["at"] for d in case.row.deadlines if d["for"] == "ship"), None),
            "lines": [
                (line.order_line_id, line.quantity, line.reason, line.resolution) for line in case.lines
            ],
            "ids": [line.id for line in case.lines],
            "version": case.row.version,
        }


def state_of(desk: Desk, case_id: UUID) -> dict[str, Any]:
    with desk.db.read() as session:
        case = cases.load(session, case_id, desk.actor, lock=False)
        return {"total": case.row.quote_total, "ids": [line.id for line in case.lines]}


def test_fewer_units_another_reason_another_wish(desk: Desk) -> None:
    case_id = opened(desk)
    before = state_of(desk, case_id)
    after = changed(
        desk, case_id, wish(RequestLine("1", 1, "too_small", resolution="exchange", exchange_for="SKU-1-X"))
    )
    assert after["state"] == "approved" and after["total"] < before["total"]
    assert after["lines"] == [("1", 1, "too_small", "exchange")]
    assert after["ids"] == before["ids"], "the line about the same goods keeps its id"
    assert desk.events(case_id)[-2:] == ["return.changed", "return.approved"]
    desk.audit()


def test_the_units_that_are_given_up_are_free_and_its_own_do_not_stand_in_the_way(desk: Desk) -> None:
    case_id = opened(desk, wish(RequestLine("1", 3, "changed_mind")))
    changed(desk, case_id, wish(RequestLine("1", 3, "too_large"), RequestLine("2", 1, "too_large")))
    changed(desk, case_id, wish(RequestLine("1", 1, "too_large")))
    opened(desk, wish(RequestLine("1", 2, "changed_mind")))
    with pytest.raises(UnitsHeld):
        changed(desk, case_id, wish(RequestLine("1", 2, "too_large")))


def test_what_the_policy_refuses_changes_nothing(desk: Desk) -> None:
    case_id = opened(desk)
    before = state_of(desk, case_id)
    with pytest.raises(NotEligible):
        changed(desk, case_id, wish(RequestLine("1", 2, "changed_mind", resolution="repair")))
    assert state_of(desk, case_id) == before and "return.changed" not in desk.events(case_id)


def test_who_asked_in_time_may_ask_for_less_afterwards_but_not_for_more(desk: Desk) -> None:
    case_id = opened(desk)
    first = changed(desk, case_id, wish())
    desk.clock.turn(days=60)
    after = changed(desk, case_id, wish(RequestLine("1", 1, "changed_mind")))
    assert after["state"] == "approved" and after["ship"] == first["ship"], "no more time to send it back"
    with pytest.raises(NotEligible):
        changed(desk, case_id, wish(RequestLine("1", 3, "changed_mind")))


def test_what_a_person_has_to_see_waits_for_one_again(desk: Desk) -> None:
    case_id = opened(desk)
    after = changed(desk, case_id, wish(RequestLine("1", 1, "other", comment="It hums")))
    assert after["state"] == "requested"


def test_after_the_arrival_it_is_too_late(desk: Desk) -> None:
    case_id = opened(desk)
    (line_id,) = state_of(desk, case_id)["ids"]
    with desk.db.begin() as session:
        receive(
            session, case_id, expected=None, actor=desk.actor, now=desk.clock(), lines=[(str(line_id), 1)]
        )
    with pytest.raises(IllegalMove):
        changed(desk, case_id, wish(RequestLine("1", 1, "changed_mind")))


def test_a_stale_page_is_told(desk: Desk) -> None:
    case_id = opened(desk)
    changed(desk, case_id, wish(RequestLine("1", 1, "changed_mind")))
    with pytest.raises(StaleVersion):
        changed(desk, case_id, wish(), expected=1)
