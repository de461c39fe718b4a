"""Faults that other return systems shipped: policy, people, messages, repeated errors. The number names the trap."""

from typing import Any

import pytest

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Refusal
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.jobs import relay
from returns_service.jobs.topics import TOPICS
from returns_service.store import events, notices, policy_folder
from returns_service.store.tables import Shop as ShopRow
from returns_service.usecases.approve import approve
from returns_service.usecases.cancel import cancel
from returns_service.usecases.figures import open_cases
from returns_service.usecases.open_case import open_case
from returns_service.usecases.preview import returnable
from returns_service.usecases.publish_policy import publish_policy
from returns_service.usecases.resolve_refund import resolve_refund
from tests.shop import POLICIES, example_order, put
from tests.usecases.counter import Shop

WISH = ReturnRequest((RequestLine("1", 1, "defective", photos=("photo",)),))


def test_t45_a_refund_is_what_was_paid_whatever_the_article_costs_today(open_shop: Any) -> None:
    shop = open_shop()
    for price in ("100.00", "1.00"):
        line = dict(example_order({"1": 3})["lines"][0])
        line["exchange_options"] = [{"sku": "SKU-1", "title": "The same", "price": price, "available": 9}]
        with shop.db.begin() as session:
            shop.put(session, lines=[line])
        assert shop.goods(shop.through_all({"1": 1})) == "20.00"


def test_t77_an_error_that_repeats_stays_readable_and_a_third_try_is_allowed(open_shop: Any) -> None:
    shop = open_shop()
    shop.gateway.next = ["decline", "decline"]
    case_id = shop.through_all({"1": 1})
    for tries in (1, 2):
        shop.work()
        refund = shop.refund(case_id)
        assert (refund.state, bool(refund.reason), shop.state(case_id)) == ("failed", True, "settling")
        assert len(shop.attempts(case_id)) == tries
        with shop.db.begin() as session:
            resolve_refund(
                session,
                refund.id,
                outcome="retry",
                reference=None,
                note="",
                actor=shop.actor,
                now=shop.clock(),
            )
    shop.work()
    assert (shop.refund(case_id).state, shop.state(case_id)) == ("succeeded", "refunded")
    assert shop.moved() == shop.refund(case_id).amount


def test_t109_the_policy_of_the_purchase_decides_after_it_was_changed(open_shop: Any) -> None:
    shop = open_shop()
    now = shop.clock.turn(days=4)
    files = policy_folder.read(POLICIES / "standard")
    shorter = files["eligibility.yaml"].replace("days: 30", "days: 14")
    assert shorter != files["eligibility.yaml"]
    with shop.db.begin() as session:
        row = session.get_one(ShopRow, shop.shop.id)
        changed = {**files, "eligibility.yaml": shorter}
        publish_policy(session, row, "standard", changed, policy_folder.laws(POLICIES), now=now)
    shop.clock.turn(hours=1)
    body = {
        **example_order({"1": 1}),
        "number": "1002",
        "country": "US",
        "placed_at": shop.clock().isoformat(),
    }
    body["fulfilments"] = [
        {**body["fulfilments"][0], "shipped_at": None, "delivered_at": shop.clock().isoformat()}
    ]
    with shop.db.begin() as session:
        put(session, body, actor=shop.actor, now=shop.clock(), order_id="1002")
    shop.clock.turn(days=16)
    assert {_version(shop, "1001"), _version(shop, "1002")} == {1, 2}
    assert _eligible(shop, "1001")
    assert not _eligible(shop, "1002")


def _version(shop: Shop, order: str) -> int:
    with shop.db.read() as session:
        found = returnable(session, order, actor=shop.actor, now=shop.clock(), reason="changed_mind")
        return found.policy.version


def _eligible(shop: Shop, order: str) -> bool:
    with shop.db.read() as session:
        found = returnable(session, order, actor=shop.actor, now=shop.clock(), reason="changed_mind")
        return found.lines[0].eligible


def test_t111_who_asked_stays_known_when_somebody_else_approves(open_shop: Any) -> None:
    shop = open_shop()
    customer = Actor(shop.shop.id, "customer", "Ana", frozenset({"returns:write"}))
    with shop.db.begin() as session:
        case = open_case(session, "1001", WISH, actor=customer, now=shop.clock(), request_review=True)
        approve(session, case.id, expected=None, actor=shop.as_person("Sam"), now=shop.clock())
    with shop.db.read() as session:
        facts = {row.type: row.actor["name"] for row in events.of_case(session, case.id)}
    assert (facts["return.requested"], facts["return.approved"]) == ("Ana", "Sam")


def test_t117_a_fresh_shop_has_reasons_to_return_and_to_claim(open_shop: Any) -> None:
    shop = open_shop()
    with shop.db.read() as session:
        found = returnable(session, "1001", actor=shop.actor, now=shop.clock(), reason="changed_mind")
    allowed = {reason["code"] for line in found.lines for reason in line.reasons if reason["eligible"]}
    assert {"changed_mind", "defective"} <= allowed


@pytest.mark.parametrize(("answer", "mails"), [("decline", 0), ("", 1)])
def test_t119_nobody_hears_of_a_refund_that_did_not_happen(open_shop: Any, answer: str, mails: int) -> None:
    shop = open_shop()
    shop.gateway.next = [answer] if answer else []
    case_id = shop.ask({"1": 1})
    shop.arrive(case_id, {"1": 1})
    shop.find(case_id, {"1": [(1, ("defect_confirmed",))]})
    for _ in range(3):
        relay.drain(shop.runtime, TOPICS)
    with shop.db.read() as session:
        told = [row.template for row in notices.told(session, case_id) if row.recipient == "customer"]
    assert told.count("refunded") == mails


def test_t127_the_badge_counts_open_work_and_nothing_else(open_shop: Any) -> None:
    shop = open_shop(quantities={"1": 11})
    for _ in range(3):
        with shop.db.begin() as session:
            open_case(session, "1001", WISH, actor=shop.actor, now=shop.clock(), request_review=True)
    approved = [shop.ask({"1": 1}) for _ in range(4)]
    shop.arrive(approved[2], {"1": 1})
    with shop.db.begin() as session:
        cancel(session, approved[3], expected=None, actor=shop.actor, now=shop.clock())
    for _ in range(4):
        shop.through_all({"1": 1})
    with shop.db.read() as session:
        rows = open_cases(session, actor=shop.actor, now=shop.clock(), days=90)
    assert {row["state"]: row["total"] for row in rows} == {"requested": 3, "approved": 2, "received": 1}


def test_a_request_without_lines_is_refused(open_shop: Any) -> None:
    shop = open_shop()
    with pytest.raises(Refusal), shop.db.begin() as session:
        open_case(session, "1001", ReturnRequest(()), actor=shop.actor, now=shop.clock())
