"""What the shop owes in time: the refund's deadline on the case, told when it is missed; late parcels; late evidence."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.domain.request import InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import cases
from returns_service.store.db import Database
from returns_service.store.tables import Photo
from returns_service.usecases.cancel import cancel
from returns_service.usecases.inspect import inspect
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.objections import raise_objection, show_objections
from returns_service.usecases.open_case import open_case
from returns_service.usecases.photos_of_case import attach_photo
from returns_service.usecases.preview import preview
from returns_service.usecases.receive import receive
from returns_service.usecases.reject import reject
from returns_service.usecases.show_case import show
from tests.usecases.desk import Desk

WISH = ReturnRequest((RequestLine("1", 1, "changed_mind"),))
LADDER = """
restocking:
  - {id: late, when: {return.days_late: {gte: 3}}, percent: 20, say: {en: Too late., zh-Hans: 超期。, zh-Hant: 逾期。}}
"""
TRIES = """
limits:
  - id: tries
    when: {request.attempts: {gte: 2}}
    code: tries
    say: {en: Twice is enough., zh-Hans: 最多两次。, zh-Hant: 最多兩次。}
"""
Make = Callable[..., Desk]


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


@pytest.fixture
def own(db: Database, tmp_path: Path) -> Make:
    """A shop with terms of its own, and an order from where no floor stands."""
    return lambda **terms: Desk(db, tmp_path, {f"{k}.yaml": text for k, text in terms.items()}, country="US")


def opened(desk: Desk) -> UUID:
    with desk.db.begin() as session:
        return open_case(session, "1001", WISH, actor=desk.actor, now=desk.clock()).id


def arrived(desk: Desk, case_id: UUID) -> None:
    with desk.db.begin() as session:
        line = cases.load(session, case_id, desk.actor).lines[0]
        said = [(str(line.id), line.quantity)]
        receive(session, case_id, expected=None, actor=desk.actor, now=desk.clock(), lines=said)


def looked_at(desk: Desk, case_id: UUID) -> None:
    with desk.db.begin() as session:
        line = cases.load(session, case_id, desk.actor).lines[0]
        found = [(str(line.id), [InspectedUnit("1", line.quantity, grade="A", findings=("intact",))])]
        inspect(session, case_id, expected=None, actor=desk.actor, now=desk.clock(), lines=found)


def shown(desk: Desk, case_id: UUID) -> dict:
    with desk.db.read() as session:
        return show(cases.load(session, case_id, desk.actor, lock=False), actor=desk.actor)


def refund_due(desk: Desk, case_id: UUID) -> str | None:
    return next((d["on"] for d in shown(desk, case_id)["deadlines"] if d["for"] == "refund"), None)


def test_the_case_tells_by_when_the_money_is_on_its_way_and_the_shop_when_it_is_late(desk: Desk):
    asked = desk.clock()
    case_id = opened(desk)
    assert refund_due(desk, case_id) is None
    desk.clock.turn(days=5)
    arrived(desk, case_id)
    last = (asked + timedelta(days=14)).date().isoformat()  # Germany: 14 days from the request
    assert refund_due(desk, case_id) == last
    desk.clock.turn(days=10)
    for _ in range(2):
        with desk.db.begin() as session:
            keep_deadlines(session, case_id, shop_id=desk.shop.id, now=desk.clock())
    with desk.db.read() as session:
        late = cases.load(session, case_id, desk.actor, lock=False).row.deadlines
    assert [d["done"] for d in late if d["for"] == "refund"] == [["overdue"]]
    assert desk.events(case_id).count("return.overdue") == 2  # the inspection and the refund
    looked_at(desk, case_id)
    assert refund_due(desk, case_id) == last
    desk.work()
    assert (desk.state(case_id), refund_due(desk, case_id)) == ("refunded", None)


def test_a_parcel_that_is_handed_in_late_costs_what_the_policy_says(own: Make):
    desk = own(charges=LADDER)
    for days, fee in ((10, "0.00"), (18, "-4.00")):
        case_id = opened(desk)
        desk.clock.turn(days=days)
        arrived(desk, case_id)
        looked_at(desk, case_id)
        assert shown(desk, case_id)["quote"]["restocking"] == fee


def test_attempts_count_whatever_became_of_them(own: Make):
    desk = own(eligibility=TRIES)
    for count in (0, 1):
        with desk.db.begin() as session:
            assert preview(session, "1001", WISH, actor=desk.actor, now=desk.clock()).eligible, count
            case = open_case(session, "1001", WISH, actor=desk.actor, now=desk.clock())
        with desk.db.begin() as session:
            cancel(session, case.id, expected=None, actor=desk.actor, now=desk.clock(), reason="")
    with desk.db.read() as session:
        found = preview(session, "1001", WISH, actor=desk.actor, now=desk.clock())
    assert [refusal.code for refusal in found.lines[0].refusals] == ["tries"]


def test_evidence_for_an_objection_may_be_added_for_seven_days(desk: Desk):
    customer = Actor(desk.shop.id, "customer", "Ana", frozenset({"returns:write"}))
    with desk.db.begin() as session:
        case = open_case(session, "1001", WISH, actor=desk.actor, now=desk.clock(), request_review=True)
        words = {"code": "other", "message": "No."}
        reject(session, case.id, expected=None, actor=desk.actor, now=desk.clock(), **words)
        raise_objection(session, case.id, text="But it is.", actor=customer, now=desk.clock())
        photos = [photo(desk, name) for name in ("early", "late", "staff")]
        session.add_all(photos)
        ids = [str(row.id) for row in photos]
    with desk.db.read() as session:
        [objection] = show_objections(session, case.id, actor=customer)
    assert objection["evidence_until"].startswith("2026-10-13T21:59:59")
    with desk.db.begin() as session:
        attach_photo(session, case.id, ids[0], alt="", actor=customer, now=desk.clock())
    desk.clock.turn(days=9)
    with desk.db.begin() as session:
        with pytest.raises(Conflict, match="could be added until"):
            attach_photo(session, case.id, ids[1], alt="", actor=customer, now=desk.clock())
        attach_photo(session, case.id, ids[2], alt="", actor=desk.actor, now=desk.clock())


def photo(desk: Desk, name: str) -> Photo:
    return Photo(
        shop_id=desk.shop.id, path=name, content_type="image/jpeg", size=1, width=1, height=1, sha256=name, at=desk.clock()
    )  # fmt: skip
