"""The vocabulary: every fact a rule may name, with its type, where its values come from, and how it is read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from returns_service.domain.order import Fulfilment, Order
from returns_service.domain.policy import names
from returns_service.domain.policy.facts import Context, Fact, Facts, Reader, informed_at
from returns_service.domain.policy.timing import shop_timing

_FACTS: dict[str, Fact] = {}


def _fact(
    name: str, type_: str, doc: str, values: str | None = None, stage: str = "request"
) -> Callable[[Reader], Reader]:
    def keep(read: Reader) -> Reader:
        _FACTS[name] = Fact(name, type_, doc, read, values, stage)
        return read

    return keep


def _simple(name: str, type_: str, doc: str, read: Reader, values: str | None = None) -> None:
    _FACTS[name] = Fact(name, type_, doc, read, values)


def _c(facts: Facts) -> Context:
    return facts.context


def local_date(at: datetime, facts: Facts) -> date:
    """The calendar day of an instant where the shop counts days."""
    return at.astimezone(facts.context.zone).date()


# --- the order -------------------------------------------------------------------------------------------------
_simple(
    "order.country",
    "text",
    "Country of the customer, ISO 3166 (DE, GB, CN, TW).",
    lambda f: f.context.order.country,
    "countries",
)
_simple("order.region", "text", "Region or state, as the shop writes it.", lambda f: f.context.order.region)
_simple("order.postal_code", "text", "Postal code.", lambda f: f.context.order.postal_code)
_simple(
    "order.channel",
    "text",
    "Where it was bought: online, store, phone, marketplace ...",
    lambda f: f.context.order.channel,
)
_simple("order.currency", "text", "Currency, ISO 4217.", lambda f: f.context.order.currency, "currencies")
_simple("order.tags", "texts", "Tags of the order.", lambda f: f.context.order.tags)
_simple(
    "order.placed_on",
    "date",
    "Local day on which the order was placed.",
    lambda f: local_date(f.context.order.placed_at, f),
)
_simple(
    "order.value",
    "amount",
    "What was paid for all lines after discounts.",
    lambda f: sum(f.context.order.paid.values()),
)
_simple("order.lines", "number", "Number of order lines.", lambda f: len(f.context.order.lines))
_simple(
    "order.shipping_method",
    "text",
    "Delivery method the customer chose.",
    lambda f: f.context.order.shipping.method,
)
_simple(
    "order.payment_methods",
    "texts",
    "Methods of the payments.",
    lambda f: tuple(p.method for p in f.context.order.payments),
)
_simple(
    "order.chargeback",
    "text",
    "State of a bank's chargeback on a payment: none, open, won or lost.",
    lambda f: next((p.chargeback for p in f.context.order.payments if p.chargeback), "none"),
    "chargebacks",
)
_simple(
    "order.all_delivered", "boolean", "Every unit has arrived.", lambda f: _all_delivered(f.context.order)
)


def _all_delivered(order: Order) -> bool:
    return all(
        p is not None and p.delivered_at is not None for line in order.lines for p in order.parcels(line.id)
    )


@_fact(
    "order.informed",
    "boolean",
    "The customer was told of the legal right (order attribute `informed`; else the policy's `notices.right`).",
)
def _informed(f: Facts) -> bool:
    said = f.context.order.attributes.get("informed")
    return bool(f.context.policy.notices.right if said is None else said)


@_fact(
    "order.informed_late",
    "boolean",
    "The customer was told after delivery (order attribute `informed_at`, an instant).",
)
def _informed_late(f: Facts) -> bool:
    at, parcel = informed_at(f.context.order), f.context.parcel
    return bool(at and parcel and parcel.delivered_at and at > parcel.delivered_at)


@_fact("order.kept_value", "amount", "Worth of what stays with the customer after this return.")
def _kept_value(f: Facts) -> int:
    order, gone = f.context.order, f.context.returning or {}
    kept = 0
    for line in order.lines:
        away = gone.get(line.id, frozenset()) | f.context.history.line(line.id).held
        kept += sum(order.worth(line.id, s) for s in range(line.quantity) if s not in away)
    return kept


@_fact("order.all_returned", "boolean", "Nothing of the order stays with the customer.")
def _all_returned(f: Facts) -> bool:
    gone = f.context.returning or {}
    lines = f.context.order.lines
    return all(
        len(gone.get(x.id, frozenset()) | f.context.history.line(x.id).held) >= x.quantity for x in lines
    )


# --- the customer ----------------------------------------------------------------------------------------------
_simple("customer.tier", "text", "Membership tier.", lambda f: f.context.order.customer.tier, "tiers")
_simple("customer.locale", "text", "Language of the customer.", lambda f: f.context.order.customer.locale)
_simple(
    "customer.known",
    "boolean",
    "The customer has an account.",
    lambda f: f.context.order.customer.id is not None,
)
_simple(
    "customer.email",
    "text",
    "E-mail address, lower case (for a blocklist).",
    lambda f: f.context.order.customer.email.lower(),
)
_simple(
    "customer.returns",
    "number",
    "Cases of this customer in the look-back.",
    lambda f: f.context.history.returns_in_lookback,
)
_simple(
    "customer.orders",
    "number",
    "Orders of this customer in the look-back.",
    lambda f: f.context.history.ordered_in_lookback,
)
_simple(
    "customer.returned_value",
    "amount",
    "Value returned in the look-back.",
    lambda f: f.context.history.returned_value_in_lookback,
)


@_fact("customer.return_rate", "percent", "Cases per hundred orders in the look-back.")
def _return_rate(f: Facts) -> Decimal:
    history = f.context.history
    return Decimal(100 * history.returns_in_lookback) / Decimal(max(history.ordered_in_lookback, 1))


@_fact("customer.account_days", "number", "Age of the account in days; unknown without a date.")
def _account_days(f: Facts) -> int | None:
    created = f.context.order.customer.created_at
    return (f.context.now - created).days if created else None


# --- the line --------------------------------------------------------------------------------------------------
_simple("line.sku", "text", "Article number.", lambda f: f.context.line.sku)
_simple(
    "line.category", "category", "Category path, such as apparel/shirts.", lambda f: f.context.line.category
)
_simple("line.tags", "texts", "Tags of the article.", lambda f: f.context.line.tags)
_simple("line.brand", "text", "Brand.", lambda f: f.context.line.brand)
_simple("line.supplier", "text", "Supplier or marketplace seller.", lambda f: f.context.line.supplier)
_simple("line.final_sale", "boolean", "Sold as final.", lambda f: f.context.line.final_sale)
_simple("line.digital", "boolean", "Not a tangible good.", lambda f: f.context.line.digital)
_simple("line.quantity", "number", "Units ordered.", lambda f: f.context.line.quantity)
_simple("line.price", "amount", "Price of one unit before discounts.", lambda f: f.context.line.unit_price)
_simple(
    "line.unit_worth",
    "amount",
    "What was really paid for one unit.",
    lambda f: f.context.order.worth(f.context.line.id, 0),
)
_simple("line.discounted", "boolean", "The line itself was reduced.", lambda f: f.context.line.discount > 0)
_simple("line.weight_grams", "number", "Weight of one unit.", lambda f: f.context.line.weight_grams)
_simple(
    "line.has_serial", "boolean", "Serial numbers are known.", lambda f: bool(f.context.line.serial_numbers)
)
_simple(
    "line.exchangeable",
    "boolean",
    "There are goods to exchange it for.",
    lambda f: bool(f.context.line.exchange_options),
)
_simple(
    "line.is_replacement",
    "boolean",
    "These goods replaced others.",
    lambda f: f.context.line.replaces is not None,
)
_simple(
    "line.repairs",
    "number",
    "How often the goods of this line were away for repair.",
    lambda f: len(f.context.history.line(f.context.line.id).paused),
)


@_fact("line.discount_percent", "percent", "How much the line was reduced.")
def _discount_percent(f: Facts) -> Decimal:
    line = f.context.line
    full = line.unit_price * line.quantity
    return Decimal(100 * line.discount) / Decimal(full) if full else Decimal(0)


@_fact(
    "line.nature",
    "texts",
    "What kind of goods for the law; from `natures` and from tags of the same name.",
    "natures",
)
def _nature(f: Facts) -> tuple[str, ...]:
    tagged = tuple(tag for tag in f.context.line.tags if tag in names.NATURES)
    found = tuple(
        rule.answer["nature"] for rule in f.context.policy.questions["eligibility.natures"].every(f)
    )
    return tagged + found


@_fact(
    "line.notice_given",
    "boolean",
    "The customer was told of the exception (line attribute `notice_given`; else `notices.exceptions`).",
)
def _notice(f: Facts) -> bool:
    said = f.context.line.attributes.get("notice_given")
    return bool(f.context.policy.notices.exceptions if said is None else said)


@_fact(
    "line.exception_confirmed",
    "boolean",
    "The customer confirmed the exception (line attribute `exception_confirmed`; else `notices.confirmed`).",
)
def _confirmed(f: Facts) -> bool:
    said = f.context.line.attributes.get("exception_confirmed")
    return bool(f.context.policy.notices.confirmed if said is None else said)


# --- the request -----------------------------------------------------------------------------------------------
_simple("request.reason", "text", "Reason the customer gives.", lambda f: f.context.wanted.reason, "reasons")
_simple(
    "request.kind",
    "text",
    "Kind of that reason (fixed words, see the table of kinds).",
    lambda f: _kind(f),
    "kinds",
)
_simple(
    "request.condition",
    "text",
    "State of the goods as the customer says.",
    lambda f: f.context.wanted.condition,
    "conditions",
)
_simple(
    "request.resolution",
    "text",
    "Resolution looked at.",
    lambda f: f.context.wanted.resolution,
    "resolutions",
)
_simple(
    "request.method", "text", "How the goods come back.", lambda f: f.context.request.return_method, "methods"
)
_simple("request.quantity", "number", "Units of the line.", lambda f: f.context.wanted.quantity)
_simple("request.lines", "number", "Lines of the request.", lambda f: len(f.context.request.lines))
_simple("request.photos", "number", "Photos with the line.", lambda f: len(f.context.wanted.photos))
_simple(
    "request.commented",
    "boolean",
    "The customer wrote something.",
    lambda f: bool(f.context.wanted.comment or f.context.request.comment),
)
_simple("request.on", "date", "Local day of the request.", lambda f: local_date(f.context.now, f))
_simple(
    "request.delivered",
    "boolean",
    "The unit has arrived.",
    lambda f: bool(f.context.parcel and f.context.parcel.delivered_at),
)
_simple(
    "request.shipped",
    "boolean",
    "The unit is on its way or has arrived.",
    lambda f: f.context.parcel is not None,
)
_simple(
    "request.days_since_placed",
    "number",
    "Local days since the order.",
    lambda f: _days(f, f.context.order.placed_at),
)
_simple(
    "request.days_since_shipped",
    "number",
    "Local days since dispatch; unknown before.",
    lambda f: _days(f, _at(f, "shipped_at")),
)
_simple(
    "request.days_since_delivery",
    "number",
    "Local days since the unit arrived; unknown before.",
    lambda f: _days(f, _at(f, "delivered_at")),
)
_simple(
    "request.hours_since_delivery",
    "number",
    "Hours since the unit arrived.",
    lambda f: _hours(f, _at(f, "delivered_at")),
)
_simple(
    "request.days_late", "number", "Local days between promise and delivery (or now).", lambda f: _late(f)
)
_simple(
    "request.carrier",
    "text",
    "Carrier of the delivery.",
    lambda f: f.context.parcel.carrier if f.context.parcel else None,
)


def _kind(f: Facts) -> str:
    return f.context.policy.kind(f["request.reason"])


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


@_fact("request.value", "amount", "Worth of the units of this line.")
def _value(f: Facts) -> int:
    c = f.context
    return sum(c.order.worth(c.line.id, slot) for slot in c.slots)


@_fact("request.total_units", "number", "Units of the whole request.")
def _total_units(f: Facts) -> int:
    return sum(line.quantity for line in f.context.request.lines)


@_fact("request.total_value", "amount", "Worth of the units of the whole request.")
def _total_value(f: Facts) -> int:
    order, taken = f.context.order, f.context.returning or {}
    return sum(order.worth(line_id, slot) for line_id, slots in taken.items() for slot in slots)


@_fact(
    "request.remorse_open",
    "boolean",
    "A change of mind could still be declared: for claims that the inspection did not confirm.",
)
def _remorse_open(f: Facts) -> bool:
    policy = f.context.policy
    reason = next((r.id for r in policy.reason_table.values() if r.kind == "remorse"), None)
    if reason is None:
        return False
    as_remorse = f.given(request__reason=reason, request__kind="remorse")
    return shop_timing(policy, as_remorse).holds(f.context.now)


@_fact("request.attempts", "number", "Units of this order line that other cases already hold.")
def _attempts(f: Facts) -> int:
    return len(f.context.history.line(f.context.line.id).held)


# --- after the inspection --------------------------------------------------------------------------------------
_FACTS["inspection.done"] = Fact(
    "inspection.done",
    "boolean",
    "The goods were inspected.",
    lambda f: f.context.inspected,
    stage="inspection",
)
_FACTS["inspection.missing"] = Fact(
    "inspection.missing",
    "number",
    "Units that did not come back.",
    lambda f: f.context.missing,
    stage="inspection",
)
_FACTS["unit.grade"] = Fact(
    "unit.grade", "text", "Grade of the unit.", lambda f: f.context.grade, "grades", "inspection"
)
_FACTS["fault.party"] = Fact(
    "fault.party", "text", "Who is at fault, as far as known.", lambda f: f.context.party, "parties", "fault"
)
_FACTS["fault.rule"] = Fact(
    "fault.rule", "text", "The fault rule that held.", lambda f: f.context.fault_rule, None, "fault"
)


def _marks(f: Facts, mark: str) -> bool:
    declared = f.context.policy.conditions.get(f["request.condition"] or "")
    return declared is not None and mark in declared.marks


def _found(f: Facts, meaning: str) -> bool:
    known = f.context.policy.findings
    return any(meaning in known[x].marks for x in f.context.findings if x in known)


def _mark_fact(mark: str) -> Fact:
    doc = f"By the customer's word: {names.CONDITION_MARKS[mark][0].lower()}{names.CONDITION_MARKS[mark][1:]}"
    return Fact(f"condition.{mark}", "boolean", doc, lambda f: _marks(f, mark))


def _found_fact(meaning: str) -> Fact:
    return Fact(
        f"found.{meaning}",
        "boolean",
        f"Inspection: {names.FINDING_MEANINGS[meaning]}",
        lambda f: _found(f, meaning),
        stage="inspection",
    )


def _finding_fact(finding: str) -> Fact:
    return Fact(
        f"finding.{finding}",
        "boolean",
        "This finding was recorded.",
        lambda f: finding in f.context.findings,
        stage="inspection",
    )


def _evidence_fact(kind: str, fields: tuple[str, ...]) -> Fact:
    return Fact(
        f"evidence.{kind}",
        "records",
        "Evidence of this type.",
        lambda f: _records(f, kind),
        fields=fields,
        stage="evidence",
    )


def _records(f: Facts, kind: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(e.data for e in f.context.evidence if e.type == kind)


_OWNERS: Mapping[str, Callable[[Context], Mapping[str, Any]]] = {
    "order": lambda c: c.order.attributes,
    "customer": lambda c: c.order.customer.attributes,
    "line": lambda c: c.line.attributes,
    "request": lambda c: {**c.request.attributes, **c.wanted.attributes},
}
ATTRIBUTE_OWNERS = tuple(_OWNERS)


def attribute_fact(owner: str, name: str, type_: str, doc: str, values: str | None) -> Fact:
    """A fact that only this shop knows, declared in its policy.yaml."""
    get = _OWNERS[owner]
    return Fact(
        f"{owner}.attributes.{name}", type_, doc, lambda f: _typed(get(f.context).get(name), type_, f), values
    )


def _typed(value: Any, type_: str, f: Facts) -> Any:
    """An attribute as its declared type; anything else counts as unknown."""
    if type_ == "boolean":
        return value if isinstance(value, bool) else None
    if type_ == "date":
        return _as_date(value)
    if type_ in ("number", "percent", "amount"):
        return _as_number(value, type_, f)
    if type_ == "texts":
        return tuple(str(x) for x in value) if isinstance(value, list | tuple) else ()
    return value if isinstance(value, str) else None


def _as_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _as_number(value: Any, type_: str, f: Facts) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if not number.is_finite() or abs(number) > 10**15:
        return None
    return int(number.scaleb(f.context.policy.exponent(f["order.currency"]))) if type_ == "amount" else number


FIXED: Mapping[str, Fact] = {
    **_FACTS,
    **{fact.name: fact for fact in map(_mark_fact, names.CONDITION_MARKS)},
    **{fact.name: fact for fact in map(_found_fact, names.FINDING_MEANINGS)},
}
"""The facts of every policy; the rest is declared: evidence.<type>, finding.<id>, <owner>.attributes.<name>."""


def vocabulary(
    findings: Iterable[str], evidence: Mapping[str, tuple[str, ...]], attributes: Iterable[Fact]
) -> dict[str, Fact]:
    """Every fact that the rules of one policy may name."""
    declared = [
        *map(_finding_fact, findings),
        *[_evidence_fact(k, v) for k, v in evidence.items()],
        *attributes,
    ]
    return {**FIXED, **{fact.name: fact for fact in declared}}
