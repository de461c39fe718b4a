"""Bodies and answers about what may be asked back."""

from returns_service.api.paging import PageQuery
from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import Amount, OneOf, SignedAmount, Text
from returns_service.api.schemas.shapes import Shape, instant, list_of, maybe_words, words

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


class Entry(Shape):
    """One entry of the ledger; `gateway_reference` and `gateway_key` find it in the gateway's books."""

    kind = words()
    party = maybe_words()
    amount = SignedAmount(required=True)
    at = instant()
    refund_id = maybe_words()
    payment_id = maybe_words()
    payment_reference = maybe_words()
    gateway = maybe_words()
    gateway_reference = maybe_words()
    gateway_key = maybe_words()
    note = words()
    by = maybe_words()


class KindSum(Shape):
    kind = words()
    amount = SignedAmount(required=True)


class Ledger(Shape):
    """The money of a case, entry by entry, oldest first."""

    currency = words()
    entries = list_of(Entry)
    sums = list_of(KindSum)
    claims = list_of(Claim)
