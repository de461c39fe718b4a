"""The answers of the contract, for the OpenAPI document."""

from functools import cache

from marshmallow import Schema, fields

from returns_service.api.schemas.decisions import PolicyRef
from returns_service.api.schemas.fields import SignedAmount
from returns_service.api.schemas.shapes import (
    Shape,
    count,
    flag,
    instant,
    list_of,
    maybe_instant,
    maybe_words,
    open_object,
    part,
    words,
)


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
    secured = SignedAmount(
        metadata={
            "description": "What the customer owes for goods in advance whose originals do not come back."
        }
    )
    security = maybe_words()


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
    evidence_until = maybe_instant()
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
    """The only answer that holds the key itself; null in a repeat of it."""

    key = maybe_words()


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
