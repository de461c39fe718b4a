"""What the shipped floors of law give, with dates, parties and amounts; the shop of these tests gives nothing itself."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from returns_service.domain.decision import Decision
from returns_service.domain.order import Order, Shipping
from returns_service.domain.policy import Policy
from returns_service.domain.policy.model import Pause
from returns_service.domain.request import Evidence, History, LineHistory
from returns_service.domain.windows import Length
from tests.domain.policy.small import (
    INSPECTION,
    POLICY,
    ROOT,
    ask,
    codes,
    end,
    line,
    order,
    parcel,
    small,
    texts,
    unit,
)

CHARGES = """
freight:
  - {id: customer, when: {fault.party: customer}, payer: customer, fixed: "4.90", say: You pay the way back.}
restocking:
  - {id: fee, percent: 20, say: We keep a fifth.}
deductions:
  - {id: used, when: {any: [{found.handling: true}, {found.misuse: true}]}, percent: 50, say: It lost value.}
"""
EXCLUSIONS = """
exclusions:
  - {id: everything, say: We take nothing back.}
"""
PLACES = {"eu": ("DE", "EUR"), "uk": ("GB", "GBP"), "cn": ("CN", "CNY"), "tw": ("TW", "TWD")}


@cache
def harsh(place: str) -> Policy:
    """A shop that refuses everything and charges for all, under the law of one place."""
    zone = {"eu": "Europe/Berlin", "uk": "Europe/London", "cn": "Asia/Shanghai", "tw": "Asia/Taipei"}[place]
    return small(
        policy=f"name: harsh\ntime_zone: {zone}\ncurrencies: [{PLACES[place][1]}]\nlaws: [{place}]\n",
        windows="windows:\n  - {id: nothing, window: none}\n",
        more=EXCLUSIONS,
        charges=CHARGES.replace('"4.90"', '"49"') if place == "tw" else CHARGES,
        laws=texts(ROOT / "law"),
    )


def bought(place: str, *lines: Any, **changes: Any) -> Order:
    country, currency = PLACES[place]
    return order(*lines, **{"country": country, "currency": currency, **changes})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def closes(decision: Decision) -> str:
    [found] = decision.lines
    assert found.window is not None and found.window.closes_on is not None
    return found.window.closes_on.isoformat()


# --- European Union ----------------------------------------------------------------------------------------------


def test_eu_withdrawal_lasts_fourteen_days_whatever_the_shop_says():
    decision = ask(harsh("eu"), bought("eu"), at=at("2026-10-19T21:59:59"))
    assert (decision.eligible, decision.lines[0].basis, closes(decision)) == (
        True,
        "law/eu 9(1)",
        "2026-10-19",
    )
    assert codes(ask(harsh("eu"), bought("eu"), at=at("2026-10-19T22:00:00"))) != []


def test_eu_withdrawal_does_not_end_on_a_holiday_or_at_a_weekend():
    # 14 days after Friday 11 December are Christmas Day; Saturday is the second one, then comes Sunday.
    decision = ask(
        harsh("eu"), bought("eu", delivered=at("2026-12-11T10:00:00")), at=at("2026-12-20T10:00:00")
    )
    assert closes(decision) == "2026-12-28"


def test_eu_withdrawal_counts_from_the_last_parcel_and_is_open_before_it():
    lines = (line(quantity=1), line(id="2", quantity=1))
    one, two = parcel("f1", at("2026-10-05T10:00:00"), l1=1), parcel("f2", at("2026-10-12T10:00:00"), l2=1)
    whole = bought("eu", *lines, fulfilments=(one, two))
    assert closes(ask(harsh("eu"), whole, at=at("2026-10-20T10:00:00"))) == "2026-10-26"
    waiting = bought("eu", *lines, fulfilments=(one, parcel("f2", None, l2=1)))
    decision = ask(harsh("eu"), waiting, at=at("2027-10-20T10:00:00"))
    assert (
        decision.eligible
        and decision.lines[0].window is not None
        and decision.lines[0].window.closes_on is None
    )


def test_eu_withdrawal_pays_everything_but_the_way_back():
    shipped_fast = bought("eu", line(quantity=1), shipping=Shipping("express", 1290, 490))
    quote = ask(harsh("eu"), shipped_fast).quote
    assert quote is not None
    assert (quote.goods, quote.outbound_shipping, quote.return_freight, quote.restocking) == (
        5000,
        490,
        -490,
        0,
    )
    part = ask(harsh("eu"), bought("eu", shipping=Shipping("express", 1290, 490))).quote
    assert part is not None and part.outbound_shipping == 0


def test_eu_customers_who_were_not_told_have_a_year_more_and_pay_nothing():
    untold = bought("eu", line(quantity=1), attributes={"informed": False})
    decision = ask(harsh("eu"), untold, at=at("2027-10-19T10:00:00"))
    assert decision.quote is not None
    assert (closes(decision), decision.quote.return_freight) == ("2027-10-19", 0)
    worn = end(harsh("eu"), untold, units=(unit("used", grade="C"),))
    assert worn.quote.deductions == 0


def test_eu_information_given_late_starts_fourteen_days():
    late = bought("eu", attributes={"informed_at": "2026-11-02T10:00:00Z"})
    assert closes(ask(harsh("eu"), late, at=at("2026-11-10T10:00:00"))) == "2026-11-16"


@pytest.mark.parametrize(
    ("nature", "state", "article"),
    [
        ("personalised", None, "c"), ("perishable", None, "d"), ("hygiene", "opened", "e"), ("mixed", None, "f"),
        ("alcohol", None, "g"), ("urgent_repair", None, "h"), ("sealed_media", "opened", "i"), ("press", None, "j"),
        ("auction", None, "k"), ("dated_service", None, "l"),
    ],
)  # fmt: skip
def test_eu_exceptions_of_article_16(nature: str, state: str | None, article: str):
    excepted = bought("eu", line(tags=(nature,)))
    assert not ask(harsh("eu"), excepted, condition=state).eligible, article


@pytest.mark.parametrize("nature", ["digital_content", "digital_service"])
def test_eu_digital_goods_are_excepted_only_when_the_customer_confirmed(nature: str):
    assert ask(harsh("eu"), bought("eu", line(tags=(nature,)))).eligible
    confirmed = bought("eu", line(tags=(nature,), attributes={"exception_confirmed": True}))
    assert not ask(harsh("eu"), confirmed).eligible


@pytest.mark.parametrize(
    ("nature", "state"),
    [("hygiene", "unopened"), ("sealed_media", None), ("gift_card", None), ("large", "opened")],
)
def test_eu_sealed_goods_and_everything_else_are_not_excepted(nature: str, state: str | None):
    assert ask(harsh("eu"), bought("eu", line(tags=(nature,))), condition=state).eligible


def test_eu_value_lost_by_handling_may_be_taken_off_and_nothing_else():
    assert end(harsh("eu"), bought("eu"), units=(unit("used", grade="C"),)).quote.deductions == -2500
    assert end(harsh("eu"), bought("eu"), units=(unit("intact", grade="A"),)).quote.deductions == 0


def test_eu_defects_are_repaired_or_replaced_for_two_years_and_a_year_longer_after_a_repair():
    decision = ask(harsh("eu"), bought("eu"), "defective", at=at("2028-10-05T10:00:00"), resolution="repair")
    assert decision.quote is not None
    assert (closes(decision), decision.lines[0].basis) == ("2028-10-05", "law/eu 2019/771 13(2)")
    assert [offer.resolution for offer in decision.lines[0].offers] == ["replacement", "repair"]
    assert decision.quote.freight_payer == "merchant"
    repaired = History({"1": LineHistory(paused=((at("2027-01-01T00:00:00"), at("2027-01-20T00:00:00")),))})
    again = ask(harsh("eu"), bought("eu"), "defective", at=at("2028-10-06T10:00:00"), history=repaired)
    assert (again.eligible, closes(again), again.lines[0].basis) == (
        True,
        "2029-10-05",
        "law/eu 2019/771 13(4)",
    )


def test_eu_goods_that_never_came_are_sent_again_or_paid_back_in_full():
    decision = ask(harsh("eu"), bought("eu", line(quantity=1), delivered=None), "not_received")
    assert decision.quote is not None
    assert (decision.lines[0].basis, decision.quote.total) == ("law/eu 18(2)", 5000 + 1290)


def test_eu_purchases_in_a_store_have_no_right_of_withdrawal():
    assert not ask(harsh("eu"), bought("eu", channel="store")).eligible


# --- United Kingdom ----------------------------------------------------------------------------------------------


def test_uk_cancellation_lasts_fourteen_days_even_over_a_weekend():
    decision = ask(
        harsh("uk"), bought("uk", delivered=at("2026-10-03T10:00:00")), at=at("2026-10-10T10:00:00")
    )
    assert (closes(decision), decision.lines[0].basis) == ("2026-10-17", "law/uk reg 29")


def test_uk_faulty_goods_may_be_rejected_for_thirty_days_at_the_shops_cost():
    decision = ask(harsh("uk"), bought("uk", line(quantity=1)), "defective", at=at("2026-11-04T23:59:59"))
    assert decision.quote is not None
    assert (closes(decision), decision.lines[0].basis) == ("2026-11-04", "law/uk s22")
    assert (decision.quote.total, decision.quote.freight_payer) == (5000 + 490, "merchant")


def test_uk_a_repair_stops_the_thirty_days_and_leaves_at_least_seven():
    [law] = harsh("uk").laws
    right = next(right for right in law.rights if right.id == "short-term-reject")
    assert right.window.pause == Pause(Length(7, "days"))


def test_uk_perishables_cannot_be_rejected_for_thirty_days():
    milk = ask(harsh("uk"), bought("uk", line(tags=("perishable",))), "defective", resolution="replacement")
    assert [offer.resolution for offer in milk.lines[0].offers] == ["replacement", "repair"]


def test_uk_there_is_no_deduction_for_use_in_the_first_six_months():
    repaired = History({"1": LineHistory(paused=((at("2026-11-02T10:00:00"), at("2026-11-20T10:00:00")),))})
    early = end(
        harsh("uk"),
        bought("uk"),
        "defective",
        units=(unit("confirmed", "used", grade="C"),),
        at=at("2027-03-01T10:00:00"),
        history=repaired,
    )
    late = end(
        harsh("uk"),
        bought("uk"),
        "defective",
        units=(unit("confirmed", "used", grade="C"),),
        at=at("2027-06-01T10:00:00"),
        history=repaired,
    )
    assert (early.quote.deductions, late.quote.deductions) == (0, -2500)


# --- mainland China ----------------------------------------------------------------------------------------------


def test_cn_signed_on_the_first_open_until_the_eighth_at_midnight():
    signed = bought("cn", placed_at=at("2026-12-28T02:00:00"), delivered=at("2027-01-01T06:00:00"))
    decision = ask(harsh("cn"), signed, at=at("2027-01-08T15:59:59"))
    [found] = decision.lines
    assert found.window is not None and found.window.closes_at == at("2027-01-08T15:59:59")
    assert (decision.eligible, found.basis, closes(decision)) == (True, "law/cn 第25条", "2027-01-08")
    assert decision.quote is not None and decision.quote.return_freight == -490
    assert not ask(harsh("cn"), signed, at=at("2027-01-08T16:00:00")).eligible


@pytest.mark.parametrize("state", [None, "unopened", "opened"])
def test_cn_opening_the_packaging_does_no_harm_but_using_does(state: str | None):
    assert ask(harsh("cn"), bought("cn"), condition=state).eligible
    assert not ask(harsh("cn"), bought("cn"), condition="used").eligible


@pytest.mark.parametrize(
    ("nature", "state"), [("hygiene", "opened"), ("near_expiry", None), ("safety", "opened")]
)
def test_cn_other_goods_are_excepted_only_when_confirmed_at_purchase(nature: str, state: str | None):
    assert ask(harsh("cn"), bought("cn", line(tags=(nature,))), condition=state).eligible
    confirmed = bought("cn", line(tags=(nature,), attributes={"exception_confirmed": True}))
    assert not ask(harsh("cn"), confirmed, condition=state).eligible


@pytest.mark.parametrize("nature", ["personalised", "perishable", "press", "digital_content"])
def test_cn_four_kinds_of_goods_are_excepted_by_law(nature: str):
    assert not ask(harsh("cn"), bought("cn", line(tags=(nature,)))).eligible


def test_cn_freight_of_faulty_goods_is_the_shops():
    quote = ask(harsh("cn"), bought("cn", line(quantity=1)), "defective").quote
    assert quote is not None
    assert (quote.goods, quote.outbound_shipping, quote.return_freight, quote.freight_payer) == (
        5000,
        1290,
        0,
        "merchant",
    )


@pytest.mark.parametrize(
    ("day", "offers"),
    [
        ("2026-10-12", ["refund", "replacement", "repair"]), ("2026-10-13", ["replacement", "repair"]),
        ("2026-10-20", ["replacement", "repair"]), ("2026-10-21", ["repair"]), ("2027-10-05", ["repair"]),
    ],
)  # fmt: skip
def test_cn_three_guarantees_seven_fifteen_and_three_hundred_sixty_five(day: str, offers: list[str]):
    # Delivered on 5 October in the evening of Shanghai.
    decision = ask(
        harsh("cn"),
        bought("cn", line(tags=("durable",))),
        "defective",
        at=at(day + "T12:00:00"),
        resolution=offers[0],
    )
    assert [offer.resolution for offer in decision.lines[0].offers] == offers


def test_cn_repair_time_does_not_count_and_two_failed_repairs_bring_the_money_back():
    away = (
        (at("2026-12-01T00:00:00"), at("2026-12-11T00:00:00")),
        (at("2027-02-01T00:00:00"), at("2027-02-06T00:00:00")),
    )
    history = History({"1": LineHistory(paused=away)})
    durable = bought("cn", line(tags=("durable",)))
    decision = ask(harsh("cn"), durable, "defective", at=at("2027-10-20T10:00:00"), history=history)
    assert (decision.eligible, closes(decision), decision.lines[0].basis) == (
        True,
        "2027-10-20",
        "law/cn 三包第11条",
    )


@pytest.mark.parametrize(("price", "added"), [(5000, 50000), (99900, 299700)])
def test_cn_fraud_adds_three_times_the_price_but_at_least_five_hundred_yuan(price: int, added: int):
    fake = bought("cn", line(quantity=1, unit_price=price))
    quote = ask(harsh("cn"), fake, "counterfeit", at=at("2027-06-01T10:00:00")).quote
    assert quote is not None and (quote.goods, quote.compensation) == (price, added)


def test_cn_goods_that_are_not_intact_fall_out_of_the_right_and_the_shop_decides():
    back = end(harsh("cn"), bought("cn"), units=(unit("used", grade="C"),))
    assert back.quote.deductions == -2500


# --- Taiwan ------------------------------------------------------------------------------------------------------


def test_tw_seven_days_at_no_cost_at_all():
    whole = bought("tw", line(quantity=1, unit_price=1000), shipping=Shipping("post", 80, 60))
    decision = ask(harsh("tw"), whole)
    assert decision.quote is not None
    assert (decision.lines[0].basis, closes(decision)) == ("law/tw 第19條", "2026-10-12")
    assert (decision.quote.total, decision.quote.freight_payer, decision.quote.restocking) == (
        1080,
        "merchant",
        0,
    )


def test_tw_the_seven_days_do_not_end_at_a_weekend():
    decision = ask(
        harsh("tw"), bought("tw", delivered=at("2026-10-03T02:00:00")), at=at("2026-10-05T10:00:00")
    )
    assert closes(decision) == "2026-10-12"


def test_tw_customers_who_were_not_told_have_four_months():
    untold = bought("tw", attributes={"informed": False})
    assert closes(ask(harsh("tw"), untold, at=at("2027-01-10T10:00:00"))) == "2027-02-05"


def test_tw_exceptions_need_that_the_customer_was_told():
    told = bought("tw", line(tags=("hygiene",)))
    untold = bought("tw", line(tags=("hygiene",), attributes={"notice_given": False}))
    assert not ask(harsh("tw"), told, condition="opened").eligible
    assert ask(harsh("tw"), untold, condition="opened").eligible


# --- everywhere --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["eu", "uk", "cn"])
def test_a_claim_that_the_inspection_refutes_keeps_only_the_right_that_needs_no_reason(place: str):
    bought_early = bought(place, line(quantity=1))
    refuted = end(harsh(place), bought_early, "defective", units=(unit("refuted", grade="A"),))
    assert refuted.lines[0].fault.party == "customer"
    assert refuted.quote.return_freight == -490


@pytest.mark.parametrize("place", list(PLACES))
def test_every_right_and_exception_speaks_three_languages_and_names_its_article(place: str):
    [law] = harsh(place).laws
    for right in law.rights:
        rules = [right.rule, *right.exceptions.rules]
        assert right.article and right.basis.startswith(f"law/{place} ")
        assert all(set(rule.say) >= {"en"} and all(rule.say.values()) for rule in rules)


SENDS_BACK = """
offers:
  - {id: all, offer: [refund, store_credit]}
outcomes:
  - {id: worn, when: {found.handling: true}, outcome: send_back}
  - {id: foreign, when: {found.foreign: true}, outcome: send_back}
"""


@pytest.mark.parametrize(
    ("found", "outcome"), [("used", "refund"), ("foreign", "send_back"), ("intact", "refund")]
)
def test_no_rule_about_outcomes_ends_a_legal_withdrawal_otherwise(found: str, outcome: str):
    foreign = INSPECTION + "  - {id: foreign, means: foreign, say: Not ours}\n"
    policy = small(
        policy=POLICY + "laws: [eu]\n",
        resolutions=SENDS_BACK,
        inspection=foreign,
        charges=CHARGES,
        laws=texts(ROOT / "law"),
    )
    assert (
        end(policy, bought("eu"), units=(unit(found, grade="C"),)).lines[0].outcomes[0].resolution == outcome
    )


def test_after_the_legal_time_the_shops_rules_about_outcomes_hold():
    policy = small(
        policy=POLICY + "laws: [eu]\n", resolutions=SENDS_BACK, charges=CHARGES, laws=texts(ROOT / "law")
    )
    settled = end(policy, bought("eu"), units=(unit("used", grade="C"),), at=at("2026-10-25T10:00:00"))
    assert settled.lines[0].outcomes[0].resolution == "send_back"


def test_a_person_may_rule_against_the_claim_and_the_law_follows():
    ruling = Evidence("ruling", {"party": "customer", "reason": "Water inside."})
    settled = end(
        harsh("uk"),
        bought("uk"),
        "defective",
        units=(unit("confirmed", grade="D"),),
        evidence=(ruling,),
        at=at("2026-11-01T10:00:00"),
    )
    assert settled.lines[0].fault.party == "customer"
