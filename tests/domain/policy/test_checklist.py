"""What published terms and laws must be able to say, point by point, each with the case that proves it.

The numbers are those of the checklist that the grammar was made to cover.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from returns_service.domain.order import Customer, Discount, ExchangeOption, Payment, Shipping
from returns_service.domain.policy import deadlines, load, lookback_from
from returns_service.domain.request import Evidence, History, LineHistory
from tests.domain.policy.small import (
    DELIVERED,
    FAULT,
    NOW,
    POLICY,
    WINDOWS,
    ask,
    codes,
    end,
    files,
    line,
    order,
    parcel,
    small,
    unit,
)  # fmt: skip


def windows(*rules: str) -> str:
    return "windows:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)


def exclusions(*rules: str) -> str:
    return "exclusions:\n" + "".join(f"  - {{{rule}, say: No.}}\n" for rule in rules)


def question(name: str, *rules: str) -> str:
    return f"{name}:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)


# --- 1 applies_to ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "changes"),
    [
        ("order.country: DE", {"country": "DE"}),
        ("order.region: AL", {"region": "AL"}),
        ("order.postal_code: {starts: '10'}", {"postal_code": "10115"}),
        ("order.channel: store", {"channel": "store"}),
        ("order.currency: EUR", {"currency": "EUR"}),
        ("order.tags: vip", {"tags": ("vip", "x")}),
        ("customer.tier: gold", {"customer": Customer("a@example.com", tier="gold")}),
        ("line.category: {under: electronics}", {"lines": (line(category="electronics/phones"),)}),
        ("line.tags: sale", {"lines": (line(tags=("sale",)),)}),
        ("line.sku: {starts: [X-, SHIRT]}", {"lines": (line(),)}),
        ("line.supplier: s-3", {"lines": (line(supplier="s-3"),)}),
        ("line.brand: Acme", {"lines": (line(brand="Acme"),)}),
        ("order.placed_on: {between: [2026-10-01, 2026-10-31]}", {}),
        ("order.value: {gte: {EUR: '100.00'}}", {}),
        ("line.unit_worth: {lt: {EUR: '50.01'}}", {}),
        ("line.discount_percent: {gte: 10}", {"lines": (line(discount=1000),)}),
    ],
)
def test_point_1_rules_apply_by_place_channel_currency_tier_goods_and_date(when: str, changes: dict):
    policy = small(windows=windows(f"id: w, when: {{{when}}}, window: {{days: 30}}"))
    lines = changes.pop("lines", ())
    assert ask(policy, order(*lines, **changes)).eligible
    assert not ask(
        small(windows=windows(f"id: w, when: {{not: {{{when}}}}}, window: {{days: 30}}")),
        order(*lines, **changes),
    ).eligible


def test_point_1_a_policy_serves_only_the_orders_it_applies_to():
    policy = small(policy=POLICY + "applies_to: {order.channel: online}\neffective_from: 2026-01-01\n")
    assert policy.effective_from == date(2026, 1, 1)
    assert ask(policy).eligible
    assert codes(ask(policy, order(channel="store"))) == ["not_served"]


def test_point_1_terms_may_change_with_the_date_of_the_order():
    policy = small(windows=windows(
        "id: before, when: {order.placed_on: {lt: 2025-01-07}}, window: {days: 100}",
        "id: since, window: {days: 30}",
    ))  # fmt: skip
    old, late = datetime(2025, 1, 6, 12, tzinfo=UTC), DELIVERED + timedelta(days=60)
    assert ask(policy, order(placed_at=old), at=late).eligible
    assert not ask(policy, order(), at=late).eligible


# --- 2 precedence ------------------------------------------------------------------------------------------------


def test_point_2_the_first_window_or_the_best_for_the_customer_as_the_policy_says():
    rules = windows(
        "id: short, when: {line.category: {under: apparel}}, window: {days: 14}",
        "id: long, window: {days: 60}",
    )
    assert ask(small(windows=rules)).lines[0].window.rule == "short"
    assert ask(small(windows=rules, policy=POLICY + "precedence: best\n")).lines[0].window.rule == "long"


# --- 3 window ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "closes"),
    [
        ("{days: 30}", "2026-11-04T22:59:59Z"),
        ("{days: 30, first_day: day_of}", "2026-11-03T22:59:59Z"),
        ("{days: 30, from: placed}", "2026-10-31T22:59:59Z"),
        ("{days: 30, from: shipped}", "2026-11-01T22:59:59Z"),
        ("{days: 30, from: last_delivered}", "2026-11-04T22:59:59Z"),
        ("{hours: 168}", "2026-10-12T14:20:00Z"),
        ("{months: 1}", "2026-11-05T22:59:59Z"),
        ("{years: 2}", "2028-10-05T21:59:59Z"),
        ("{until: 2026-12-31}", "2026-12-31T22:59:59Z"),
        ("{days: 30, zone: America/New_York}", "2026-11-05T04:59:59Z"),
        ("{days: 26, roll: [weekend, holiday]}", "2026-11-02T22:59:59Z"),
        ("{days: 81, roll: [weekend, holiday]}", "2026-12-28T22:59:59Z"),
    ],
)
def test_point_3_a_window_counts_as_it_is_written(window: str, closes: str):
    found = ask(small(windows=windows(f"id: w, window: {window}"))).lines[0].window
    assert found.closes_at.strftime("%Y-%m-%dT%H:%M:%SZ") == closes


def test_point_3_unlimited_and_none():
    for_ever = ask(small(windows=windows("id: w, window: unlimited")), at=NOW.replace(year=2090))
    assert for_ever.eligible
    assert for_ever.lines[0].window.closes_at is None
    assert codes(ask(small(windows=windows("id: w, window: none")))) == ["no_right"]
    assert codes(ask(small(windows="windows: []\n"))) == ["no_right"]


def test_point_3_without_a_delivery_date_a_fallback_counts_from_dispatch():
    unknown = order(fulfilments=(parcel("f1", None, l1=2),))
    assert codes(ask(small(), unknown)) == ["not_delivered"]
    policy = small(windows=windows("id: w, window: {days: 30, fallback: {from: shipped, plus: {days: 5}}}"))
    found = ask(policy, unknown)
    assert found.eligible
    assert found.lines[0].window.closes_on == date(2026, 11, 6)
    assert codes(ask(policy, unknown, at=datetime(2026, 10, 6, tzinfo=UTC))) == ["not_delivered"]


def test_point_3_a_repair_stops_the_clock_and_leaves_at_least_seven_days():
    policy = small(windows=windows("id: w, window: {days: 30, pause: {for: repair, at_least: {days: 7}}}"))
    away = ((datetime(2026, 10, 10, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)),)
    assert ask(policy, history=History({"1": LineHistory(paused=away)})).lines[0].window.closes_on == date(
        2026, 11, 14
    )


def test_point_3_missing_information_and_a_season_prolong_a_window():
    more = (
        "extensions:\n"
        "  - {id: untold, when: {order.informed: false}, by: {months: 12}}\n"
        "  - {id: xmas, when: {order.placed_on: {between: [2026-10-01, 2026-12-24]}}, until: 2027-01-31}\n"
    )
    assert ask(small(more=more)).lines[0].window.closes_on == date(2027, 1, 31)
    assert ask(small(more=more), order(attributes={"informed": False})).lines[0].window.closes_on == date(
        2027, 11, 4
    )
    late = order(placed_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert ask(small(more=more), late).lines[0].window.closes_on == date(2026, 11, 4)


def test_point_3_the_later_of_season_and_normal_end_counts():
    more = "extensions:\n  - {id: xmas, until: 2026-10-20}\n"
    assert ask(small(more=more)).lines[0].window.closes_on == date(2026, 11, 4)


def test_point_3_information_given_late_starts_its_own_window():
    more = (
        "extensions:\n  - {id: late, when: {order.informed_late: true}, window: {days: 14, from: informed}}\n"
    )
    told = order(attributes={"informed_at": "2026-11-01T10:00:00Z"})
    assert ask(small(more=more), told).lines[0].window.closes_on == date(2026, 11, 15)


def test_point_3_each_reason_each_resolution_and_each_stage_has_its_window():
    policy = small(windows=windows(
        "id: seven, when: {request.kind: remorse}, window: {days: 7}",
        "id: fifteen, when: {request.kind: defect, request.resolution: [replacement, refund], request.days_since_delivery: {lte: 15}}, window: {days: 15}",
        "id: year, when: {request.kind: defect, request.resolution: repair}, window: {years: 1}",
    ))  # fmt: skip
    after = DELIVERED + timedelta(days=20)
    assert not ask(policy, at=after).eligible
    assert not ask(policy, reason="defective", resolution="replacement", at=after).eligible
    assert ask(policy, reason="defective", resolution="repair", at=after).eligible
    assert ask(
        policy, reason="defective", resolution="replacement", at=DELIVERED + timedelta(days=15)
    ).eligible


def test_point_3_windows_are_counted_per_parcel():
    three = order(
        line(quantity=3),
        fulfilments=(parcel("old", DELIVERED - timedelta(days=40), l1=2), parcel("new", DELIVERED, l1=1)),
    )
    one = ask(small(), three)
    assert one.eligible
    assert one.lines[0].slots == (2,)
    assert one.lines[0].returnable_quantity == 1
    assert codes(ask(small(), three, quantity=2)) == ["window_expired"]


# --- 4 send back by ----------------------------------------------------------------------------------------------


def test_point_4_the_goods_must_be_handed_in_by_a_day_with_a_reminder_before():
    levels = question(
        "deadlines", "id: s, state: approved, for: ship, within: {days: 28}, then: expire, remind: {days: 3}"
    )
    policy = small(service_levels=levels)
    assert ask(policy).ship_by.isoformat() == "2026-11-07T22:59:59+00:00"
    [deadline] = deadlines(policy, "approved", NOW, NOW)
    assert (deadline.purpose, deadline.then, (deadline.at - deadline.remind_at).days) == ("ship", "expire", 3)


# --- 5 exclusions ------------------------------------------------------------------------------------------------


def test_point_5_an_exclusion_names_goods_and_state_and_never_shields_from_some_reasons():
    natures = question("natures", "id: h, when: {line.category: {under: apparel}}, nature: hygiene")
    more = natures + exclusions(
        "id: h, when: {line.nature: hygiene, condition.unsealed: true}, code: hygiene, never_for: [defect, wrong_item]"
    )
    assert codes(ask(small(more=more), condition="opened")) == ["hygiene"]
    assert ask(small(more=more), condition="unopened").eligible
    assert ask(small(more=more), condition="opened", reason="defective").eligible


@pytest.mark.parametrize(
    ("needs", "attribute"), [("notice", "notice_given"), ("confirmation", "exception_confirmed")]
)
def test_point_5_an_exclusion_may_need_that_the_customer_was_told_or_confirmed_it(needs: str, attribute: str):
    more = exclusions(f"id: x, requires: {needs}")
    policy = small(more=more, policy=POLICY + "notices: {exceptions: false}\n")
    assert ask(policy).eligible
    assert codes(ask(policy, order(line(attributes={attribute: True})))) == ["excluded"]


def test_point_5_all_refusals_are_told():
    more = exclusions(
        "id: a, code: first", "id: b, code: second", "id: c, when: {line.digital: true}, code: third"
    )
    assert codes(ask(small(more=more))) == ["first", "second"]


# --- 6 conditions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        "opened",
        "unsealed",
        "used",
        "worn",
        "assembled",
        "activated",
        "tags_removed",
        "incomplete",
        "damaged",
        "defective",
    ],
)
def test_point_6_the_state_of_the_item_is_a_fact(mark: str):
    text = files()["eligibility.yaml"] + exclusions(f"id: x, when: {{condition.{mark}: true}}")
    text = text.replace("conditions:\n", f"conditions:\n  - {{id: so, marks: [{mark}], say: So}}\n")
    policy = load({**files(), "eligibility.yaml": text})
    assert not ask(policy, condition="so").eligible
    assert ask(policy, condition="unopened").eligible


def test_point_6_a_serial_number_that_does_not_match_is_a_fact():
    policy = small(
        more="evidence_types:\n  - {id: serial, fields: [matches], say: Serial}\n",
        fault=FAULT.replace(
            "found:\n",
            "found:\n  - {id: other, when: {evidence.serial: {matches: 'false'}}, party: customer, say: Not ours.}\n",
        ),
    )
    other = end(
        policy, units=(unit("intact", grade="A"),), evidence=(Evidence("serial", {"matches": False}),)
    )
    assert other.lines[0].fault.rule == "other"


# --- 7 outcomes --------------------------------------------------------------------------------------------------


def test_point_7_what_is_offered_depends_on_reason_age_and_tier():
    policy = small(resolutions=question(
        "offers",
        "id: young, when: {request.days_since_delivery: {lte: 14}}, offer: refund",
        "id: old, offer: [store_credit, exchange]",
        "id: gold, when: {customer.tier: gold}, offer: refund",
        "id: broken, when: {request.kind: defect}, offer: [repair, replacement]",
    ))  # fmt: skip
    later = DELIVERED + timedelta(days=20)

    def offers(**more: object) -> list[str]:
        return [offer.resolution for offer in ask(policy, more.pop("bought", None), **more).lines[0].offers]

    assert offers() == ["refund", "store_credit"]
    assert offers(at=later) == ["store_credit"]
    assert offers(at=later, bought=order(customer=Customer("a@example.com", tier="gold"))) == [
        "refund",
        "store_credit",
    ]
    assert offers(reason="defective") == ["refund", "store_credit", "replacement", "repair"]
    assert codes(ask(policy, at=later, resolution="refund")) == ["resolution_not_offered"]


def test_point_7_a_refund_that_shrinks_with_time_and_a_bonus_for_credit():
    charges = (
        "paid:\n  - {id: half, when: {request.days_since_delivery: {gt: 15}}, percent: 50, say: Half after 15 days.}\n"
        "bonus:\n  - {id: plus, percent: 10, say: Ten percent more.}\n"
    )
    policy = small(charges=charges)
    assert ask(policy).quote.total == 5000
    assert ask(policy, at=DELIVERED + timedelta(days=16)).quote.total == 2500
    assert ask(policy, resolution="store_credit").quote.total == 5500


@pytest.mark.parametrize(
    ("pricing", "total", "due"), [("difference", 0, 500), ("even", 0, 0), ("up_only", 0, 500)]
)
def test_point_7_the_price_difference_of_an_exchange(pricing: str, total: int, due: int):
    text = files()["resolutions.yaml"] + f"exchange:\n  - {{id: x, pricing: {pricing}, say: So.}}\n"
    dearer = order(line(exchange_options=(ExchangeOption("L", "L", 5500),)))
    quote = ask(small(resolutions=text), dearer, resolution="exchange", exchange_for="L").quote
    assert (quote.total, quote.due) == (total, due)


def test_point_7_keeping_the_item_for_a_part_of_the_price():
    text = (
        files()["resolutions.yaml"]
        + "goods:\n  - {id: k, when: {request.resolution: compensation}, come_back: false}\n"
    )
    charges = (
        "compensation:\n  - {id: c, when: {request.resolution: compensation}, percent: 20, say: Keep it.}\n"
    )
    decision = ask(small(resolutions=text, charges=charges), reason="damaged", resolution="compensation")
    assert not decision.goods_return
    assert (decision.quote.compensation, decision.quote.total) == (1000, 1000)


def test_point_7_the_same_article_is_a_replacement_for_a_defect_and_no_exchange_otherwise():
    text = question(
        "offers",
        "id: e, offer: [refund, exchange]",
        "id: r, when: {request.kind: defect}, offer: replacement",
    )
    shirts = order(line(exchange_options=(ExchangeOption("SHIRT-L", "L", 5000),)))
    wish = {"resolution": "exchange", "exchange_for": "SHIRT-M"}
    assert codes(ask(small(resolutions=text), shirts, **wish)) == ["exchange_same_article"]
    assert ask(small(resolutions=text), shirts, "defective", **wish).eligible


def test_point_7_an_exchange_needs_an_article_that_is_offered_and_there():
    shirts = order(
        line(
            exchange_options=(
                ExchangeOption("SHIRT-L", "L", 5000, 0),
                ExchangeOption("SHIRT-S", "S", 5000, 5),
            )
        )
    )
    assert codes(ask(small(), shirts, resolution="exchange", exchange_for="HAT")) == ["exchange_choice"]
    assert codes(ask(small(), shirts, resolution="exchange")) == ["exchange_choice"]
    assert codes(ask(small(), shirts, resolution="exchange", exchange_for="SHIRT-L")) == ["out_of_stock"]


# --- 8 refund ----------------------------------------------------------------------------------------------------


def test_point_8_a_refund_is_what_was_really_paid():
    assert ask(small(), order(line(discount=1000), discounts=(Discount("X", 500),))).quote.goods == 4250


@pytest.mark.parametrize(
    ("reclaim", "total"),
    [("", 22500), ("reclaim:\n  - {id: r, below: '300.00', say: Too little is kept.}\n", 22000)],
)
def test_point_8_a_threshold_discount_may_be_clawed_back(reclaim: str, total: int):
    six = order(line(quantity=6), discounts=(Discount("-10 %", 3000),), shipping=Shipping())
    assert ask(small(charges=reclaim or "freight: []\n"), six, quantity=5).quote.total == total


@pytest.mark.parametrize(
    ("share", "only", "quantity", "back"),
    [
        ("none", "false", 2, 0),
        ("standard", "false", 1, 490),
        ("standard", "true", 1, 0),
        ("standard", "true", 2, 490),
        ("full", "true", 2, 1290),
    ],
)
def test_point_8_the_delivery_charge_comes_back_as_the_policy_says(
    share: str, only: str, quantity: int, back: int
):
    charges = f"outbound:\n  - {{id: o, share: {share}, only_if_all_returned: {only}, say: So.}}\n"
    assert ask(small(charges=charges), quantity=quantity).quote.outbound_shipping == back


@pytest.mark.parametrize(
    ("strategy", "shares"),
    [
        ("original_order", [("a", 2000), ("b", 3000)]),
        ("reverse", [("b", 5000)]),
        ("proportional", [("a", 1250), ("b", 3750)]),
    ],
)
def test_point_8_money_goes_back_to_the_payments_in_the_order_the_policy_names(strategy: str, shares: list):
    text = files()["resolutions.yaml"] + f"tenders:\n  - {{id: t, strategy: {strategy}}}\n"
    two = order(shipping=Shipping(), payments=(Payment("a", captured=2000), Payment("b", captured=6000)))
    two = order(line(quantity=1), shipping=Shipping(), payments=two.payments)
    quote = ask(small(resolutions=text), two).quote
    assert [(share.payment_id, share.amount) for share in quote.tenders] == shares


def test_point_8_payments_that_are_too_old_become_store_credit():
    text = files()["resolutions.yaml"] + "tenders:\n  - {id: t, max_age: {days: 5}}\n"
    quote = ask(small(resolutions=text)).quote
    assert quote.unfunded == 5000


def test_point_8_the_refund_has_a_trigger_and_a_deadline():
    text = files()["resolutions.yaml"] + "pay:\n  - {id: p, when: {customer.tier: gold}, at: first_scan}\n"
    policy = small(
        resolutions=text, service_levels="refund_due:\n  - {id: d, within: {days: 7}, from: received}\n"
    )
    assert ask(policy).pay_when == "inspection"
    assert ask(policy, order(customer=Customer("a@example.com", tier="gold"))).pay_when == "first_scan"
    assert policy.questions["service_levels.refund_due"].rules[0].answer["from"] == "received"


# --- 9 fees ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "fee"),
    [
        ("fixed: '10.00'", 1000),
        ("percent: 15", 750),
        ("percent: 15, cap: '5.00'", 500),
        ("percent: 15, fixed: '1.00'", 850),
        ("fixed: '10.00', when: {condition.opened: false}", 0),
        ("fixed: '10.00', when: {not: {order.region: [AL, CO]}}", 1000),
        ("fixed: '10.00', when: {order.kept_value: {lt: {EUR: '40.00'}}}", 0),
        ("percent: 20, when: {request.days_since_delivery: {lte: 10}}", 1000),
    ],
)
def test_point_9_restocking_fees_fixed_percent_capped_and_waived(rule: str, fee: int):
    policy = small(charges=f"restocking:\n  - {{id: r, {rule}, say: Fee.}}\n")
    assert ask(policy, condition="opened").quote.restocking == -fee


def test_point_9_a_ladder_by_lateness():
    charges = "restocking:\n" + "".join(
        f"  - {{id: up-to-{days}, when: {{request.days_since_delivery: {{lte: {days}}}}}, percent: {percent}, say: Ladder.}}\n"
        for days, percent in ((10, 0), (20, 20), (30, 100))
    )
    found = [
        -ask(small(charges=charges), at=DELIVERED + timedelta(days=days)).quote.restocking
        for days in (5, 15, 25)
    ]
    assert found == [0, 1000, 5000]


def test_point_9_fees_per_brand_per_parcel_and_per_unit():
    two = order(line(id="1", brand="A", quantity=1), line(id="2", brand="B", quantity=1))

    def freight(per: str, **more: object) -> int:
        policy = small(
            charges=f"freight:\n  - {{id: f, payer: customer, fixed: '2.99', per: {per}, say: Label.}}\n"
        )
        return -ask(policy, more.pop("bought", two), **more).quote.return_freight

    assert freight("unit", bought=order(), quantity=2) == 598
    assert freight("case", bought=order(), quantity=2) == 299
    assert freight("brand") == 299


def test_point_9_deductions_by_grade_with_a_cap_and_never_below_zero():
    charges = "deductions:\n  - {id: d, percent: {A: 0, B: 20, C: 50, D: 100}, fixed: '1.00', cap_percent: 50, say: Worn.}\n"
    found = [
        -end(small(charges=charges), units=(unit("used", grade=grade),)).quote.deductions for grade in "ABD"
    ]
    assert found == [100, 1100, 2500]


def test_point_9_all_fees_together_have_a_cap_and_what_is_more_than_the_goods_is_waived():
    label = "freight:\n  - {id: f, payer: customer, fixed: '60.00', say: Label.}\n"
    quote = ask(small(charges=label)).quote
    assert (quote.total, quote.waived) == (0, 1000)
    capped = ask(small(charges=label + "fees_cap:\n  - {id: c, percent: 50}\n")).quote
    assert (capped.total, capped.waived) == (2500, 3500)


# --- 10 freight --------------------------------------------------------------------------------------------------


def test_point_10_who_pays_the_way_back_by_fault_reason_region_age_and_method():
    charges = (
        "freight:\n"
        "  - {id: theirs-early, when: {fault.party: customer, request.days_since_delivery: {lte: 14}, request.method: mail}, payer: customer, fixed: '4.90', say: You pay.}\n"
        "  - {id: theirs-late, when: {fault.party: customer, request.method: mail}, payer: customer, fixed: '9.90', say: You pay.}\n"
        "  - {id: store, when: {fault.party: customer}, payer: customer, say: Free in the store.}\n"
        "  - {id: ours, payer: merchant, say: We pay.}\n"
    )
    policy = small(charges=charges)
    assert ask(policy).quote.return_freight == -490
    assert ask(policy, at=DELIVERED + timedelta(days=20)).quote.return_freight == -990
    assert ask(policy, method="store").quote.return_freight == 0
    assert ask(policy, reason="defective").quote.freight_payer == "merchant"


def test_point_10_freight_insurance_pays_up_to_its_cap():
    declared = POLICY + "attributes:\n  order.insured: {type: boolean}\n"
    charges = (
        "freight:\n  - {id: f, payer: customer, fixed: '12.00', say: You pay.}\n"
        "freight_cover:\n  - {id: pool, when: {order.attributes.insured: true}, amount: '8.00', say: Insured.}\n"
    )
    policy = small(policy=declared, charges=charges)
    assert ask(policy).quote.return_freight == -1200
    assert ask(policy, order(attributes={"insured": True})).quote.return_freight == -400


# --- 11 evidence -------------------------------------------------------------------------------------------------


def test_point_11_evidence_by_reason_with_counts_and_hours():
    more = (
        "evidence:\n"
        "  - {id: photos, when: {request.kind: damaged}, type: photo, count: 2, within: {hours: 24}, needed: request, say: Two photos.}\n"
    )
    policy, soon = small(more=more), DELIVERED + timedelta(hours=20)
    assert codes(ask(policy, reason="damaged", photos=("a",), at=soon)) == ["evidence_missing"]
    assert ask(policy, reason="damaged", photos=("a", "b"), at=soon).eligible
    late = ask(policy, reason="damaged", photos=("a", "b"), at=soon + timedelta(days=2))
    assert codes(late) == ["evidence_missing"]
    assert ask(policy, at=soon).lines[0].evidence == ()


def test_point_11_evidence_for_the_review_makes_a_person_look():
    more = "evidence:\n  - {id: p, type: photo, say: A photo please.}\nreview:\n  - {id: a, review: auto}\n"
    decision = ask(small(more=more))
    assert (decision.eligible, decision.review, decision.review_reasons) == (
        True,
        "manual",
        ("A photo please.",),
    )


# --- 12 fault, 13 inspection -------------------------------------------------------------------------------------


def test_point_12_and_13_the_inspection_overrules_the_claim_in_both_directions():
    policy = small()
    assert ask(policy, reason="defective").lines[0].fault.party == "merchant"
    assert end(policy, reason="defective", units=(unit("refuted"),)).lines[0].fault.party == "customer"
    assert end(policy, reason="defective", units=(unit("confirmed"),)).quote.recover_from == "supplier"


def test_point_13_answers_at_the_bench_give_findings_grade_and_disposition():
    form = (
        "forms:\n  - id: f\n    questions:\n      - id: state\n        say: State?\n        answers:\n"
        "          - {id: torn, say: Torn, findings: misuse, grade: D}\n"
        "dispositions:\n  - {id: out, when: {unit.grade: D}, disposition: scrap}\n"
    )
    policy = small(inspection=files()["inspection.yaml"] + form)
    settled = end(policy, units=(unit(answers={"state": "torn"}),))
    assert settled.lines[0].outcomes[0].disposition == "scrap"


# --- 14 limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "history", "quantity"),
    [
        ("request.quantity: {gt: 1}", History(), 2),
        ("request.total_units: {gt: 1}", History(), 2),
        ("request.attempts: {gte: 5}", History({"1": LineHistory(attempts=5)}), 1),
        ("request.held: {gte: 1}", History({"1": LineHistory(held=frozenset({0}))}), 1),
        ("customer.returns: {gte: 5}", History(returns_in_lookback=5), 1),
        ("customer.return_rate: {gte: 50}", History(returns_in_lookback=1, ordered_in_lookback=2), 1),
        ("customer.returned_value: {gt: {EUR: '500.00'}}", History(returned_value_in_lookback=50001), 1),
        ("customer.email: ana@example.com", History(), 1),
    ],
)
def test_point_14_limits_per_order_and_line_fair_use_and_blocklist(
    when: str, history: History, quantity: int
):
    more = f"limits:\n  - {{id: x, when: {{{when}}}, code: too_much, say: Too much.}}\n"
    assert codes(ask(small(more=more), quantity=quantity, history=history)) == ["too_much"]
    softer = more.replace("code: too_much", "then: review")
    decision = ask(
        small(more=softer + "review:\n  - {id: a, review: auto}\n"), quantity=quantity, history=history
    )
    assert (decision.eligible, decision.review) == (True, "manual")


def test_point_14_the_look_back_is_as_long_as_the_policy_says():
    fair_use = "limits:\n  - {id: x, when: {customer.returns: {gte: 5}}, say: Too much.}\n"
    policy = small(policy=POLICY + "look_back: {months: 6}\n", more=fair_use)
    assert lookback_from(policy, NOW) == datetime(2026, 4, 10, 12, tzinfo=UTC)
    assert lookback_from(small(), NOW) is None


# --- 15 automation -----------------------------------------------------------------------------------------------


def test_point_15_what_is_clear_is_approved_by_the_policy_and_the_rest_by_people():
    more = "review:\n  - {id: dear, when: {request.total_value: {gte: {EUR: '100.00'}}}, review: manual, say: Dear.}\n  - {id: rest, review: auto}\n"
    assert ask(small(more=more)).review == "auto"
    assert ask(small(more=more), quantity=2).review_reasons == ("Dear.",)
    assert ask(small()).review == "manual"


# --- 16 service levels -------------------------------------------------------------------------------------------


def test_point_16_time_in_calendar_and_business_hours_and_what_silence_means():
    levels = question(
        "deadlines",
        "id: r, state: requested, for: review, within: {business_hours: 10}, then: approve",
        "id: i, state: received, for: inspect, within: {business_days: 2}",
        "id: h, state: shipped_back, for: receive, within: {hours: 240}, then: lost",
        "id: gold, state: settling, when: {customer.tier: gold}, for: pay, within: {hours: 24}",
    )  # fmt: skip
    policy = small(policy=POLICY + "hours: {opens: 9, closes: 17}\n", service_levels=levels)
    friday = datetime(2026, 10, 2, 14, tzinfo=UTC)
    assert deadlines(policy, "requested", friday, friday)[0].at == datetime(2026, 10, 6, 8, tzinfo=UTC)
    assert deadlines(policy, "received", friday, friday)[0].at == datetime(
        2026, 10, 6, 21, 59, 59, tzinfo=UTC
    )
    [lost] = deadlines(policy, "shipped_back", friday, friday)
    assert (lost.at, lost.then) == (friday + timedelta(hours=240), "lost")
    assert deadlines(policy, "settling", friday, friday) == ()


# --- 17 dispute --------------------------------------------------------------------------------------------------


def test_point_17_objections_have_a_window_rounds_and_hours_for_evidence():
    levels = question("objections", "id: o, within: {days: 14}, rounds: 2, evidence_within: {hours: 48}")
    answer = small(service_levels=levels).questions["service_levels.objections"].rules[0].answer
    assert (answer["within"].count, answer["rounds"], answer["evidence_within"].count) == (14, 2, 48)


# --- 18 texts ----------------------------------------------------------------------------------------------------


def test_point_18_every_rule_speaks_every_language():
    policy = POLICY + "languages: [en, zh-Hans, zh-Hant]\n"
    text = (
        "reasons:\n  - {id: changed_mind, kind: remorse, say: {en: Changed, zh-Hans: 退货, zh-Hant: 退貨}}\n"
        + WINDOWS
        + "exclusions:\n  - {id: x, link: https://example.com/terms, say: {en: 'No.', zh-Hans: 不可退货, zh-Hant: 不可退貨}}\n"
    )
    loaded = load({"policy.yaml": policy, "eligibility.yaml": text})
    said = [
        ask(loaded, language=language).lines[0].refusals[0].message
        for language in ("en", "zh-Hans", "zh-Hant")
    ]
    assert said == ["No.", "不可退货", "不可退貨"]


# --- compensation ladders ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "amount"),
    [
        ("multiple: 3, minimum: '500.00'", 50000),
        ("multiple: 3", 15000),
        ("fixed: '10.00'", 1000),
        ("percent: 30", 1500),
        ("percent: 30, cap: '12.00'", 1200),
        ("fixed: '10.00', paid_as: gift", 0),
    ],
)
def test_compensation_is_a_multiple_with_a_minimum_fixed_percent_or_a_gift(rule: str, amount: int):
    charges = f"compensation:\n  - {{id: c, when: {{request.kind: counterfeit}}, {rule}, say: Sorry.}}\n"
    assert ask(small(charges=charges), reason="counterfeit").quote.compensation == amount


def test_a_percentage_is_exact():
    charges = "restocking:\n  - {id: r, percent: 12.5, say: Fee.}\n"
    policy = small(charges=charges)
    assert policy.questions["charges.restocking"].rules[0].answer["percent"] == Decimal("12.5")
    assert ask(policy).quote.restocking == -625
