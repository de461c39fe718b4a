"""The shipped standard policy answers the contract's own example to the cent."""

from datetime import timedelta

from returns_service.domain.policy import channels, deadlines, inspection_form, returnable
from returns_service.domain.request import History
from tests.domain.policy.small import (
    DELIVERED,
    NOW,
    ask,
    codes,
    end,
    example_order,
    line,
    order,
    parcel,
    shipped,
    unit,
)


def test_the_preview_of_the_contract_comes_out_to_the_cent():
    decision = ask(shipped("standard", 3), example_order(), condition="opened_unused")
    [line], quote = decision.lines, decision.quote
    assert (decision.eligible, decision.review, decision.currency) == (True, "auto", "EUR")
    assert (decision.policy.name, decision.policy.version) == ("standard", 3)
    assert (line.returnable_quantity, line.basis, line.refusals) == (2, "shop", ())
    assert line.window is not None
    assert line.window.closes_at.isoformat() == "2026-11-04T22:59:59+00:00"
    assert (line.window.closes_on.isoformat(), line.window.time_zone, line.window.rule) == (
        "2026-11-04",
        "Europe/Berlin",
        "thirty-days",
    )
    assert (line.fault.party, line.fault.rule, line.fault.final) == ("customer", "changed-mind", False)
    offer = line.offers[0]
    assert (offer.resolution, offer.amount, offer.method, offer.freight) == ("refund", 5150, "mail", 490)
    assert (quote.goods, quote.tax, quote.surcharges, quote.return_freight, quote.total) == (
        5240,
        837,
        400,
        -490,
        5150,
    )
    assert [(share.payment_id, share.amount) for share in quote.tenders] == [("p1", 5150)]


def test_a_rule_that_did_not_hold_says_which_fact_failed():
    decision = ask(shipped("standard"), example_order())
    step = next(x for x in decision.lines[0].trace if x["rule"] == "defect-two-years")
    assert step == {
        "question": "window",
        "rule": "defect-two-years",
        "held": False,
        "because": {"fact": "request.reason", "wanted": ["defective"], "was": "changed_mind"},
    }


def test_the_settlement_pays_what_the_preview_promised():
    settlement = end(shipped("standard"), example_order(), units=(unit("intact", grade="A"),))
    assert settlement.final
    assert settlement.quote.total == 5150
    [outcome] = settlement.lines[0].outcomes
    assert (outcome.quantity, outcome.resolution, outcome.amount, outcome.disposition) == (
        1,
        "refund",
        5150,
        "restock",
    )


def test_returning_everything_brings_the_standard_delivery_charge_back():
    assert ask(shipped("standard"), example_order(), quantity=2).quote.total == 10480 + 800 + 490 - 490


def test_a_confirmed_defect_costs_the_customer_nothing():
    settlement = end(
        shipped("standard"), example_order(), "defective", units=(unit("defect_confirmed", grade="D"),)
    )
    assert (settlement.lines[0].fault.party, settlement.quote.recover_from) == ("supplier", "supplier")
    assert settlement.quote.total == 5240 + 400


def test_an_unfounded_claim_in_time_is_treated_as_a_change_of_mind():
    settlement = end(
        shipped("standard"), example_order(), "defective", units=(unit("no_fault_found", grade="A"),)
    )
    assert (settlement.lines[0].fault.party, settlement.quote.total) == ("customer", 5150)


def test_an_unfounded_claim_out_of_time_goes_back():
    late = NOW.replace(year=2027)
    settlement = end(
        shipped("standard"), example_order(), "defective", at=late, units=(unit("no_fault_found", grade="A"),)
    )
    assert [outcome.resolution for outcome in settlement.lines[0].outcomes] == ["send_back"]
    assert (settlement.quote.total, [out.kind for out in settlement.goods]) == (0, ["send_back"])


def test_contradicting_findings_wait_for_a_person_and_charge_nothing():
    settlement = end(
        shipped("standard"),
        example_order(),
        "defective",
        units=(unit("misuse", "defect_confirmed", grade="D"),),
    )
    assert not settlement.final
    assert settlement.lines[0].fault.party == "undetermined"
    assert settlement.quote.total == 0
    assert settlement.review_reasons


def test_returnable_tells_every_reason_until_when():
    decision = returnable(shipped("standard"), example_order(), "changed_mind", History(), NOW)
    [line] = decision.lines
    reasons = {reason["code"]: reason for reason in line.reasons}
    assert decision.quote is None
    assert line.quantity == line.returnable_quantity == 2
    assert reasons["changed_mind"] == {"code": "changed_mind", "eligible": True, "closes_on": "2026-11-04"}
    assert reasons["defective"]["closes_on"] == "2028-10-05"


def test_an_approved_case_waits_two_weeks_for_the_goods_and_then_expires():
    [ship] = deadlines(shipped("standard"), "approved", NOW, NOW)
    assert (ship.purpose, ship.then, ship.at.isoformat()) == ("ship", "expire", "2026-10-24T21:59:59+00:00")
    assert ship.remind_at is not None


def test_customers_hear_of_approval_by_mail():
    assert channels(shipped("standard"), "return.approved") == (("customer", "email"),)
    assert channels(shipped("standard"), "rating.given") == ()


def test_the_bench_asks_about_clothes_in_the_language_of_the_worker():
    form = inspection_form(shipped("standard"), "apparel/shirts", "zh-Hant")
    assert [question["id"] for question in form] == ["article", "state"]
    assert form[1]["answers"][0] == {
        "id": "new",
        "text": "全新",
        "findings": ["intact"],
        "grade": "A",
        "disposition": None,
    }


def test_nothing_can_be_asked_after_the_window():
    late = NOW.replace(month=12)
    decision = ask(shipped("standard"), example_order(), at=late)
    assert codes(decision) == ["window_expired"]
    assert "2026-11-04" in decision.lines[0].refusals[0].message


def test_a_right_that_covers_some_of_the_units_does_not_carry_the_others():
    long_ago, now = parcel("a", DELIVERED - timedelta(days=200), l1=1), parcel("b", DELIVERED, l1=1)
    sale = line(quantity=2, final_sale=True, category="apparel/shirts")
    bought = order(sale, country="TW", currency="TWD", fulfilments=(long_ago, now))
    assert ask(shipped("standard"), bought).lines[0].slots == (1,)
    assert codes(ask(shipped("standard"), bought, quantity=2)) == ["final_sale"]
