"""By when the money must be on its way and the goods handed in or collected: by the shop's word, or sooner by law's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from returns_service.domain.decision import CaseFacts, SettledLine
from returns_service.domain.order import Order
from returns_service.domain.policy import Policy, deadlines, evidence_until
from returns_service.domain.policy.levels import facts_of
from returns_service.domain.policy.timing import right_timing
from returns_service.domain.request import History, RequestLine, ReturnRequest
from tests.domain.policy.small import DELIVERED, POLICY, ROOT, order, small, texts

LAWS = texts(ROOT / "law")
ASKED = DELIVERED + timedelta(days=3)
SHIP = "deadlines:\n  - {id: ship, state: approved, for: ship, within: {days: 7}, then: expire, remind: {days: 2}}\n"


def case(
    bought: Order | None = None, reason: str = "changed_mind", method: str = "mail", **more: object
) -> CaseFacts:
    resolution = str(more.pop("resolution", "refund"))
    wish = RequestLine("1", 1, reason, resolution=resolution)
    line = SettledLine("L1", "1", (0,), reason, resolution)
    return CaseFacts(bought or order(), ReturnRequest((wish,), method), (line,), History(), ASKED, **more)


def due(
    policy: Policy, state: str, entered: datetime, facts: CaseFacts, purpose: str = "refund"
) -> date | None:
    found = {one.purpose: one for one in deadlines(policy, state, entered, entered, case=facts)}
    if purpose not in found:
        return None
    zone = policy.zone(facts.order.country)
    return found[purpose].at.astimezone(zone).date()


def shop(refund_due: str = "", laws: str = "", more: str = "") -> Policy:
    levels = (f"refund_due:\n  - {{id: r, {refund_due}}}\n" if refund_due else "") + more
    policy = POLICY + (f"laws: [{laws}]\ncurrencies: [EUR, GBP, CNY, TWD]\n" if laws else "")
    return small(policy=policy, service_levels=levels or "deadlines: []\n", laws=LAWS if laws else None)


@pytest.mark.parametrize(
    ("said", "state", "days"),
    [
        ("within: {days: 7}, from: received", "received", 7),
        ("within: {days: 7}, from: received", "shipped_back", None),
        ("within: {days: 5}, from: inspected", "inspected", 5),
        ("within: {days: 5}, from: inspected", "received", None),
        ("within: {days: 3}, from: settling", "settling", 3),
        ("within: {days: 3}, from: shipped", "shipped_back", 3),
        ("within: {hours: 48}, from: received", "received", 2),
    ],
)
def test_point_8_the_time_of_a_refund_counts_from_where_the_policy_says(
    said: str, state: str, days: int | None
):
    entered = ASKED + timedelta(days=6)
    wanted = (entered + timedelta(days=days)).date() if days is not None else None
    assert due(shop(said), state, entered, case()) == wanted


def test_point_8_nothing_is_due_before_the_goods_are_in_or_on_their_way():
    policy = shop("within: {days: 14}, from: requested")
    assert due(policy, "approved", ASKED, case()) is None
    assert due(policy, "received", ASKED + timedelta(days=4), case()) == (ASKED + timedelta(days=14)).date()
    late = ASKED + timedelta(days=20)
    assert due(policy, "received", late, case()) == late.date()
    assert due(policy, "approved", ASKED, case(goods_return=False)) == (ASKED + timedelta(days=14)).date()


def test_point_8_a_replacement_pays_nothing_back():
    policy = shop("within: {days: 7}, from: received")
    assert due(policy, "received", ASKED, case(resolution="replacement")) is None


@pytest.mark.parametrize(
    ("country", "law", "state", "days"),
    [
        ("DE", "eu", "received", 14 - 5),  # from the request, which was five days before
        ("DE", "eu", "shipped_back", 14 - 5),
        ("GB", "uk", "shipped_back", 14),
        ("CN", "cn", "received", 7),
        ("TW", "tw", "received", 15),
    ],
)
def test_law_says_by_when_a_refund_is_due_however_slow_the_shop_is(
    country: str, law: str, state: str, days: int
):
    entered = ASKED + timedelta(days=5)
    slow = shop("within: {days: 60}, from: received", law)
    quick = shop("within: {days: 2}, from: received", law)
    facts = case(order(country=country, currency={"GB": "GBP", "CN": "CNY", "TW": "TWD"}.get(country, "EUR")))
    zone = slow.zone(country)
    first = ASKED if law == "eu" else entered
    assert due(slow, state, entered, facts) == first.astimezone(zone).date() + timedelta(
        days=14 if law == "eu" else days
    )
    if state == "received":
        assert due(quick, state, entered, facts) == entered.astimezone(zone).date() + timedelta(days=2)


def test_law_leaves_fourteen_days_to_hand_the_goods_in():
    strict, entered = shop(laws="eu", more=SHIP), ASKED + timedelta(hours=1)
    assert due(strict, "approved", entered, case(), "ship") == (entered + timedelta(days=14)).date()
    assert (
        due(strict, "approved", entered, case(order(country="US")), "ship")
        == (entered + timedelta(days=7)).date()
    )
    [ship] = [d for d in deadlines(strict, "approved", entered, entered, case=case()) if d.purpose == "ship"]
    assert (ship.then, (ship.at - ship.remind_at).days) == ("expire", 2)


def test_in_taiwan_goods_are_collected_within_fifteen_days_of_the_notice():
    policy, home = shop(laws="tw"), order(country="TW", currency="TWD")
    last = (ASKED + timedelta(days=15)).astimezone(policy.zone("TW")).date()
    assert due(policy, "approved", ASKED + timedelta(days=1), case(home, method="pickup"), "collect") == last
    assert due(policy, "approved", ASKED, case(home), "collect") is None


def test_in_taiwan_late_information_prolongs_the_right_to_four_months_at_most():
    policy = shop(laws="tw")

    def told(days: int) -> date | None:
        at = (DELIVERED + timedelta(days=days)).isoformat()
        bought = order(country="TW", currency="TWD", attributes={"informed_at": at})
        facts = facts_of(policy, case(bought, "withdrawal"), DELIVERED)
        return right_timing(policy.laws[0].rights[0], facts, policy.laws[0].time_zones).span.last_day

    assert told(30) == date(2026, 11, 11)
    assert told(119) == date(2027, 2, 5)
    assert told(300) == date(2027, 2, 5)


def test_check_names_terms_that_are_slower_than_law_with_both_lines():
    policy = shop("within: {days: 30}, from: received", "eu", SHIP)
    said = [str(problem) for problem in policy.warnings if problem.file == "service_levels.yaml"]
    assert any("'r' pays later than law/eu 9(1) (law/eu.yaml:" in line for line in said)
    assert any("'ship' leaves less time to hand the goods in than law/eu 9(1)" in line for line in said)


def test_point_17_evidence_for_an_objection_has_its_own_time():
    levels = "objections:\n  - {id: o, within: {days: 14}, evidence_within: {hours: 48}}\n"
    at = datetime(2026, 10, 20, 9, tzinfo=UTC)
    assert evidence_until(small(service_levels=levels), at, case=case()) == at + timedelta(hours=48)
    assert evidence_until(small(), at, case=case()) is None
