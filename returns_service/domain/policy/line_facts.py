"""Facts of the article and of the request for it."""

from datetime import datetime
from decimal import Decimal

from returns_service.domain.order import Fulfilment
from returns_service.domain.policy import names
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.register import Register, local_date
from returns_service.domain.policy.timing import shop_timing

FACTS = Register()
fact, simple = FACTS.fact, FACTS.simple

simple("line.sku", "text", "Article number.", "line.sku")
simple("line.category", "category", "Category path, such as apparel/shirts.", "line.category")
simple("line.tags", "texts", "Tags of the article.", "line.tags")
simple("line.brand", "text", "Brand.", "line.brand")
simple("line.supplier", "text", "Supplier or marketplace seller.", "line.supplier")
simple("line.final_sale", "boolean", "Sold as final.", "line.final_sale")
simple("line.digital", "boolean", "Not a tangible good.", "line.digital")
simple("line.quantity", "number", "Units ordered.", "line.quantity")
simple("line.price", "amount", "Price of one unit before discounts.", "line.unit_price")
simple(
    "line.unit_worth",
    "amount",
    "What was really paid for one unit.",
    lambda f: f.context.order.worth(f.context.line.id, 0),
)
simple("line.discounted", "boolean", "The line itself was reduced.", lambda f: f.context.line.discount > 0)
simple("line.weight_grams", "number", "Weight of one unit.", "line.weight_grams")
simple(
    "line.has_serial", "boolean", "Serial numbers are known.", lambda f: bool(f.context.line.serial_numbers)
)
simple(
    "line.exchangeable",
    "boolean",
    "There are goods to exchange it for.",
    lambda f: bool(f.context.line.exchange_options),
)
simple(
    "line.is_replacement",
    "boolean",
    "These goods replaced others.",
    lambda f: f.context.line.replaces is not None,
)
simple(
    "line.repairs",
    "number",
    "How often the goods of this line were away for repair.",
    lambda f: len(f.context.history.line(f.context.line.id).paused),
)


@fact("line.discount_percent", "percent", "How much the line was reduced.")
def _discount_percent(f: Facts) -> Decimal:
    line = f.context.line
    full = line.unit_price * line.quantity
    return Decimal(100 * line.discount) / Decimal(full) if full else Decimal(0)


@fact(
    "line.nature",
    "texts",
    "What kind of goods for the law; from `natures` and from tags of the same name.",
    "natures",
    asks=("eligibility.natures",),
)
def _nature(f: Facts) -> tuple[str, ...]:
    tagged = tuple(tag for tag in f.context.line.tags if tag in names.NATURES)
    found = tuple(
        rule.answer["nature"] for rule in f.context.policy.questions["eligibility.natures"].every(f)
    )
    return tagged + found


@fact(
    "line.notice_given",
    "boolean",
    "The customer was told of the exception (line attribute `notice_given`; else `notices.exceptions`).",
)
def _notice(f: Facts) -> bool:
    said = f.context.line.attributes.get("notice_given")
    return bool(f.context.policy.notices.exceptions if said is None else said)


@fact(
    "line.exception_confirmed",
    "boolean",
    "The customer confirmed the exception (line attribute `exception_confirmed`; else `notices.confirmed`).",
)
def _confirmed(f: Facts) -> bool:
    said = f.context.line.attributes.get("exception_confirmed")
    return bool(f.context.policy.notices.confirmed if said is None else said)


simple("request.reason", "text", "Reason the customer gives.", "wanted.reason", "reasons")
simple(
    "request.kind",
    "text",
    "Kind of that reason (fixed words, see the table of kinds).",
    lambda f: f.context.policy.kind(f["request.reason"]),
    "kinds",
)
simple(
    "request.condition",
    "text",
    "State of the goods as the customer says.",
    "wanted.condition",
    "conditions",
)
simple(
    "request.resolution",
    "text",
    "Resolution looked at.",
    "wanted.resolution",
    "resolutions",
)
simple("request.method", "text", "How the goods come back.", "request.return_method", "methods")
simple("request.quantity", "number", "Units of the line.", "wanted.quantity")
simple("request.lines", "number", "Lines of the request.", lambda f: len(f.context.request.lines))
simple("request.photos", "number", "Photos with the line.", lambda f: len(f.context.wanted.photos))
simple(
    "request.commented",
    "boolean",
    "The customer wrote something.",
    lambda f: bool(f.context.wanted.comment or f.context.request.comment),
)
simple("request.on", "date", "Local day of the request.", lambda f: local_date(f.context.now, f))
simple(
    "request.delivered",
    "boolean",
    "The unit has arrived.",
    lambda f: bool(f.context.parcel and f.context.parcel.delivered_at),
)
simple(
    "request.shipped",
    "boolean",
    "The unit is on its way or has arrived.",
    lambda f: f.context.parcel is not None,
)
simple(
    "request.days_since_placed",
    "number",
    "Local days since the order.",
    lambda f: _days(f, f.context.order.placed_at),
)
simple(
    "request.days_since_shipped",
    "number",
    "Local days since dispatch; unknown before.",
    lambda f: _days(f, _at(f, "shipped_at")),
)
simple(
    "request.days_since_delivery",
    "number",
    "Local days since the unit arrived; unknown before.",
    lambda f: _days(f, _at(f, "delivered_at")),
)
simple(
    "request.hours_since_delivery",
    "number",
    "Hours since the unit arrived.",
    lambda f: _hours(f, _at(f, "delivered_at")),
)
simple("request.days_late", "number", "Local days between promise and delivery (or now).", lambda f: _late(f))
simple(
    "request.carrier",
    "text",
    "Carrier of the delivery.",
    lambda f: f.context.parcel.carrier if f.context.parcel else None,
)


def _at(f: Facts, name: str) -> datetime | None:
    parcel: Fulfilment | None = f.context.parcel
    return getattr(parcel, name) if parcel else None


def _days(f: Facts, since: datetime | None) -> int | None:
    return (local_date(f.context.now, f) - local_date(since, f)).days if since else None


def _hours(f: Facts, since: datetime | None) -> int | None:
    return int((f.context.now - since).total_seconds() // 3600) if since else None


def _late(f: Facts) -> int | None:
    promised = _at(f, "promised_at")
    if promised is None:
        return None
    return (local_date(_at(f, "delivered_at") or f.context.now, f) - local_date(promised, f)).days


@fact("request.value", "amount", "Worth of the units of this line.")
def _value(f: Facts) -> int:
    c = f.context
    return sum([c.order.worth(c.line.id, slot) for slot in c.slots])


@fact("request.total_units", "number", "Units of the whole request.")
def _total_units(f: Facts) -> int:
    return sum(line.quantity for line in f.context.request.lines)


@fact("request.total_value", "amount", "Worth of the units of the whole request.")
def _total_value(f: Facts) -> int:
    order, taken = f.context.order, f.context.returning or {}
    return sum(order.worth(line_id, slot) for line_id, slots in taken.items() for slot in slots)


@fact(
    "request.remorse_open",
    "boolean",
    "A change of mind could still be declared: for claims that the inspection did not confirm.",
    asks=("eligibility.natures", "eligibility.windows", "eligibility.extensions"),
)
def _remorse_open(f: Facts) -> bool:
    policy = f.context.policy
    reason = next((r.id for r in policy.reason_table.values() if r.kind == "remorse"), None)
    if reason is None:
        return False
    as_remorse = f.given(request__reason=reason, request__kind="remorse")
    return shop_timing(policy, as_remorse).holds(f.context.now)


@fact("request.attempts", "number", "Earlier requests for this order line, whatever became of them.")
def _attempts(f: Facts) -> int:
    return f.context.history.line(f.context.line.id).attempts


@fact("request.held", "number", "Units of this order line that other cases hold.")
def _held(f: Facts) -> int:
    return len(f.context.history.line(f.context.line.id).held)
