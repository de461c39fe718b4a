"""Facts of the order and its customer."""

from decimal import Decimal

from returns_service.domain.order import Order
from returns_service.domain.policy.facts import Facts, informed_at
from returns_service.domain.policy.register import Register, local_date

FACTS = Register()
fact, simple = FACTS.fact, FACTS.simple

simple(
    "order.country",
    "text",
    "Country of the customer, ISO 3166 (DE, GB, CN, TW).",
    "order.country",
    "countries",
)
simple("order.region", "text", "Region or state, as the shop writes it.", "order.region")
simple("order.postal_code", "text", "Postal code.", "order.postal_code")
simple(
    "order.channel",
    "text",
    "Where it was bought: online, store, phone, marketplace ...",
    "order.channel",
)
simple("order.currency", "text", "Currency, ISO 4217.", "order.currency", "currencies")
simple("order.tags", "texts", "Tags of the order.", "order.tags")
simple(
    "order.placed_on",
    "date",
    "Local day on which the order was placed.",
    lambda f: local_date(f.context.order.placed_at, f),
)
simple(
    "order.value",
    "amount",
    "What was paid for all lines after discounts.",
    lambda f: sum(f.context.order.paid.values()),
)
simple("order.lines", "number", "Number of order lines.", lambda f: len(f.context.order.lines))
simple(
    "order.shipping_method",
    "text",
    "Delivery method the customer chose.",
    "order.shipping.method",
)
simple(
    "order.payment_methods",
    "texts",
    "Methods of the payments.",
    lambda f: tuple(p.method for p in f.context.order.payments),
)


@fact(
    "order.chargeback",
    "text",
    "State of a bank's chargeback on a payment: none, open, won or lost.",
    "chargebacks",
)
def _chargeback(f: Facts) -> str:
    for payment in f.context.order.payments:
        if payment.chargeback:
            return payment.chargeback
    return "none"


simple("order.all_delivered", "boolean", "Every unit has arrived.", lambda f: _all_delivered(f.context.order))


def _all_delivered(order: Order) -> bool:
    return all(
        p is not None and p.delivered_at is not None for line in order.lines for p in order.parcels(line.id)
    )


@fact(
    "order.informed",
    "boolean",
    "The customer was told of the legal right (order attribute `informed`; else the policy's `notices.right`).",
)
def _informed(f: Facts) -> bool:
    said = f.context.order.attributes.get("informed")
    return bool(f.context.policy.notices.right if said is None else said)


@fact(
    "order.informed_late",
    "boolean",
    "The customer was told after delivery (order attribute `informed_at`, an instant).",
)
def _informed_late(f: Facts) -> bool:
    at, parcel = informed_at(f.context.order), f.context.parcel
    return bool(at and parcel and parcel.delivered_at and at > parcel.delivered_at)


@fact("order.kept_value", "amount", "Worth of what stays with the customer after this return.")
def _kept_value(f: Facts) -> int:
    order, gone = f.context.order, f.context.returning or {}
    kept = 0
    for line in order.lines:
        away = gone.get(line.id, frozenset()) | f.context.history.line(line.id).held
        kept += sum(order.worth(line.id, s) for s in range(line.quantity) if s not in away)
    return kept


@fact(
    "order.earlier_return",
    "boolean",
    "Units of the order are in an earlier return (an insurance may pay once).",
)
def _earlier_return(f: Facts) -> bool:
    return any(past.held for past in f.context.history.lines.values())


@fact("order.all_returned", "boolean", "Nothing of the order stays with the customer.")
def _all_returned(f: Facts) -> bool:
    gone = f.context.returning or {}
    lines = f.context.order.lines
    return all(
        len(gone.get(x.id, frozenset()) | f.context.history.line(x.id).held) >= x.quantity for x in lines
    )


simple("customer.tier", "text", "Membership tier.", "order.customer.tier", "tiers")
simple("customer.locale", "text", "Language of the customer.", "order.customer.locale")
simple(
    "customer.known",
    "boolean",
    "The customer has an account.",
    lambda f: f.context.order.customer.id is not None,
)
simple(
    "customer.email",
    "text",
    "E-mail address, lower case (for a blocklist).",
    lambda f: f.context.order.customer.email.lower(),
)
simple(
    "customer.returns",
    "number",
    "Cases of this customer in the look-back.",
    "history.returns_in_lookback",
)
simple(
    "customer.orders",
    "number",
    "Orders of this customer in the look-back.",
    "history.ordered_in_lookback",
)
simple(
    "customer.returned_value",
    "amount",
    "Value returned in the look-back.",
    "history.returned_value_in_lookback",
)


@fact("customer.return_rate", "percent", "Cases per hundred orders in the look-back.")
def _return_rate(f: Facts) -> Decimal:
    history = f.context.history
    return Decimal(100 * history.returns_in_lookback) / Decimal(max(history.ordered_in_lookback, 1))


@fact("customer.account_days", "number", "Age of the account in days; unknown without a date.")
def _account_days(f: Facts) -> int | None:
    created = f.context.order.customer.created_at
    return (f.context.now - created).days if created else None
