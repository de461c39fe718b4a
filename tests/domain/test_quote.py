"""What a case brings and costs, figure by figure; many of these are faults that other systems shipped."""

from decimal import Decimal

import pytest

from returns_service.domain import quote
from returns_service.domain.decision import Quote, QuoteShare
from returns_service.domain.order import Discount, Order, OrderLine, Payment, Shipping, Surcharge
from returns_service.domain.quote_texts import LANGUAGES
from returns_service.domain.request import History, LineHistory
from returns_service.domain.terms import (
    Bonus,
    CaseTerms,
    Charge,
    Compensation,
    Deduction,
    ExchangeTerms,
    LineTerms,
    Outbound,
    Reclaim,
)
from tests.domain.orders import RULE, a_line, an_order, terms

SHIRTS = an_order(
    a_line("1", 2, 5990, discount=1000, tax=1754), discounts=(Discount("WELCOME", 500),),
    surcharges=(Surcharge("Platform fee", 800),), shipping=Shipping("express", 1290, 490), captured=12570,
)  # fmt: skip
FREIGHT = Charge(RULE, fixed=490)
NEW = History()


def total(order: Order, *lines: LineTerms, history: History = NEW, case: CaseTerms | None = None) -> Quote:
    return quote.total(order, history, case or CaseTerms(), lines)


def held(**lines: set[int]) -> History:
    return History(
        {line_id.removeprefix("l"): LineHistory(frozenset(slots)) for line_id, slots in lines.items()}
    )


def test_the_example_of_the_contract() -> None:
    found = total(SHIRTS, terms("1", [0], freight=FREIGHT, freight_payer="customer"))
    assert (found.goods, found.tax, found.surcharges, found.return_freight) == (5240, 837, 400, -490)
    assert found.total == 5150
    assert found.tenders == (QuoteShare("p1", 5150),)
    assert (found.unfunded, found.waived, found.freight_payer) == (0, 0, "customer")


def test_a_repeating_decimal_adds_up_over_three_returns() -> None:
    order = an_order(a_line("1", 3, 10000), discounts=(Discount("TEN", 1000),))
    one_by_one = [total(order, terms("1", [slot])).total for slot in range(3)]
    assert set(one_by_one) <= {9666, 9667}
    assert sum(one_by_one) == total(order, terms("1", [0, 1, 2])).total == 29000


def test_included_tax_is_not_added_again() -> None:
    assert total(an_order(a_line("1", 1, 11000, tax=1000)), terms("1", [0])).total == 11000
    assert total(an_order(a_line("1", 1, 11000, tax=900, discount=1100)), terms("1", [0])).total == 9900


def test_tax_on_top_comes_back_with_the_goods() -> None:
    order = an_order(a_line("1", 2, 10000, tax=3800), tax_included=False)
    found = total(order, terms("1", [0]))
    assert (found.goods, found.tax) == (11900, 1900)


@pytest.mark.parametrize(("order", "slots", "amount"), [
    (an_order(a_line("1", 2, 10000), discounts=(Discount("PROMO", 2000),)), [0], 9000),
    (an_order(a_line("1", 3, 2000, discount=500)), [0, 1], 3667),
    (an_order(a_line("1", 3, 2000, discount=500)), [2], 1833),
    (an_order(a_line("1", 10, 2390, tax=3984), discounts=(Discount("C", 5975),)), range(10), 17925),
    (an_order(a_line("1", 10, 8250, discount=12370)), range(10), 70130),
    (an_order(a_line("1", 1, 6000), a_line("2", 1, 4000), discounts=(Discount("BANK", 300),)), [0], 5820),
    (an_order(a_line("1", 1, 8000)), [0], 8000),
])  # fmt: skip
def test_units_are_worth_what_was_really_paid(order: Order, slots: list[int], amount: int) -> None:
    assert total(order, terms("1", slots)).total == amount


def test_thirds_of_ten_total_ten() -> None:
    order = an_order(a_line("1", 3, 400), discounts=(Discount("D", 200),))
    assert sum(total(order, terms("1", [slot])).total for slot in (2, 0, 1)) == 1000


def test_a_kit_returned_part_by_part_adds_up() -> None:
    order = an_order(a_line("a", 2, 4340, tax=520), a_line("b", 20, 366, tax=439), tax_included=False)
    parts = [total(order, terms("a", range(2))).total, total(order, terms("b", range(20))).total]
    assert sum(parts) == sum(order.paid.values())


def test_shipping_comes_back_once_and_never_above_the_standard_rate() -> None:
    outbound = Outbound(RULE, "standard")
    first = total(SHIRTS, terms("1", [0], outbound=outbound))
    second = total(SHIRTS, terms("1", [1], outbound=outbound), history=History(shipping_refunded=490))
    full = total(SHIRTS, terms("1", [0], outbound=Outbound(RULE, "full")))
    assert [first.outbound_shipping, second.outbound_shipping, full.outbound_shipping] == [490, 0, 1290]


def test_shipping_tax_on_top_comes_back_with_shipping() -> None:
    order = an_order(a_line("1", 1, 1000), tax_included=False, shipping=Shipping("post", 500, None, 95))
    assert total(order, terms("1", [0], outbound=Outbound(RULE, "none"))).outbound_shipping == 0
    assert total(order, terms("1", [0], outbound=Outbound(RULE, "full"))).outbound_shipping == 595


def test_shipping_only_when_everything_comes_back_counts_what_other_cases_hold() -> None:
    order = an_order(a_line("1", 2, 2000), shipping=Shipping("post", 500, 500))
    line = terms("1", [1], outbound=Outbound(RULE, "standard", only_if_all_returned=True))
    assert total(order, line).outbound_shipping == 0
    assert total(order, line, history=held(l1={0})).outbound_shipping == 500


@pytest.mark.parametrize(("reclaims", "amount"), [((), 22500), ((Reclaim(RULE, 30000),), 22000)])
def test_a_threshold_discount_is_lost_only_where_the_policy_reclaims_it(
    reclaims: tuple[Reclaim, ...], amount: int
) -> None:
    order = an_order(a_line("1", 6, 5000), discounts=(Discount("TEN PERCENT FROM 300", 3000),))
    found = total(order, terms("1", range(5)), case=CaseTerms(reclaims=reclaims))
    assert found.total == amount
    assert any(figure.rule == "a-rule" for figure in found.figures) == bool(reclaims)


def test_what_a_reclaim_took_comes_back_with_the_last_unit() -> None:
    order = an_order(a_line("1", 6, 5000), discounts=(Discount("TEN PERCENT FROM 300", 3000),))
    case = CaseTerms(reclaims=(Reclaim(RULE, 30000),))
    first = total(order, terms("1", range(5)), case=case)
    past = History({"1": LineHistory(frozenset(range(5)))}, {"p1": first.total}, reclaimed=first.reclaimed)
    last = total(order, terms("1", [5]), history=past, case=case)
    assert (first.reclaimed, last.reclaimed) == (500, -500)
    assert first.total + last.total == 27000


def test_a_gift_is_given_back_or_paid() -> None:
    order = an_order(a_line("1", 1, 20000), a_line("gift", 1, 0))
    case = CaseTerms(reclaims=(Reclaim(RULE, 15000, gift="gift", gift_value=1500),))
    assert total(order, terms("1", [0]), case=case).total == 18500
    assert total(order, terms("1", [0]), terms("gift", [0]), case=case).total == 20000


def test_a_partly_refunded_unit_pays_only_its_rest() -> None:
    order = an_order(a_line("1", 2, 1230), shipping=Shipping("post", 2000, 2000))
    past = History({"1": LineHistory(compensated={0: 500})}, {"p1": 500})
    assert total(order, terms("1", [0]), history=past).goods == 730
    everything = total(order, terms("1", [0, 1], outbound=Outbound(RULE, "full")), history=past)
    assert 500 + everything.total == 4460


def test_a_second_price_reduction_stops_at_what_the_unit_is_still_worth() -> None:
    order = an_order(a_line("1", 2, 1230))
    past = History({"1": LineHistory(compensated={0: 500})}, {"p1": 500})
    line = terms("1", [0], "compensation", compensation=Compensation(RULE, fixed=1000))
    assert total(order, line, history=past).total == 730


def test_goodwill_without_units_lowers_the_money_and_not_the_quantity() -> None:
    order = an_order(a_line("1", 3, 4900, refunded_elsewhere_amount=2000))
    assert total(order, terms("1", [0, 1, 2])).total == 12700
    assert sum(total(order, terms("1", [slot])).total for slot in range(3)) == 12700


def test_units_refunded_elsewhere_count_from_the_last() -> None:
    order = an_order(a_line("1", 3, 4900, refunded_elsewhere_quantity=1, refunded_elsewhere_amount=5900))
    assert [total(order, terms("1", [slot])).goods for slot in range(3)] == [4900, 3900, 0]


def test_a_fee_larger_than_the_refund_is_waived_and_never_charged() -> None:
    line = terms("1", [0], freight=Charge(RULE, fixed=600), freight_payer="customer")
    found = total(an_order(a_line("1", 1, 400)), line)
    assert (found.total, found.waived, found.return_freight, found.tenders) == (0, 200, -600, ())


def test_restocking_percent_is_rounded_once_over_the_case() -> None:
    fee = Charge(RULE, percent=Decimal(15))
    single = total(an_order(a_line("1", 1, 1999)), terms("1", [0], restocking=fee))
    three = an_order(*(a_line(str(n), 1, 1999) for n in range(3)))
    together = total(three, *(terms(str(n), [0], restocking=fee) for n in range(3)))
    assert (single.restocking, single.total) == (-300, 1699)
    assert (together.restocking, together.total) == (-900, 5097)


def test_charges_of_one_group_are_taken_once_and_each_group_on_its_own() -> None:
    order = an_order(*(a_line(str(n), 1, 5000) for n in range(3)))

    def line(n: int, group: str, fixed: int) -> LineTerms:
        return terms(str(n), [0], freight=Charge(RULE, fixed=fixed, group=group), freight_payer="customer")

    found = total(order, line(0, "parcel:a", 300), line(1, "parcel:a", 400), line(2, "parcel:b", 200))
    assert found.return_freight == -600


def test_a_charge_is_capped_and_an_insurance_pays_its_part() -> None:
    charge = Charge(RULE, fixed=1000, percent=Decimal(10), cap=1200, covered=700)
    assert total(an_order(a_line("1", 1, 5000)), terms("1", [0], restocking=charge)).restocking == -500


def test_freight_that_somebody_else_pays_costs_the_customer_nothing() -> None:
    line = terms("1", [0], freight=FREIGHT, freight_payer="merchant", recover_from="carrier")
    found = total(SHIRTS, line)
    assert (found.return_freight, found.freight_payer, found.recover_from) == (0, "merchant", "carrier")


def test_a_deduction_hits_only_its_slots_and_at_most_their_worth() -> None:
    order = an_order(a_line("1", 2, 10000))
    found = total(order, terms("1", [0, 1], deductions=(Deduction(RULE, (1,), percent=Decimal(40)),)))
    whole = total(
        order, terms("1", [0], deductions=(Deduction(RULE, (0,), percent=Decimal(90), fixed=5000),))
    )
    half = total(
        order, terms("1", [0], deductions=(Deduction(RULE, (0,), fixed=9000, cap_percent=Decimal(50)),))
    )
    assert [found.deductions, whole.deductions, half.deductions] == [-4000, -10000, -5000]
    assert (found.total, whole.total, half.total) == (16000, 0, 5000)


def test_all_fees_together_are_limited_to_the_part_the_policy_names() -> None:
    line = terms(
        "1", [0], restocking=Charge(RULE, fixed=3000), deductions=(Deduction(RULE, (0,), percent=Decimal(50)),)
    )  # fmt: skip
    found = total(an_order(a_line("1", 1, 10000)), line, case=CaseTerms(fees_cap_percent=Decimal(60)))
    assert (found.waived, found.total) == (2000, 4000)


def test_a_refund_that_degrades_with_age_pays_its_part_in_any_split() -> None:
    order = an_order(a_line("1", 3, 5))
    half = {"paid_percent": Decimal(50), "paid_cited": RULE}
    whole = total(order, terms("1", [0, 1, 2], **half)).goods
    assert whole == sum(total(order, terms("1", [slot], **half)).goods for slot in range(3)) == 8


def test_store_credit_stands_apart_from_money_and_brings_its_bonus() -> None:
    order = an_order(a_line("1", 1, 4000), a_line("2", 1, 6000))
    credit = terms("2", [0], "store_credit", bonus=Bonus(RULE, percent=Decimal(10)))
    found = total(order, terms("1", [0]), credit)
    assert found.tenders == (QuoteShare("p1", 4000), QuoteShare(None, 6000))
    assert (found.bonus, found.total, found.unfunded, found.unfunded_credit) == (600, 10600, 600, 600)


def test_a_multiple_of_the_price_goes_beyond_what_was_paid_and_is_visible() -> None:
    triple = Compensation(RULE, multiple=Decimal(3), minimum=50000)
    order = an_order(a_line("1", 1, 10000))
    found = total(order, terms("1", [0], compensation=triple), case=CaseTerms(tender_fallback="release"))
    assert (found.compensation, found.total, found.unfunded) == (50000, 60000, 50000)
    assert found.unfunded_credit == 0
    as_credit = total(order, terms("1", [0], compensation=triple))
    assert as_credit.unfunded_credit == 50000


def test_compensation_for_goods_that_stay() -> None:
    line = terms("1", [0], "compensation", compensation=Compensation(RULE, percent=Decimal(20), cap=900))
    found = total(an_order(a_line("1", 1, 5000)), line)
    assert (found.goods, found.compensation, found.total) == (0, 900, 900)


@pytest.mark.parametrize(("price", "pricing", "amount", "due"), [
    (5500, "difference", 0, 1500), (3000, "difference", 1000, 0), (4000, "difference", 0, 0),
    (5500, "even", 0, 0), (3000, "even", 0, 0), (5500, "up_only", 0, 1500), (3000, "up_only", 0, 0),
])  # fmt: skip
def test_exchange_prices(price: int, pricing: str, amount: int, due: int) -> None:
    swap = ExchangeTerms(RULE, "OTHER", price, pricing)
    found = total(an_order(a_line("1", 1, 4000)), terms("1", [0], "exchange", exchange=swap))
    assert (found.total, found.due, found.waived) == (amount, due, 0)


def test_an_exchange_credits_only_units_that_arrived() -> None:
    swap = ExchangeTerms(RULE, "OTHER", 3000)
    found = total(
        an_order(a_line("1", 2, 4000)), terms("1", [0], "exchange", exchange=swap), terms("1", [1], "missing")
    )
    assert found.total == 1000


def test_a_replacement_or_a_return_to_sender_pays_nothing() -> None:
    order = an_order(a_line("1", 3, 4000), surcharges=(Surcharge("Fee", 100),))
    found = total(
        order, terms("1", [0], "replacement"), terms("1", [1], "send_back"), terms("1", [2], "none")
    )
    assert found.total == 0
    assert found.surcharges == 0


def test_split_tenders_are_filled_in_their_order() -> None:
    order = an_order(
        a_line("1", 3, 2500), payments=(Payment("p1", captured=2000), Payment("p2", captured=5500))
    )
    first = total(order, terms("1", [0]))
    assert first.tenders == (QuoteShare("p1", 2000), QuoteShare("p2", 500))
    reverse = total(order, terms("1", [0]), case=CaseTerms(tender_strategy="reverse"))
    assert reverse.tenders == (QuoteShare("p2", 2500),)


def test_money_beyond_the_balance_is_outstanding_and_visible() -> None:
    order = an_order(a_line("1", 1, 5000), payments=(Payment("p1", captured=5000, refunded=2000),))
    found = total(order, terms("1", [0]))
    assert (found.total, found.tenders, found.unfunded) == (5000, (QuoteShare("p1", 3000),), 2000)
    assert found.unfunded_credit == 0


def test_a_payment_too_old_to_refund_falls_to_what_the_policy_names() -> None:
    order = an_order(a_line("1", 1, 5000))
    credit = total(order, terms("1", [0]), case=CaseTerms(expired_payments=("p1",), tender_cited=RULE))
    release = total(
        order, terms("1", [0]), case=CaseTerms(expired_payments=("p1",), tender_fallback="release")
    )
    assert (credit.tenders, credit.unfunded, credit.unfunded_credit) == ((), 5000, 5000)
    assert (release.unfunded, release.unfunded_credit) == (5000, 0)


def test_uncaptured_money_is_neither_refunded_nor_turned_into_credit() -> None:
    order = an_order(a_line("1", 1, 10000), captured=0)
    for resolution in ("refund", "store_credit"):
        found = total(order, terms("1", [0], resolution))
        assert (found.tenders, found.unfunded, found.unfunded_credit) == ((), 10000, 0)


@pytest.mark.parametrize(("state", "paid", "by_bank"), [("open", 0, 0), ("won", 5000, 0), ("lost", 0, 5000)])
def test_disputed_money_is_not_paid_twice(state: str, paid: int, by_bank: int) -> None:
    payment = Payment("p1", captured=5000, charged_back=5000, chargeback=state)
    found = total(an_order(a_line("1", 1, 5000), payments=(payment,)), terms("1", [0]))
    assert sum(share.amount for share in found.tenders) == paid
    assert (found.charged_back, found.unfunded) == (by_bank, 5000 - paid)
    assert found.unfunded_credit == 0


def test_store_credit_that_pays_charges_of_the_money_part() -> None:
    order = an_order(a_line("1", 1, 300), a_line("2", 1, 5000))
    freight = Charge(RULE, fixed=600, group="line:1")
    found = total(
        order, terms("1", [0], freight=freight, freight_payer="customer"), terms("2", [0], "store_credit")
    )
    assert found.tenders == (QuoteShare(None, 4700),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_a_sentence_and_the_parts_are_all_explained(language: str) -> None:
    lines = [terms("1", [0], freight=FREIGHT, freight_payer="customer", outbound=Outbound(RULE, "standard"))]
    found = quote.total(SHIRTS, NEW, CaseTerms(), lines, language=language)
    assert all(figure.message for figure in found.figures)
    parts = {"goods", "tax", "outbound_shipping", "surcharges", "return_freight"}
    assert parts <= {figure.part for figure in found.figures}
    for part in parts:
        assert sum(figure.amount for figure in found.figures if figure.part == part) == getattr(found, part)


def test_an_order_line_without_price_is_worth_nothing() -> None:
    line = OrderLine("1", "GIFT", "A gift", 1, 0)
    assert (
        total(an_order(line, discounts=(), surcharges=(Surcharge("Fee", 100),)), terms("1", [0])).goods == 0
    )
