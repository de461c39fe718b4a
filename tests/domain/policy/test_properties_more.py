"""What holds for every policy that is shipped: replay from what is stored, allowances that only give, settlements that tie out."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns_service.domain.decision import CaseFacts, SettledLine
from returns_service.domain.order import Order
from returns_service.domain.policy import Claim, Policy, decide, load, propose, settle
from returns_service.domain.request import Evidence, History, InspectedUnit, RequestLine, ReturnRequest
from returns_service.store import freeze
from tests.domain.policy.small import DELIVERED, ROOT, line, order, shipped, small, texts
from tests.domain.policy.test_properties import CATEGORIES, CURRENCIES, cases

NAMES = ("standard", "fashion", "electronics", "cn-marketplace")
PLACES = {"fashion": ["DE", "GB"], "electronics": ["DE", "GB", "US"], "cn-marketplace": ["CN"]}
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_FILES, _LAWS = json.loads(json.dumps([texts(ROOT / "standard"), texts(ROOT / "law")]))
STORED = load(_FILES, name="standard", version=1, laws=_LAWS)


@QUICK
@given(cases())
def test_a_decision_replayed_from_what_is_stored_is_the_same_to_the_last_word(case):
    """Policy, order and request go through the form in which the database keeps them."""
    bought, request, history, now = case
    stored = [json.loads(json.dumps(freeze.order(bought))), json.loads(json.dumps(freeze.request(request)))]
    first = decide(shipped("standard"), bought, request, history, now)
    second = decide(STORED, freeze.thaw_order(stored[0]), freeze.thaw_request(stored[1]), history, now)
    assert first == second


ALLOWANCES = {
    "a longer window": {"windows": "windows:\n  - {id: P30, window: {days: 60}}\n"},
    "a season": {"more": "extensions:\n  - {id: x, until: 2027-06-30}\n"},
    "a window for one reason": {
        "windows": "windows:\n  - {id: d, when: {request.kind: defect}, window: {years: 2}}\n  - {id: P30, window: {days: 30}}\n"
    },
    "no need to have arrived": {
        "windows": "windows:\n  - {id: P30, window: {days: 30, fallback: {from: shipped, plus: {days: 5}}}}\n"
    },
    "a law": {"policy": "name: small\ntime_zone: Europe/Berlin\nlaws: [eu, uk, cn, tw]\ncurrencies: [EUR, GBP, CNY, TWD, USD]\n"},
    "a bonus": {"charges": "bonus:\n  - {id: b, percent: 5, say: More.}\n"},
    "the delivery charge": {"charges": "outbound:\n  - {id: o, share: full, say: So.}\n"},
    "an insurance": {"charges": "freight_cover:\n  - {id: c, amount: {EUR: '9.00', GBP: '9.00', CNY: '9.00', TWD: '90', USD: '9.00'}, say: So.}\n"},
}  # fmt: skip
_COMMON = {"policy": "name: small\ntime_zone: Europe/Berlin\ncurrencies: [EUR, GBP, CNY, TWD, USD]\n"}
_PLAIN = small(**_COMMON)


@pytest.mark.parametrize("allowance", ALLOWANCES)
def test_an_allowance_more_refuses_nothing_and_takes_nothing(allowance: str):
    laws = texts(ROOT / "law") if allowance == "a law" else None
    kinder = small(laws=laws, **{**_COMMON, **ALLOWANCES[allowance]})

    @QUICK
    @given(cases(), st.sampled_from(["changed_mind", "defective", "late", "damaged", "withdrawal"]))
    def never_less(case, reason: str) -> None:
        bought, request, history, now = case
        wish = RequestLine("1", request.lines[0].quantity, reason, resolution=request.lines[0].resolution)
        asked = bought, ReturnRequest((wish,), request.return_method), history, now
        plain, kind = decide(_PLAIN, *asked, trace=False), decide(kinder, *asked, trace=False)
        if plain.eligible:
            assert kind.eligible
            assert kind.quote.total + kind.quote.unfunded >= plain.quote.total + plain.quote.unfunded
            assert {o.resolution for o in plain.lines[0].offers} <= {
                o.resolution for o in kind.lines[0].offers
            }

    never_less()


@st.composite
def ends(draw: st.DrawFn, policy: Policy) -> tuple[Order, CaseFacts, datetime]:
    """A case of any policy, with any findings and any evidence."""
    country = draw(st.sampled_from(PLACES.get(policy.name, sorted(CURRENCIES))))
    bought = order(
        line(unit_price=draw(st.integers(100, 90000)), category=draw(st.sampled_from(CATEGORIES))),
        country=country, currency=CURRENCIES[country],
    )  # fmt: skip
    reason = draw(st.sampled_from(sorted(policy.reason_table)))
    wish = RequestLine(
        "1", 2, reason, resolution=draw(st.sampled_from(["refund", "replacement", "store_credit"]))
    )
    at = DELIVERED + timedelta(days=draw(st.integers(0, 40)))
    kinds = draw(st.lists(st.sampled_from(sorted(policy.evidence_types)), max_size=2))
    told = st.dictionaries(
        st.sampled_from(["matches", "in_time", "signed", "event", "state"]),
        st.sampled_from([True, False, "LOST", "crushed"]),
    )
    evidence = tuple(Evidence(kind, draw(told)) for kind in kinds)
    found = st.lists(st.sampled_from(sorted(policy.findings)), max_size=2).map(tuple)
    grade = st.sampled_from([None, *policy.grade_table])
    claim = Claim(bought, wish, ReturnRequest((wish,)), at, evidence, (0, 1))
    units = tuple(propose(policy, claim, InspectedUnit("1", 1, draw(grade), draw(found))) for _ in range(2))
    settled = SettledLine("L", "1", (0, 1), reason, wish.resolution, received=2, units=units)
    return bought, CaseFacts(bought, claim.request, (settled,), History(), at, evidence), at


@pytest.mark.parametrize("name", NAMES)
def test_every_settlement_ties_out_and_charges_nothing_while_a_person_must_rule(name: str):
    policy = shipped(name)

    @QUICK
    @given(ends(policy))
    def ties_out(case: tuple[Order, CaseFacts, datetime]) -> None:
        bought, facts, at = case
        found = settle(policy, facts, at)
        [settled] = found.lines
        assert sum(outcome.quantity for outcome in settled.outcomes) == 2
        assert sum(outcome.amount for outcome in settled.outcomes) == found.quote.total >= 0
        assert settled.fault.party in ("customer", "merchant", "carrier", "supplier", "undetermined")
        if not found.final:
            assert found.review_reasons
            assert found.quote.total <= bought.paid["1"] or found.quote.compensation or found.quote.bonus
        if settled.fault.party == "undetermined" and len(settled.outcomes) == 1 and not found.final:
            assert (found.quote.total, found.quote.return_freight, found.quote.deductions) == (0, 0, 0)

    ties_out()
