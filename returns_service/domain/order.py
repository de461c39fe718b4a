"""The order: a frozen snapshot of what was bought, paid and delivered. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from returns_service.domain import money
from returns_service.domain.cached import cached_property
from returns_service.domain.money import Minor
from returns_service.domain.request import Evidence


@dataclass(frozen=True)
class Customer:
    email: str
    id: str | None = None
    name: str | None = None
    phone: str | None = None
    locale: str | None = None
    tier: str = "standard"
    created_at: datetime | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ExchangeOption:
    sku: str
    title: str
    price: Minor
    available: int | None = None


@dataclass(frozen=True)
class OrderLine:
    """`discount` and `tax` belong to the whole line; `unit_price` to one unit before discount."""

    id: str
    sku: str
    title: str
    quantity: int
    unit_price: Minor
    discount: Minor = 0
    tax: Minor = 0
    category: str = ""
    tags: tuple[str, ...] = ()
    final_sale: bool = False
    digital: bool = False
    brand: str | None = None
    supplier: str | None = None
    serial_numbers: tuple[str, ...] = ()
    image_url: str | None = None
    weight_grams: int | None = None
    exchange_options: tuple[ExchangeOption, ...] = ()
    refunded_elsewhere_quantity: int = 0
    refunded_elsewhere_amount: Minor = 0
    replaces: tuple[str, str] | None = None
    """(order id, line id) whose goods this line replaced."""
    carried: Minor | None = None
    """What was really paid for the goods along such a chain; it takes the place of this line's own price."""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Discount:
    title: str
    amount: Minor


@dataclass(frozen=True)
class Surcharge:
    title: str
    amount: Minor
    refundable: bool = True


@dataclass(frozen=True)
class Shipping:
    method: str = ""
    paid: Minor = 0
    standard_rate: Minor | None = None
    """What the cheapest usual delivery would have cost; None when the shop did not say."""
    tax: Minor = 0


@dataclass(frozen=True)
class Payment:
    """One tender of the order. `refunded` is what the shop gave back without us."""

    id: str
    method: str = "card"
    gateway: str = "storefront"
    reference: str | None = None
    captured: Minor = 0
    refunded: Minor = 0
    charged_back: Minor = 0
    chargeback: str | None = None
    """None, "open", "won" or "lost"."""


@dataclass(frozen=True)
class FulfilmentLine:
    line_id: str
    quantity: int


@dataclass(frozen=True)
class Fulfilment:
    """One parcel and the units in it."""

    id: str
    lines: tuple[FulfilmentLine, ...]
    carrier: str | None = None
    tracking_number: str | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    promised_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    """What is known of its way: pick log, weight, proof of dispatch and delivery, scans."""


@dataclass(frozen=True)
class Order:
    id: str
    number: str
    country: str
    currency: str
    placed_at: datetime
    customer: Customer
    lines: tuple[OrderLine, ...]
    channel: str = "online"
    region: str | None = None
    postal_code: str | None = None
    tax_included: bool = True
    updated_at: datetime | None = None
    tags: tuple[str, ...] = ()
    discounts: tuple[Discount, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    shipping: Shipping = Shipping()
    payments: tuple[Payment, ...] = ()
    fulfilments: tuple[Fulfilment, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, OrderLine]:
        return {line.id: line for line in self.lines}

    @cached_property
    def paid(self) -> Mapping[str, Minor]:
        """What was really paid for each line: after every discount, tax included."""
        shares = self.shared_out(sum(discount.amount for discount in self.discounts))
        carried = {line.id: line.carried for line in self.lines if line.carried is not None}
        return {line_id: cost - shares[line_id] for line_id, cost in self.costs.items()} | carried

    @cached_property
    def costs(self) -> Mapping[str, Minor]:
        """What each line cost before the order's own discounts, tax included."""
        on_top = 0 if self.tax_included else 1
        return {
            line.id: line.unit_price * line.quantity - line.discount + on_top * line.tax
            for line in self.lines
        }

    def shared_out(self, amount: Minor) -> Mapping[str, Minor]:
        """An amount of the whole order (a discount, a surcharge) spread over the lines by what they cost."""
        return dict(zip(self.costs, money.spread(amount, list(self.costs.values())), strict=True))

    def worth(self, line_id: str, slot: int) -> Minor:
        """What unit `slot` (from 0) of a line is worth."""
        line = self.by_id[line_id]
        return money.slot(self.paid[line_id], line.quantity, slot)

    def parcels(self, line_id: str) -> tuple[Fulfilment | None, ...]:
        """For every slot of a line the parcel it came in, None when it was not sent yet."""
        return self._parcels[line_id]

    @cached_property
    def _parcels(self) -> Mapping[str, tuple[Fulfilment | None, ...]]:
        sent: dict[str, list[Fulfilment | None]] = {line.id: [] for line in self.lines}
        for parcel in self.fulfilments:
            for part in parcel.lines:
                sent.setdefault(part.line_id, []).extend([parcel] * part.quantity)
        return {
            line.id: tuple([*sent[line.id], *[None] * line.quantity][: line.quantity]) for line in self.lines
        }
