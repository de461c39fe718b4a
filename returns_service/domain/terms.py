"""The terms on which a case is paid: what the policy hands to the quote, every figure with its rule and sentence.

The policy has resolved everything that is a condition (fault, waivers, region, tier, age, law floors); what is
left here is arithmetic. `quote.total(order, history, case, lines)` turns these terms into a Quote:

- goods: worth of the slots (`order.worth`, less `history.compensated`) times `paid_percent`, only for the
  resolutions in PAYS_GOODS; surcharges in proportion to the goods when `surcharges` is true;
- charges (freight, restocking) with the same `group` are taken once: the highest `fixed`, and `percent` of the
  sum of the goods of all lines that carry the group, rounded once; `cap` bounds the result;
- outbound shipping once for the case: the best of the lines, less `history.shipping_refunded`;
- nothing below zero: the shortfall is `waived`.
"""

from dataclasses import dataclass
from decimal import Decimal

from returns_service.domain.money import Minor

PAYS_GOODS = ("refund", "store_credit", "exchange")
"""Resolutions that pay what the units were worth; an exchange then takes the price of the new goods."""

HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Cited:
    """Which rule said so, and the sentence people read."""

    rule: str
    message: str


@dataclass(frozen=True)
class Charge:
    """A cost to the customer: `fixed` once per group and `percent` of the group's goods, together at most `cap`."""

    cited: Cited
    fixed: Minor = 0
    percent: Decimal = ZERO
    group: str = "case"
    """"case", "line:<id>", "parcel:<id>", "brand:<name>": lines with the same group share one charge."""
    cap: Minor | None = None
    covered: Minor = 0
    """What an insurance or allowance pays of it in the customer's place (taken off after the cap)."""


@dataclass(frozen=True)
class Deduction:
    """Value lost on some of the line's slots: `percent` of their worth plus `fixed` per unit, at most `cap` percent."""

    cited: Cited
    slots: tuple[int, ...]
    percent: Decimal = ZERO
    fixed: Minor = 0
    cap_percent: Decimal = HUNDRED


@dataclass(frozen=True)
class Compensation:
    """Money on top or in place of a return: fixed + percent of the worth + multiple of the worth, at least `minimum`."""

    cited: Cited
    fixed: Minor = 0
    percent: Decimal = ZERO
    multiple: Decimal = ZERO
    minimum: Minor = 0
    cap: Minor | None = None
    paid_as: str = "money"
    """money, store_credit, coupon or gift."""


@dataclass(frozen=True)
class Bonus:
    """So many percent on top when the customer takes store credit."""

    cited: Cited
    percent: Decimal = ZERO
    fixed: Minor = 0


@dataclass(frozen=True)
class Outbound:
    """What of the delivery charge comes back."""

    cited: Cited
    share: str = "none"
    """none, standard (never more than the standard rate) or full."""
    only_if_all_returned: bool = False
    """Only when nothing of the order stays with the customer (units held by other open or paid cases count as back)."""


@dataclass(frozen=True)
class ExchangeTerms:
    """The goods that go out instead. `price` is the whole price of the new goods for the line's quantity."""

    cited: Cited
    sku: str
    price: Minor
    pricing: str = "difference"
    """difference: dearer is due, cheaper is paid back; even: no money moves; up_only: dearer is due, cheaper gives nothing."""


@dataclass(frozen=True)
class Reclaim:
    """An advantage that is lost when what is kept falls below `below` (before order discounts).

    Without `gift` it is the threshold discount named by `title`: what is kept is priced without it.
    With `gift` it is a gift line: units of it that are kept are paid at `gift_value` each.
    """

    cited: Cited
    below: Minor
    title: str | None = None
    """Title of the order discount; None means every order discount."""
    gift: str | None = None
    """Order line id of the gift."""
    gift_value: Minor = 0


@dataclass(frozen=True)
class LineTerms:
    """One way in which some units of one order line end. One case line may have several (refund two, send one back)."""

    order_line_id: str
    slots: tuple[int, ...]
    resolution: str
    """refund, store_credit, exchange, replacement, repair, compensation, send_back, missing or none."""
    paid_percent: Decimal = HUNDRED
    """Part of the worth that is paid at all (a refund that degrades with age)."""
    paid_cited: Cited | None = None
    freight_payer: str | None = None
    """customer, merchant, or None while nobody is charged yet."""
    recover_from: str | None = None
    """carrier or supplier: from whom the merchant recovers its loss."""
    freight: Charge | None = None
    restocking: Charge | None = None
    deductions: tuple[Deduction, ...] = ()
    compensation: Compensation | None = None
    bonus: Bonus | None = None
    outbound: Outbound | None = None
    exchange: ExchangeTerms | None = None
    surcharges: bool = True
    """Whether the refundable surcharges of the order come back in proportion."""


@dataclass(frozen=True)
class CaseTerms:
    """What holds for the whole case."""

    tender_strategy: str = "original_order"
    """original_order, reverse or proportional."""
    tender_fallback: str = "store_credit"
    """What a tender that is gone becomes: store_credit, or release (a person decides)."""
    tender_declined: str = "release"
    """What a refusal of the gateway leads to: release (a person decides), store_credit or other_payment."""
    tender_cited: Cited | None = None
    expired_payments: tuple[str, ...] = ()
    """Payment ids that can no longer be refunded (too old); their share is `unfunded`."""
    reclaims: tuple[Reclaim, ...] = ()
    fees_cap_percent: Decimal = HUNDRED
    """Freight, restocking and deductions together never take more than this part of the goods."""
