"""A doubted figure is followed from the page of a case to the ledger and to the gateway's record; claims have their list."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.jobs import relay
from returns_service.jobs.refunds import move_money
from returns_service.store.tables import Refund, ReturnCase
from returns_service.usecases.approve import approve
from returns_service.usecases.confirm_refund import confirm_refund
from returns_service.usecases.fail_refund import fail_refund
from returns_service.usecases.lose import lose
from returns_service.usecases.runtime import Runtime
from returns_service.usecases.ship import ship
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]


@pytest.fixture
def lost(ours: Runtime) -> UUID:
    """The return was lost on its way back, refunded by the storefront, and is the carrier's to answer for."""
    with ours.db.begin() as session:
        case = session.exec(select(ReturnCase)).one()
        actor = Actor(case.shop_id, "staff", "Robin", frozenset({"admin"}))
        how = {"expected": None, "actor": actor, "now": ours.now()}
        approve(session, case.id, **how)
        ship(session, case.id, carrier="dhl", tracking_number="1", **how)
        lose(session, case.id, reason="no scan", **how)
        found = case.id
    relay.drain(ours, {"refund": move_money, "event": lambda _runtime, _work: None})
    with ours.db.begin() as session:
        for refund in session.exec(select(Refund).where(Refund.case_id == found)):
            confirm_refund(session, refund.id, reference="re_77", actor=actor, now=ours.now())
    return found


def test_the_case_shows_its_ledger_down_to_the_gateways_record(worker: New, lost: UUID, number: str) -> None:
    page = worker().at_console("manager").see(f"/console/cases/{number}").text
    for shown in ("Set aside", "Paid", "Owed", "pay_1", "re_77", "rf_"):
        assert shown in page


def test_a_claim_is_met_and_leaves_the_list(worker: New, lost: UUID, number: str) -> None:
    manager = worker().at_console("manager")
    listed = manager.see("/console/recoveries")
    assert number in listed.text
    assert "Carrier" in listed.text
    page = manager.see(f"/console/cases/{number}").text
    amount = page.split('inputmode="decimal" value="')[1].split('"')[0]
    said = {"party": "carrier", "outcome": "recovered", "claim_note": "Claim 4711"}
    path = f"/console/cases/{number}/recovered"
    assert manager.send(path, amount="9999.00", **said).status_code == 409
    assert manager.send(path, amount="1,5x", **said).status_code == 422
    assert manager.send(path, amount=amount, **said).status_code == 303
    assert number not in manager.see("/console/recoveries").text
    assert number in manager.see("/console/recoveries?all=1&party=carrier").text
    assert number not in manager.see("/console/recoveries?all=1&party=supplier").text
    assert "Claim 4711" in manager.see(f"/console/cases/{number}").text


def test_why_a_refund_failed_is_told_in_the_readers_language(
    worker: New, ours: Runtime, lost: UUID, number: str
) -> None:
    with ours.db.begin() as session:
        refund = session.exec(select(Refund).where(Refund.case_id == lost)).one()
        actor = Actor.of("storefront", refund.shop_id)
        fail_refund(session, refund.id, reason="declined: Account 12 closed", actor=actor, now=ours.now())
    manager = worker().at_console("manager")
    for path in (f"/console/cases/{number}", "/console/operations"):
        page = manager.see(path, **{"Accept-Language": "zh-CN"})
        assert "买家的银行拒收退款。" in manager.words
        assert "<bdi>Account 12 closed</bdi>" in page.text
        assert "declined" not in page.text
    manager.see(f"/console/cases/{number}", **{"Accept-Language": "zh-CN"})
    assert "银行卡 · 店铺系统" in " ".join(manager.words.split())
