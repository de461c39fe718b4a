"""Tracking events: taken once, in any order, late or early, and never moving a case backwards."""

import itertools
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from returns_service.domain.order import Order
from returns_service.domain.policy import Policy
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.judging import Judge
from returns_service.domain.ports import CarrierEvent
from returns_service.domain.request import History, RequestLine, ReturnRequest
from returns_service.store import freeze, orders, policies
from returns_service.store.db import Database
from returns_service.store.tables import EvidenceRow, ReturnCase
from returns_service.usecases.approve import approve
from returns_service.usecases.attach_label import attach_label
from returns_service.usecases.open_case import open_case
from returns_service.usecases.tracking_event import take_tracking_event
from tests.shop import example_order
from tests.usecases.desk import START, Desk

numbers = itertools.count()


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


@pytest.fixture
def case(desk: Desk) -> UUID:
    """Approved, with the shop's own label on it."""
    wish = ReturnRequest((RequestLine("1", 1, "changed_mind", condition="unopened"),))
    with desk.db.begin() as session:
        found = open_case(session, "1001", wish, actor=desk.actor, now=desk.clock(), request_review=True)
        if found.state == "requested":
            approve(session, found.id, expected=None, actor=desk.actor, now=desk.clock())
        attach_label(
            session, found.id, url="https://labels.example/1.pdf", carrier="dhl", tracking_number="0034-1",
            actor=desk.actor, now=desk.clock(),
        )  # fmt: skip
        return found.id


def tell(
    desk: Desk,
    kind: str,
    *,
    event_id: str = "",
    hours: int = 1,
    leg: str = "return",
    order: str | None = None,
) -> bool:
    event = CarrierEvent(
        event_id or f"e{next(numbers)}",
        "0034-1",
        kind,
        START + timedelta(hours=hours),
        leg,
        "dhl",
        order_id=order,
    )
    with desk.db.begin() as session:
        return take_tracking_event(session, desk.shop.id, "tracking", event, now=desk.clock())


def row(desk: Desk, case: UUID) -> ReturnCase:
    with desk.db.read() as session:
        return session.exec(select(ReturnCase).where(ReturnCase.id == case)).one()


def test_the_first_scan_ships_the_case_and_later_ones_only_tell(desk: Desk, case: UUID) -> None:
    assert tell(desk, "in_transit", hours=5)
    assert row(desk, case).state == "shipped_back"
    tell(desk, "picked_up", hours=2)
    tell(desk, "delivered", hours=9)
    found = row(desk, case)
    assert (found.state, found.scanned_at) == ("shipped_back", START + timedelta(hours=2))
    assert desk.events(case).count("return.shipped") == 1


def test_the_same_event_counts_once(desk: Desk, case: UUID) -> None:
    assert tell(desk, "in_transit", event_id="same")
    version = row(desk, case).version
    assert not tell(desk, "in_transit", event_id="same")
    assert row(desk, case).version == version


def test_a_lost_parcel_settles_the_case(desk: Desk, case: UUID) -> None:
    tell(desk, "picked_up")
    tell(desk, "lost", hours=300)
    assert "return.lost" in desk.events(case)
    desk.work()
    assert row(desk, case).state in ("settling", "refunded", "closed")
    desk.audit()


def test_damage_on_the_way_out_is_evidence_for_the_cases_of_the_order(desk: Desk, case: UUID) -> None:
    tell(desk, "damaged", leg="outbound", order="1001")
    with desk.db.read() as session:
        evidence = session.exec(select(EvidenceRow).where(EvidenceRow.case_id == case)).one()
    assert evidence.data == {"event": "PACKAGE_DAMAGED", "leg": "outbound"}
    assert row(desk, case).state == "approved"


def test_an_event_about_nothing_of_ours_or_after_the_end_is_kept_and_changes_nothing(
    desk: Desk, case: UUID
) -> None:
    event = CarrierEvent("x1", "unknown", "lost", START, "return", "dhl")
    with desk.db.begin() as session:
        assert take_tracking_event(session, desk.shop.id, "tracking", event, now=desk.clock())
    before = row(desk, case).version
    assert tell(desk, "lost", leg="outbound")
    assert row(desk, case).version == before


def test_a_scan_on_the_way_out_is_seen_by_the_decision_on_a_request_that_comes_later(
    shop_db: Database, tmp_path: Path
):
    desk = Desk(shop_db, tmp_path)
    parcel = {**example_order({"1": 3})["fulfilments"][0], "tracking_number": "0034-1"}
    with shop_db.begin() as session:
        desk.put(session, fulfilments=[parcel])
    assert tell(desk, "damaged", event_id="d", leg="outbound", order="1001")
    with shop_db.begin() as session:
        desk.put(
            session, fulfilments=[parcel], tags=["revised"]
        )  # a newer snapshot knows nothing of the scan
        row = orders.load(session, desk.shop.id, "1001")
        order, version = freeze.thaw_order(row.frozen), row.version
        [scan] = order.fulfilments[0].evidence
        desk.put(session, fulfilments=[parcel], tags=["revised"])
        assert orders.load(session, desk.shop.id, "1001").version == version
    assert (scan.type, scan.data) == ("carrier_scan", {"event": "PACKAGE_DAMAGED", "leg": "outbound"})
    with shop_db.read() as session:
        policy = policies.compiled(session, row.policy_version_id)
    seen = facts_of_line(policy, order)
    assert seen["evidence.carrier_scan"] == (scan.data,)


def facts_of_line(policy: Policy, order: Order) -> Facts:
    wish = RequestLine("1", 1, "damaged_in_transit")
    judge = Judge(policy, order, ReturnRequest((wish,)), History(), START)
    [judged] = judge.lines([(wish, 1)])
    return judged.facts
