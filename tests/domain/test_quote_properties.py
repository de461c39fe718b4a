"""What holds for every quote of every order on any terms."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns_service.domain import quote, tenders
from returns_service.domain.decision import Quote
from returns_service.domain.order import Discount, Order, Payment, Shipping, Surcharge
from returns_service.domain.request import RESOLUTIONS, History, LineHistory
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

cents = st.integers(0, 50_000)
percents = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    lines = []
    for n in range(draw(st.integers(1, 4))):
        quantity, price = draw(st.integers(1, 5)), draw(cents)
        discount = draw(st.integers(0, quantity * price))
        lines.append(a_line(str(n), quantity, price, discount=discount, tax=draw(st.integers(0, 500))))
    included = draw(st.booleans())
    bare = an_order(*lines, tax_included=included)
    discount = draw(st.integers(0, sum(bare.costs.values())))
    shipping = draw(cents)
    return an_order(
        *lines, tax_included=included, discounts=(Discount("D", discount),),
        surcharges=(Surcharge("S", draw(cents)), Surcharge("T", draw(cents), False)),
        shipping=Shipping("post", shipping, draw(st.none() | cents), draw(st.integers(0, 300))),
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
    )  # fmt: skip


def slots_of(order: Order) -> list[tuple[str, int]]:
    return [(line.id, slot) for line in order.lines for slot in range(line.quantity)]


def returning(units: list[tuple[str, int]]) -> list[LineTerms]:
    ids = sorted({line_id for line_id, _ in units})
    outbound = Outbound(RULE, "standard")
    return [terms(i, sorted(slot for line, slot in units if line == i), outbound=outbound) for i in ids]


def after(history: History, units: list[tuple[str, int]], found: Quote) -> History:
    """The history once a case with these units was paid."""
    held = {line_id: set(past.held) for line_id, past in history.lines.items()}
    for line_id, slot in units:
        held.setdefault(line_id, set()).add(slot)
    given = dict(history.tender_refunded)
    for share in found.tenders:
        assert share.payment_id is not None
        given[share.payment_id] = given.get(share.payment_id, 0) + share.amount
    return History(
        {line_id: LineHistory(frozenset(slots)) for line_id, slots in held.items()}, given,
        history.shipping_refunded + found.outbound_shipping, history.surcharges_refunded + found.surcharges,
        reclaimed=history.reclaimed + found.reclaimed,
    )  # fmt: skip


def basics(found: Quote) -> int:
    return found.goods + found.outbound_shipping + found.surcharges


@given(orders(), st.booleans(), st.data())
def test_however_an_order_is_split_into_cases_the_parts_sum_to_the_whole(
    order: Order, reclaim: bool, data
) -> None:  # type: ignore[no-untyped-def]
    case = CaseTerms(reclaims=(Reclaim(RULE, below=sum(order.costs.values()) // 2 + 1),) if reclaim else ())
    units = data.draw(st.permutations(slots_of(order)))
    whole = quote.total(order, History(), case, returning(units))
    history, paid, credited = History(), 0, 0
    while units:
        size = data.draw(st.integers(1, len(units)))
        found = quote.total(order, history, case, returning(units[:size]))
        if data.draw(st.booleans()) and size < len(units):
            units = data.draw(st.permutations(units))  # cancelled: the units are free again, nothing was paid
            continue
        history, paid, credited = (
            after(history, units[:size], found),
            paid + basics(found),
            credited + found.unfunded,
        )
        units = units[size:]
    assert paid == basics(whole)
    assert credited == whole.unfunded == 0


@given(orders(), st.data())
def test_more_units_never_bring_less_for_the_goods(order: Order, data) -> None:  # type: ignore[no-untyped-def]
    units = data.draw(st.permutations(slots_of(order)))
    rate = data.draw(percents)
    goods = []
    for size in range(len(units) + 1):
        lines = [
            LineTerms(t.order_line_id, t.slots, "refund", paid_percent=rate) for t in returning(units[:size])
        ]
        goods.append(quote.total(order, History(), CaseTerms(), lines).goods)
    assert goods == sorted(goods)
    assert goods[-1] <= sum(order.paid.values())


groups = st.sampled_from(["case", "line:0", "parcel:1"])
charges = st.builds(
    Charge, st.just(RULE), fixed=cents, percent=percents, group=groups, cap=st.none() | cents, covered=cents
)
compensations = st.builds(
    Compensation, st.just(RULE), fixed=cents, percent=percents, multiple=st.sampled_from([Decimal(0), Decimal(3)]),
    minimum=st.sampled_from([0, 50_000]), paid_as=st.sampled_from(["money", "store_credit", "coupon", "gift"]),
)  # fmt: skip


@st.composite
def any_terms(draw: st.DrawFn, order: Order) -> list[LineTerms]:
    found = []
    for line in order.lines:
        chosen = tuple(sorted(draw(st.sets(st.integers(0, line.quantity - 1)))))
        resolution = draw(st.sampled_from([*RESOLUTIONS, "send_back", "missing", "none"]))
        swap = st.builds(
            ExchangeTerms,
            st.just(RULE),
            st.just("X"),
            cents,
            st.sampled_from(["difference", "even", "up_only"]),
        )
        found.append(LineTerms(
            line.id, chosen, resolution, paid_percent=draw(percents), paid_cited=RULE,
            freight_payer=draw(st.sampled_from([None, "customer", "merchant"])), freight=draw(st.none() | charges),
            restocking=draw(st.none() | charges),
            deductions=tuple(draw(st.lists(st.builds(Deduction, st.just(RULE), st.just(chosen), percents, cents, percents), max_size=2))),
            compensation=draw(st.none() | compensations), bonus=draw(st.none() | st.builds(Bonus, st.just(RULE), percents, cents)),
            outbound=draw(st.none() | st.builds(Outbound, st.just(RULE), st.sampled_from(["none", "standard", "full"]), st.booleans())),
            exchange=draw(swap),
        ))  # fmt: skip
    return found


payments = st.lists(
    st.builds(
        Payment, id=st.sampled_from("abcdef"), captured=cents, refunded=cents, charged_back=cents,
        chargeback=st.sampled_from([None, "open", "won", "lost"]),
    ),
    max_size=4, unique_by=lambda payment: payment.id,
).map(tuple)  # fmt: skip


@given(orders(), payments, st.data())
def test_totals_are_never_negative_and_tenders_never_above_their_balance(order: Order, paid, data) -> None:  # type: ignore[no-untyped-def]
    fields = {**{name: getattr(order, name) for name in Order.__dataclass_fields__}, "payments": paid}
    order = Order(**fields)
    history = History(
        tender_refunded={payment.id: data.draw(cents) for payment in paid}, shipping_refunded=data.draw(cents),
        surcharges_refunded=data.draw(cents), credit_for_goods=data.draw(cents),
    )  # fmt: skip
    case = CaseTerms(
        data.draw(st.sampled_from(sorted(tenders.STRATEGIES))), data.draw(st.sampled_from(["store_credit", "release"])),
        expired_payments=data.draw(st.sampled_from([(), ("a", "b")])), fees_cap_percent=data.draw(percents),
    )  # fmt: skip
    lines = data.draw(any_terms(order))
    found = quote.total(order, history, case, lines)
    assert found == quote.total(order, history, case, lines)
    check_sums(found)
    by_id = {payment.id: payment for payment in paid}
    for share in found.tenders:
        assert share.amount > 0
        if share.payment_id is not None:
            already = history.tender_refunded[share.payment_id]
            assert share.amount <= tenders.refundable(by_id[share.payment_id], already)
            assert share.payment_id not in case.expired_payments
    captured = max(tenders.total_refundable(paid, history.tender_refunded) - history.credit_for_goods, 0)
    assert sum(share.amount for share in found.tenders) <= captured


def check_sums(found: Quote) -> None:
    assert found.total >= 0
    assert found.total == (
        found.goods + found.outbound_shipping + found.surcharges + found.compensation + found.bonus + found.exchange
        + found.return_freight + found.restocking + found.deductions + found.waived
    )  # fmt: skip
    assert sum(share.amount for share in found.tenders) + found.unfunded == found.total
    assert 0 <= found.unfunded_credit + found.charged_back <= found.unfunded
    assert (
        min(
            found.unfunded_credit,
            found.charged_back,
            found.waived,
            found.due,
            found.bonus,
            found.compensation,
        )
        >= 0
    )
    assert max(found.return_freight, found.restocking, found.deductions, found.exchange) <= 0
    for part in (
        "goods",
        "surcharges",
        "outbound_shipping",
        "restocking",
        "deductions",
        "compensation",
        "waived",
    ):
        assert sum(figure.amount for figure in found.figures if figure.part == part) == getattr(found, part)
    assert all(figure.message for figure in found.figures)
