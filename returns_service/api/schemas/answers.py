"""The answers of the contract, for the OpenAPI document. Views write plain dicts; these are never run over them."""

from functools import cache

from marshmallow import INCLUDE, Schema, fields

from returns_service.api.schemas.fields import Instant, Part, SignedAmount


class Shape(Schema):
    """An object of an answer: members may be added within /v1, so readers must accept more."""

    class Meta:
        unknown = INCLUDE


def words(**kwargs: object) -> fields.String:
    return fields.String(required=True, **kwargs)  # type: ignore[arg-type]


def maybe_words() -> fields.String:
    return fields.String(required=True, allow_none=True)


def instant() -> Instant:
    return Instant(required=True)


def maybe_instant() -> Instant:
    return Instant(required=True, allow_none=True)


def count() -> fields.Integer:
    return fields.Integer(required=True)


def flag() -> fields.Boolean:
    return fields.Boolean(required=True)


def list_of(inner: type[Schema] | fields.Field) -> fields.List:  # type: ignore[type-arg]
    return fields.List(fields.Nested(inner) if isinstance(inner, type) else inner, required=True)


def part(inner: type[Schema], *, maybe: bool = False) -> Part:
    return Part(inner, required=True, allow_none=maybe)


def open_object() -> fields.Dict:
    return fields.Dict(required=True)


class PolicyRef(Shape):
    """The policy text that decided."""

    name = words()
    version = count()
    hash = words()


class Window(Shape):
    opens_at = maybe_instant()
    closes_at = maybe_instant()
    closes_on = fields.Date(required=True, allow_none=True)
    time_zone = words()
    rule = words()


class Refusal(Shape):
    """One reason against, with a stable code."""

    code = words()
    message = words()
    rule = words()


class EvidenceNeeded(Shape):
    type = words()
    message = words()


class Fault(Shape):
    """Who is at fault: customer, merchant, carrier, supplier or undetermined; final after the inspection."""

    party = maybe_words()
    rule = maybe_words()
    final = flag()


class Offer(Shape):
    resolution = words()
    amount = SignedAmount(required=True)
    method = words()
    freight = SignedAmount(required=True)
    deadline = maybe_instant()


class ReasonOutlook(Shape):
    code = words()
    eligible = flag()
    closes_on = fields.Date(required=True, allow_none=True)


class LineDecision(Shape):
    order_line_id = words()
    quantity = count()
    returnable_quantity = count()
    eligible = flag()
    basis = words()
    window = part(Window, maybe=True)
    refusals = list_of(Refusal)
    evidence = list_of(EvidenceNeeded)
    fault = part(Fault, maybe=True)
    offers = list_of(Offer)
    reasons = fields.List(fields.Nested(ReasonOutlook))
    trace = fields.List(fields.Dict(), metadata={"description": "Each rule looked at; for staff only."})


class Share(Shape):
    payment_id = maybe_words()
    amount = SignedAmount(required=True)


class Quote(Shape):
    """The full money breakdown; reductions are negative, total is the plain sum."""

    goods = SignedAmount(required=True)
    tax = SignedAmount(required=True)
    outbound_shipping = SignedAmount(required=True)
    surcharges = SignedAmount(required=True)
    compensation = SignedAmount(required=True)
    bonus = SignedAmount(required=True)
    return_freight = SignedAmount(required=True)
    restocking = SignedAmount(required=True)
    deductions = SignedAmount(required=True)
    exchange = SignedAmount(required=True)
    waived = SignedAmount(required=True)
    unfunded = SignedAmount(required=True)
    total = SignedAmount(required=True)
    freight_payer = maybe_words()
    recover_from = maybe_words()
    tenders = list_of(Share)


class Decision(Shape):
    """What the policy says, line by line, and what it would pay."""

    eligible = flag()
    review = words()
    currency = words()
    policy = part(PolicyRef)
    lines = list_of(LineDecision)
    quote = part(Quote, maybe=True)


class Outcome(Shape):
    quantity = count()
    resolution = words()
    amount = SignedAmount(required=True)
    disposition = maybe_words()


class CaseLine(Shape):
    id = words()
    order_line_id = words()
    sku = words()
    quantity = count()
    received_quantity = count()
    reason = words()
    resolution = words()
    decision = open_object()
    inspections = list_of(fields.Dict())
    outcome = fields.List(fields.Nested(Outcome), required=True, allow_none=True)


class Refund(Shape):
    """Money on its way back to one payment, or store credit with a code."""

    id = words()
    payment_id = maybe_words()
    method = words()
    amount = SignedAmount(required=True)
    state = words(
        metadata={"description": "awaiting_release, pending, succeeded, failed, unknown or manual."}
    )
    gateway = maybe_words()
    gateway_reference = maybe_words()


class Replacement(Shape):
    """Goods that go out."""

    id = words()
    kind = words(metadata={"description": "exchange, replacement, repair or send_back."})
    lines = list_of(fields.Dict())
    state = words(metadata={"description": "awaiting_payment, requested, shipped, failed or cancelled."})
    due = SignedAmount(required=True)


class Deadline(Shape):
    at = instant()
    on = fields.Date(required=True)
    time_zone = words()


class Links(Shape):
    self = words()
    events = words()


class Case(Shape):
    """One return from the first question to the money."""

    id = words()
    number = words()
    order_id = words()
    kind = words()
    state = words()
    stage = words()
    version = count()
    currency = words()
    lines = list_of(CaseLine)
    fault = open_object()
    quote = open_object()
    refunds = list_of(Refund)
    replacements = list_of(Replacement)
    messages = count()
    deadlines = list_of(Deadline)
    actions = list_of(fields.String())
    policy = part(PolicyRef)
    created_at = instant()
    updated_at = instant()
    links = part(Links)


class CaseSummary(Shape):
    """A case in a list."""

    id = words()
    number = words()
    order_id = words()
    state = words()
    stage = words()
    version = count()
    created_at = instant()
    updated_at = instant()


class Order(Shape):
    """A snapshot as it was sent, and what we know about it."""

    id = words()
    number = words()
    currency = words()
    placed_at = instant()
    lines = list_of(fields.Dict())
    version = count()
    policy = part(PolicyRef)
    fulfilment_state = words()


class Actor(Shape):
    kind = words()
    name = words()


class Event(Shape):
    """One fact of a case's history."""

    id = words()
    seq = count()
    type = words()
    at = instant()
    actor = part(Actor)
    return_id = words()
    version = count()
    data = open_object()


class Message(Shape):
    id = words()
    author = part(Actor)
    message = words()
    photos = list_of(fields.String())
    internal = flag()
    at = instant()


class Objection(Shape):
    id = words()
    state = words()
    text = words()
    wish = words()
    photos = list_of(fields.String())
    answer = words()
    at = instant()
    answered_at = maybe_instant()


class Rating(Shape):
    id = words()
    kind = words()
    score = count()
    comment = words()
    at = instant()


class Photo(Shape):
    id = words()
    content_type = words()
    size = count()
    width = count()
    height = count()
    alt = words()
    url = words()
    at = instant()


class Parcel(Shape):
    id = words()
    state = words()
    carrier = maybe_words()
    tracking_number = maybe_words()
    location = maybe_words()
    note = words()
    lines = list_of(fields.Dict())
    return_id = maybe_words()
    at = instant()


class Key(Shape):
    id = words()
    name = words()
    prefix = words()
    scopes = list_of(fields.String())
    created_at = instant()
    expires_at = maybe_instant()
    revoked_at = maybe_instant()


class NewKey(Key):
    """The only answer that holds the key itself."""

    key = words()


class Taken(Shape):
    """False: it was taken before, or says nothing about a refund."""

    taken = flag()


class ProblemFault(Shape):
    """One place that is wrong: a JSON pointer into the body, or ?name for a query parameter."""

    pointer = words()
    code = words()
    detail = words()


class Problem(Shape):
    """A problem document by RFC 9457."""

    type = words()
    title = words()
    status = count()
    detail = words()
    code = words()
    errors = fields.List(fields.Nested(ProblemFault))
    trace_id = words()
    state = fields.String(allow_none=True, metadata={"description": "On 409: the present state of the case."})
    actions = fields.List(fields.String(), metadata={"description": "On 409: what is allowed now."})


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """A page of a list: `next` is the cursor of the following page, null at the end."""
    members = {
        "items": list_of(item),
        "next": fields.String(required=True, allow_none=True),
        "has_more": flag(),
        "__doc__": f"A page of {item.__name__} objects.",
    }
    return type(f"{item.__name__}Page", (Shape,), members)
