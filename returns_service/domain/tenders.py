"""Back to the payments they came from: what each tender still takes, and how an amount is split over them."""

from collections.abc import Callable, Mapping, Sequence

from returns_service.domain import money
from returns_service.domain.decision import QuoteShare
from returns_service.domain.money import Minor
from returns_service.domain.order import Payment

_NOTHING: Mapping[str, Minor] = {}


def refundable(payment: Payment, already: Minor = 0) -> Minor:
    """What this payment can still give back: captured, less every way in which money has left it.

    `already` is what we refunded or reserved. While a chargeback is open the bank holds the decision, so nothing
    may go out; a lost one without an amount took the whole payment; a won one took nothing.
    """
    if payment.chargeback == "open" or (payment.chargeback == "lost" and not payment.charged_back):
        return 0
    disputed = 0 if payment.chargeback == "won" else payment.charged_back
    return max(payment.captured - payment.refunded - disputed - already, 0)


def why_not(payment: Payment, already: Minor = 0) -> str | None:
    """The stable code why a payment gives nothing back, or None when it still does."""
    if refundable(payment, already) > 0:
        return None
    if payment.chargeback in ("open", "lost"):
        return f"chargeback_{payment.chargeback}"
    return "not_captured" if payment.captured == 0 else "already_refunded"


def total_refundable(payments: Sequence[Payment], already: Mapping[str, Minor] = _NOTHING) -> Minor:
    """What all payments of an order can still give back together."""
    return sum(refundable(payment, already.get(payment.id, 0)) for payment in payments)


def split(
    amount: Minor,
    payments: Sequence[Payment],
    already: Mapping[str, Minor] = _NOTHING,
    strategy: str = "original_order",
) -> tuple[tuple[QuoteShare, ...], Minor]:
    """Shares of `amount` per payment, each within its balance, and the rest that no payment can take."""
    balances = [refundable(payment, already.get(payment.id, 0)) for payment in payments]
    funded = min(max(amount, 0), sum(balances))
    parts = STRATEGIES[strategy](funded, balances)
    shares = [QuoteShare(payment.id, part) for payment, part in zip(payments, parts, strict=True) if part]
    return tuple(shares), max(amount, 0) - funded


def _in_turn(amount: Minor, balances: Sequence[Minor]) -> list[Minor]:
    parts = []
    for balance in balances:
        parts.append(min(amount, balance))
        amount -= parts[-1]
    return parts


def _in_reverse(amount: Minor, balances: Sequence[Minor]) -> list[Minor]:
    return _in_turn(amount, balances[::-1])[::-1]


def _proportional(amount: Minor, balances: Sequence[Minor]) -> list[Minor]:
    """By what each payment still holds: cumulative rounding never lifts a part above its balance."""
    return money.spread(amount, balances) if amount else [0] * len(balances)


STRATEGIES: Mapping[str, Callable[[Minor, Sequence[Minor]], list[Minor]]] = {
    "original_order": _in_turn,
    "reverse": _in_reverse,
    "proportional": _proportional,
}
