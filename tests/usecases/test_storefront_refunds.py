"""Refunds that the storefront pays itself: it is told, it reports, it is reminded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from returns_service.store.db import Database
from returns_service.usecases.confirm_refund import confirm_refund
from returns_service.usecases.fail_refund import fail_refund
from returns_service.usecases.resolve_refund import resolve_refund
from tests.usecases.desk import Desk


@pytest.fixture
def storefront(shop_db: Database, tmp_path: Path) -> Iterator[Desk]:
    payment = {
        "id": "p1",
        "method": "card",
        "gateway": "storefront",
        "reference": "pay_1",
        "captured": "64.90",
    }
    made = Desk(shop_db, tmp_path, payments=[payment])
    yield made
    made.audit()


def test_the_storefront_pays_and_says_so_twice(storefront: Desk) -> None:
    desk = storefront
    case = desk.settled()
    desk.work()
    refund = desk.refund(case)
    assert refund.state == "pending"
    for _ in range(2):
        with desk.db.begin() as session:
            confirm_refund(session, refund.id, reference="bank-1", actor=desk.actor, now=desk.clock())
    assert (desk.state(case), desk.events(case).count("refund.succeeded")) == ("refunded", 1)
    assert desk.attempts(case)[0].state == "ok"


def test_the_storefront_fails_and_a_person_tries_again(storefront: Desk) -> None:
    desk = storefront
    case = desk.settled()
    desk.work()
    for _ in range(2):
        with desk.db.begin() as session:
            fail_refund(session, desk.refund(case).id, reason="closed", actor=desk.actor, now=desk.clock())
    assert (desk.refund(case).state, desk.tender(), desk.events(case).count("refund.failed")) == (
        "failed",
        (0, 0),
        1,
    )
    with desk.db.begin() as session:
        resolve_refund(
            session, desk.refund(case).id, outcome="retry", reference=None, note="", actor=desk.actor, now=desk.clock()
        )  # fmt: skip
    desk.work(seconds=1)
    with desk.db.begin() as session:
        confirm_refund(session, desk.refund(case).id, reference=None, actor=desk.actor, now=desk.clock())
    assert desk.state(case) == "refunded"
    assert [a.n for a in desk.attempts(case)] == [1, 2]


def test_a_storefront_that_says_nothing_is_reminded_and_then_a_person_looks(storefront: Desk) -> None:
    desk = storefront
    case = desk.settled()
    desk.work()
    for _ in range(4):
        desk.work(days=1)
    assert desk.events(case).count("return.overdue") == 1
    desk.work(days=11)
    assert desk.refund(case).state == "manual"
    with desk.db.begin() as session:
        confirm_refund(session, desk.refund(case).id, reference="late", actor=desk.actor, now=desk.clock())
    assert desk.state(case) == "refunded"
