"""No shipped policy takes anything away that law gives: beside a shop that grants nothing itself, it only adds."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns_service.domain.decision import LineDecision
from returns_service.domain.order import Order, OrderLine, Shipping
from returns_service.domain.policy import Policy, decide, load
from returns_service.domain.policy.names import NATURES
from returns_service.domain.request import History, LineHistory, RequestLine, ReturnRequest
from tests.domain.policy.small import ROOT, order, shipped, texts
from tests.policies.test_recipes import sections

NOTHING = "windows:\n  - {id: nothing, window: none}\n"
PLACES = {
    "standard": (("DE", "EUR"), ("GB", "GBP"), ("CN", "CNY"), ("TW", "TWD")),
    "fashion": (("FR", "EUR"), ("GB", "GBP")),
    "electronics": (("NL", "EUR"), ("GB", "GBP")),
    "cn-marketplace": (("CN", "CNY"),),
}
DELIVERED = datetime(2026, 10, 5, 10, tzinfo=UTC)
CATEGORIES = (
    "apparel/shirts",
    "apparel/underwear",
    "shoes/running",
    "electronics/phones",
    "beauty/creams",
    "food/fresh",
    "gift-cards",
    "media/films",
)


@cache
def law_alone(name: str) -> Policy:
    """The same charges and faults, but no window, extension, limit or exclusion of the shop."""
    files = texts(ROOT / name)
    own = sections(files["eligibility.yaml"])
    dropped = ("windows", "extensions", "limits", "exclusions")
    files["eligibility.yaml"] = NOTHING + "".join(text for key, text in own.items() if key not in dropped)
    return load(files, laws=texts(ROOT / "law"))


@st.composite
def cases(draw: st.DrawFn, name: str) -> tuple[Order, ReturnRequest, History, datetime]:
    policy = shipped(name)
    country, currency = draw(st.sampled_from(PLACES[name]))
    attributes = draw(st.sampled_from([{}, {"exception_confirmed": True}, {"notice_given": False}]))
    sold = OrderLine(
        "1", "SKU", "Thing", draw(st.integers(1, 3)), draw(st.sampled_from([400, 5000, 90000])), category=draw(st.sampled_from(CATEGORIES)),
        tags=tuple(draw(st.sets(st.sampled_from(sorted(NATURES)), max_size=2))), final_sale=draw(st.booleans()), attributes=attributes,
    )  # fmt: skip
    bought = order(
        sold, country=country, currency=currency, shipping=Shipping("express", 1200, 500),
        delivered=draw(st.sampled_from([DELIVERED, None])), attributes=draw(st.sampled_from([{}, {"informed": False}])),
    )  # fmt: skip
    line = RequestLine(
        "1", draw(st.integers(1, sold.quantity)), draw(st.sampled_from(sorted(policy.reason_table))),
        draw(st.sampled_from([None, *sorted(policy.conditions)])), resolution=draw(st.sampled_from(["refund", "replacement", "repair"])),
    )  # fmt: skip
    away = (DELIVERED + timedelta(days=3), DELIVERED + timedelta(days=9))
    past: dict[str, Any] = draw(
        st.sampled_from([{}, {"1": LineHistory(paused=(away,))}, {"1": LineHistory(paused=(away, away))}])
    )
    history = History(
        past,
        returns_in_lookback=draw(st.sampled_from([0, 30])),
        ordered_in_lookback=30,
        returned_value_in_lookback=10**6,
    )
    now = DELIVERED + timedelta(
        days=draw(st.sampled_from([0, 1, 6, 7, 8, 13, 14, 15, 29, 31, 60, 200, 400, 720, 1000]))
    )
    return bought, ReturnRequest((line,)), history, now


@pytest.mark.parametrize("name", sorted(PLACES))
def test_whatever_law_gives_the_policy_gives_as_much_for_as_long(name: str):
    @settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(cases(name))
    def never_undercut(case: tuple[Order, ReturnRequest, History, datetime]) -> None:
        least = decide(law_alone(name), *case, trace=False).lines[0]
        whole = decide(shipped(name), *case, trace=False).lines[0]
        at_least(least, whole)

    never_undercut()


def at_least(least: LineDecision, whole: LineDecision) -> None:
    if not least.eligible:
        return
    assert whole.eligible, whole.refusals
    better = {offer.resolution: offer for offer in whole.offers}
    for offer in least.offers:
        mine = better[offer.resolution]
        assert mine.amount >= offer.amount
        assert mine.deadline is None or (offer.deadline is not None and mine.deadline >= offer.deadline)
