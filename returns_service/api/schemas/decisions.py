"""Decisions and quotes, for the OpenAPI document."""

from marshmallow import fields

from returns_service.api.schemas.fields import SignedAmount
from returns_service.api.schemas.shapes import (
    Shape,
    count,
    flag,
    list_of,
    maybe_instant,
    maybe_words,
    part,
    words,
)


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
    reasons = fields.List(
        fields.Nested(ReasonOutlook),
        metadata={"description": "In `returnable`: every reason that is for this line's goods."},
    )
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
