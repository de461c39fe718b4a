"""Bodies and answers about what may be asked back."""

from returns_service.api.paging import PageQuery
from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import Amount, OneOf, SignedAmount, Text
from returns_service.api.schemas.shapes import Shape, instant, list_of, words

PARTIES = ("carrier", "supplier", "customer")


class RecoveriesQuery(PageQuery):
    party = OneOf(*PARTIES, "any", load_default="any")
    state = OneOf("open", "all", load_default="open")


class RecoveredBody(Body):
    """How much of a claim was met (`recovered`) or let go (`forgone`)."""

    party = OneOf(*PARTIES, required=True)
    outcome = OneOf("recovered", "forgone", required=True)
    amount = Amount(required=True)
    note = Text(2000, load_default="")


class Claim(Shape):
    """What one party answers for."""

    party = words()
    claimed = SignedAmount(required=True)
    recovered = SignedAmount(required=True)
    forgone = SignedAmount(required=True)
    open = SignedAmount(required=True)


class Recovery(Shape):
    """A case in which something may be asked back."""

    return_id = words()
    number = words()
    order_id = words()
    state = words()
    currency = words()
    created_at = instant()
    claims = list_of(Claim)
