"""The rest of the checklist: evidence, fault, the bench, and the finer points of windows, refunds and fees."""

from datetime import date, timedelta
from typing import Any

import pytest

from returns_service.domain.order import Customer
from returns_service.domain.policy import Claim, deadlines, inspection_form
from returns_service.domain.request import Evidence, History, LineHistory, RequestLine
from tests.domain.policy.small import (
    DELIVERED,
    FAULT,
    NOW,
    POLICY,
    ask,
    codes,
    end,
    files,
    line,
    order,
    parcel,
    shipped,
    small,
    unit,
)  # fmt: skip
from tests.domain.policy.test_checklist import question, windows

EVIDENCE = "evidence_types:\n" + "".join(
    f"  - {{id: {name}, fields: [{fields}], say: Evidence}}\n"
    for name, fields in {
        "carrier_scan": "event, leg",
        "pick_log": "matches",
        "outbound_weight": "difference_percent",
        "proof_of_delivery": "signed",
        "listing_check": "matches",
        "label_check": "address_by",
        "dispatch_proof": "in_time",
        "serial_number": "matches",
        "report": "confirms",
        "video": "seconds",
        "weight": "grams",
    }.items()
)


def sent(*evidence: Evidence, **more: Any) -> Any:
    """An order whose parcel carries evidence."""
    one = parcel("f1", DELIVERED, l1=2)
    return order(fulfilments=(type(one)(**{**vars(one), "evidence": evidence}),), **more)


# --- 3 window ----------------------------------------------------------------------------------------------------


def test_point_3_a_window_may_count_from_the_signature():
    policy = small(windows=windows("id: w, window: {days: 7, from: signed}"), more=EVIDENCE)
    signed = Evidence("proof_of_delivery", {"signed": True}, DELIVERED + timedelta(days=2))
    assert ask(policy, sent(signed)).lines[0].window.closes_on == date(2026, 10, 14)
    assert ask(policy, sent()).lines[0].window.closes_on == date(2026, 10, 12)


def test_point_3_an_extension_may_have_a_cap():
    more = "extensions:\n  - {id: late, when: {order.informed_late: true}, window: {days: 7, from: informed}, at_most: {months: 4}}\n"
    told = order(attributes={"informed_at": "2027-06-01T10:00:00Z"})
    assert ask(small(more=more), told).lines[0].window.closes_on == date(2027, 2, 5)


# --- 4 send back by ----------------------------------------------------------------------------------------------


def test_point_4_the_label_has_its_own_end_and_time_may_count_from_the_notice():
    levels = question(
        "deadlines",
        "id: ship, state: approved, for: ship, within: {days: 45}, from: requested",
        "id: label, state: approved, for: label, within: {days: 10}",
    )
    found = {one.purpose: one.at for one in deadlines(small(service_levels=levels), "approved", NOW, NOW)}
    assert (found["label"].date(), found["ship"].date()) == (date(2026, 10, 20), date(2026, 11, 24))


# --- 6 conditions, 7 outcomes ------------------------------------------------------------------------------------


def test_point_6_a_gift_that_is_kept_is_paid_and_missing_accessories_cost():
    charges = (
        "reclaim:\n  - {id: gift, gift: free-gift, value: '15.00', below: '40.00', say: Keep less and the gift costs.}\n"
        "deductions:\n  - {id: cable, when: {found.incomplete: true}, fixed: '9.00', say: Cable missing.}\n"
    )
    text = files()["inspection.yaml"].replace(
        "findings:\n", "findings:\n  - {id: no_cable, means: incomplete, say: Missing}\n"
    )
    policy = small(charges=charges, inspection=text)
    with_gift = order(
        line(quantity=1), line(id="2", sku="GIFT", quantity=1, unit_price=0, tags=("free-gift",))
    )
    assert ask(policy, with_gift).quote.total == 5000 - 1500
    assert end(policy, units=(unit("no_cable", grade="A"),)).quote.deductions == -900


def test_point_7_goods_may_be_given_away_instead_of_sent_back():
    text = (
        files()["resolutions.yaml"]
        + "goods:\n  - {id: keep, when: {line.category: {under: food}}, come_back: false}\n"
    )
    assert not ask(small(resolutions=text), order(line(category="food/cheese"))).goods_return
    give = (
        files()["inspection.yaml"]
        + "dispositions:\n  - {id: give, when: {unit.grade: C}, disposition: donate}\n"
    )
    assert (
        end(small(inspection=give), units=(unit("used", grade="C"),)).lines[0].outcomes[0].disposition
        == "donate"
    )


# --- 8 refund ----------------------------------------------------------------------------------------------------


def test_point_8_the_last_item_of_an_order_brings_the_delivery_charge_and_its_share_of_tax():
    charges = "outbound:\n  - {id: o, share: standard, only_if_all_returned: true, say: So.}\n"
    before = History({"1": LineHistory(held=frozenset({0}))})
    last = ask(small(charges=charges), order(line(tax=798)), history=before).quote
    assert (last.outbound_shipping, last.tax) == (490, 399)


def test_point_8_a_gift_receipt_brings_store_credit_alone():
    declared = POLICY + "attributes:\n  request.gift_receipt: {type: boolean}\n"
    text = question(
        "offers",
        "id: gift, when: {request.attributes.gift_receipt: true}, offer: store_credit",
        "id: buyer, when: {not: {request.attributes.gift_receipt: true}}, offer: [refund, store_credit]",
    )
    policy = small(policy=declared, resolutions=text)
    assert [offer.resolution for offer in ask(policy, request={"gift_receipt": True}).lines[0].offers] == [
        "store_credit"
    ]


# --- 9 fees, 10 freight ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waiver", "changes"),
    [
        ("request.reason: defective", {"reason": "defective"}),
        ("order.region: AL", {"bought": order(region="AL")}),
        ("request.method: store", {"method": "store"}),
        ("customer.tier: gold", {"bought": order(customer=Customer("a@example.com", tier="gold"))}),
        ("order.kept_value: {gte: {EUR: '40.00'}}", {}),
    ],
)
def test_point_9_a_fee_is_waived_by_reason_region_method_tier_and_by_what_is_kept(waiver: str, changes: dict):
    charges = f"restocking:\n  - {{id: waived, when: {{{waiver}}}, percent: 0, say: No fee.}}\n  - {{id: fee, fixed: '4.95', say: Fee.}}\n"
    policy, wish = small(charges=charges), dict(changes)
    assert ask(policy, wish.pop("bought", None), **wish).quote.restocking == 0
    assert ask(policy, order(line(quantity=1))).quote.restocking == -495


def test_point_9_a_ladder_by_how_late_the_goods_were_handed_in():
    charges = (
        "restocking:\n"
        "  - {id: week, when: {return.days_late: {gt: 7}}, percent: 100, say: Much too late.}\n"
        "  - {id: days, when: {return.days_late: {gt: 0}}, percent: 20, say: Too late.}\n"
    )
    policy = small(charges=charges)
    found = [
        -end(policy, units=(unit("intact", grade="A"),), days_late=late).quote.restocking
        for late in (None, 0, 3, 8)
    ]
    assert found == [0, 0, 1000, 5000]


def test_point_10_an_insurance_pays_once_for_an_order_and_by_method():
    charges = (
        "freight:\n  - {id: f, payer: customer, fixed: '30.00', say: You pay.}\n"
        "freight_cover:\n"
        "  - {id: collected, when: {order.earlier_return: false, request.method: pickup}, amount: '25.00', say: Insured.}\n"
        "  - {id: sent, when: {order.earlier_return: false}, amount: '10.00', say: Insured.}\n"
    )
    policy, before = small(charges=charges), History({"1": LineHistory(held=frozenset({1}))})
    found = [
        -ask(policy, **wish).quote.return_freight for wish in ({}, {"method": "pickup"}, {"history": before})
    ]
    assert found == [2000, 500, 3000]


# --- 11 evidence -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["report", "video", "weight"])
def test_point_11_customers_may_be_asked_for_more_than_photos(kind: str):
    more = (
        EVIDENCE
        + f"evidence:\n  - {{id: r, when: {{request.kind: defect}}, type: {kind}, needed: request, say: Please add it.}}\n"
    )
    shown = (Evidence(kind, {}),)
    assert codes(ask(small(more=more), reason="defective")) == ["evidence_missing"]
    assert ask(small(more=more), reason="defective", evidence=shown).eligible


def test_point_11_what_the_policy_does_not_ask_customers_for_says_nothing():
    fault = FAULT.replace(
        "claimed:\n",
        "claimed:\n  - {id: scan, when: {evidence.carrier_scan: true}, party: carrier, say: Scanned.}\n",
    )
    policy = small(more=EVIDENCE, fault=fault)
    assert ask(policy, evidence=(Evidence("carrier_scan", {}),)).lines[0].fault.rule == "theirs"


# --- 12 fault ----------------------------------------------------------------------------------------------------

KNOWN = {
    "carrier_scan": {"event": "DAMAGED", "leg": "outbound"},
    "pick_log": {"matches": False},
    "outbound_weight": {"difference_percent": 7},
    "proof_of_delivery": {"signed": True},
    "listing_check": {"matches": False},
    "label_check": {"address_by": "customer"},
    "dispatch_proof": {"in_time": False},
    "serial_number": {"matches": False},
}


@pytest.mark.parametrize("kind", KNOWN)
def test_point_12_every_kind_of_evidence_is_seen_before_the_goods_are_sent_and_after(kind: str):
    name, value = next(iter(KNOWN[kind].items()))
    wanted = "{gte: 5}" if value == 7 else f"'{str(value).lower()}'" if isinstance(value, bool) else value
    rule = f"  - {{id: seen, when: {{evidence.{kind}: {{{name}: {wanted}}}}}, party: carrier, say: Seen.}}\n"
    fault = FAULT.replace("claimed:\n", "claimed:\n" + rule).replace("found:\n", "found:\n" + rule)
    policy, known = small(more=EVIDENCE, fault=fault), Evidence(kind, KNOWN[kind])
    assert ask(policy, sent(known)).lines[0].fault.rule == "seen"
    assert ask(policy, sent(Evidence(kind, {}))).lines[0].fault.rule != "seen"
    settled = end(policy, units=(unit("intact", grade="A"),), evidence=(known,))
    assert (settled.lines[0].fault.rule, settled.lines[0].fault.final) == ("seen", True)


ORDERED = [
    ("serial_number", {"matches": False}, "defective", ("defect_confirmed",), "customer", False),
    (None, {}, "defective", ("defect_confirmed", "no_fault_found"), "undetermined", False),
    (None, {}, "defective", ("misuse",), "customer", True),
    (None, {}, "defective", ("defect_confirmed",), "supplier", True),
    ("pick_log", {"matches": False}, "wrong_item", (), "merchant", True),
    (
        "carrier_scan",
        {"event": "PACKAGE_DAMAGED", "leg": "outbound"},
        "damaged_in_transit",
        (),
        "carrier",
        True,
    ),
    ("carrier_scan", {"event": "NO_SCAN_240H"}, "not_received", (), "carrier", True),
    ("outer_box", {"state": "crushed"}, "damaged_in_transit", (), "carrier", True),
    ("dispatch_proof", {"in_time": True}, "late", (), "carrier", True),
    ("dispatch_proof", {"in_time": False}, "late", (), "merchant", True),
    ("label_check", {"address_by": "customer"}, "not_received", (), "customer", True),
    (None, {}, "defective", ("no_fault_found",), "customer", True),
    (None, {}, "defective", (), "undetermined", False),
]


@pytest.mark.parametrize(("kind", "data", "reason", "findings", "party", "final"), ORDERED)
def test_point_12_the_order_to_start_from(
    kind: str | None, data: dict, reason: str, findings: tuple[str, ...], party: str, final: bool
):
    evidence = (Evidence(kind, data),) if kind else ()
    soon = DELIVERED + timedelta(hours=20)
    settled = end(
        shipped("standard"),
        order(country="US"),
        reason,
        units=(unit(*findings),),
        evidence=evidence,
        at=soon,
        photos=("a",),
    )
    assert (settled.lines[0].fault.party, settled.final) == (party, final)


def test_point_12_nothing_is_charged_while_a_person_must_rule_and_the_merchant_recovers_afterwards():
    open_ = end(shipped("standard"), reason="defective", units=(unit("defect_confirmed", "misuse"),))
    assert (open_.quote.return_freight, open_.quote.deductions, open_.quote.freight_payer) == (0, 0, None)
    ruled = end(shipped("standard"), reason="defective", units=(unit("defect_confirmed"),))
    assert (ruled.quote.freight_payer, ruled.quote.recover_from) == ("merchant", "supplier")


# --- 13 inspection -----------------------------------------------------------------------------------------------


def test_point_13_the_bench_knows_the_claim_and_who_is_at_fault():
    form = (
        "forms:\n"
        "  - id: claim\n    when: {request.kind: defect}\n    questions:\n      - {id: works, say: Does it work?, answers: [{id: 'no', say: No, findings: confirmed, grade: C}]}\n"
        "  - id: other\n    questions:\n      - {id: looks, say: How does it look?, answers: [{id: fine, say: Fine, grade: A}]}\n"
        "dispositions:\n  - {id: back, when: {fault.party: supplier}, disposition: supplier}\n"
    )
    policy = small(inspection=files()["inspection.yaml"] + form)

    def asked(reason: str) -> list[str]:
        claim = Claim(order(), RequestLine("1", 1, reason))
        return [one["id"] for one in inspection_form(policy, "", claim=claim)]

    assert (asked("defective"), asked("changed_mind")) == (["works"], ["looks"])
    settled = end(policy, reason="defective", units=(unit(answers={"works": "no"}),))
    assert settled.lines[0].outcomes[0].disposition == "supplier"


# --- 18 texts ----------------------------------------------------------------------------------------------------


def test_point_18_a_rule_links_to_law_or_to_a_public_page():
    policy = POLICY + "links: {terms: 'https://shop.example/terms'}\n"
    more = "exclusions:\n  - {id: x, link: terms, say: 'No.'}\n"
    assert ask(small(policy=policy, more=more)).lines[0].refusals[0].link == "https://shop.example/terms"
