"""Bodies and answers about the shop itself: reports, store credit."""

from marshmallow import fields

from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import Amount, Line, OneOf, SignedAmount
from returns_service.api.schemas.queries import Digits
from returns_service.api.schemas.shapes import (
    Shape,
    count,
    instant,
    list_of,
    maybe_instant,
    maybe_words,
    words,
)


class Report(Shape):
    """Rows of one report; what a column means is in the description of the report."""

    name = words()
    about = words()
    days = count()
    rows = list_of(fields.Dict())


class ReportName(Shape):
    name = words()
    about = words()


class ReportQuery(Body):
    """The period that ends now, and the form."""

    days = Digits(3660)
    format = OneOf("json", "csv", load_default="json")


class CreditQuery(Body):
    email = Line(254, shortest=1, required=True)


class RedeemBody(Body):
    """Pay with store credit; the same reference pays once."""

    amount = Amount(required=True)
    currency = Line(3, shortest=3, required=True)
    reference = Line(200, shortest=1, required=True)


class GiveBackBody(Body):
    """Undo a redemption."""

    reference = Line(200, shortest=1, required=True)


class CreditMove(Shape):
    kind = words()
    amount = SignedAmount(required=True)
    reference = maybe_words()
    at = instant()


class Credit(Shape):
    """Store credit and what was done with it."""

    code = words()
    currency = words()
    amount = SignedAmount(required=True)
    balance = SignedAmount(required=True)
    refund_id = words()
    expires_at = maybe_instant()
    created_at = instant()
    moves = list_of(CreditMove)
