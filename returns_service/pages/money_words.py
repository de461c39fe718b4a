"""Why money did not move, in the reader's words. A gateway's own text stays apart: it is for the people of the shop."""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from returns_service.domain import money
from returns_service.domain.policy.retelling import pattern
from returns_service.pages.i18n import N_

OWN = (
    N_("The gateway moved {moved} instead of {wanted} {currency}."),
    N_("Attempt {n} moved money after it was declined."),
    N_("There is no gateway '{name}' here."),
    N_("The gateway does not know the refund and may have forgotten its key."),
    N_("The storefront has not said within {days} days whether it paid."),
    N_("The storefront could not pay."),
    N_("A person found that no money moved."),
    N_("Released; no payment stands behind it."),
    N_("The goods were charged although nothing is owed for them."),
    N_("The gateway cannot be asked."),
)
"""The sentences of `domain/doubts.py`."""

_SILENT = N_("The gateway did not answer in time.")
_GARBLED = N_("The gateway's answer was not understood.")
_BUSY = N_("The gateway is too busy.")
_BROKEN = N_("The gateway is out of order.")
_KEY = N_("The gateway does not accept the shop's key.")
_OTHER = N_("The gateway gives a reason of its own.")
_REFUSED = N_("The gateway refuses the refund.")
_BANK = N_("The customer's bank does not take the refund.")
_SPENT = N_("More than what is left of the payment.")
_UNKNOWN = N_("The gateway does not know the payment.")
_DISPUTED = N_("The customer disputes the payment at the bank.")
_CARD = N_("The customer's card is not valid any more.")
_FUNDS = N_("The shop's balance at the gateway is too low.")
CODES = {
    "declined": _BANK,
    "card_declined": _BANK,
    "CardError": _BANK,
    "amount_too_large": _SPENT,
    "charge_already_refunded": _SPENT,
    "already_refunded": N_("Refunded in full before."),
    "unknown_payment": _UNKNOWN,
    "resource_missing": _UNKNOWN,
    "currency": N_("The payment was made in another currency."),
    "charge_disputed": _DISPUTED,
    "charge_for_pending_refund_disputed": _DISPUTED,
    "chargeback_open": _DISPUTED,
    "chargeback_lost": N_("The bank has taken the payment back."),
    "not_captured": N_("The payment was never captured."),
    "expired_or_canceled_card": _CARD,
    "lost_or_stolen_card": _CARD,
    "insufficient_funds": _FUNDS,
    "balance_insufficient": _FUNDS,
    "merchant_request": N_("The shop has called the refund off at the gateway."),
    "unknown": N_("The gateway gives no reason."),
    "key_reused": N_("The gateway knows another request under the same key."),
    "idempotency_error": N_("The gateway knows another request under the same key."),
    "IdempotencyError": N_("The gateway knows another request under the same key."),
    "InvalidRequestError": _REFUSED,
    "AuthenticationError": _KEY,
    "PermissionError": _KEY,
    "api_key_expired": _KEY,
    "RateLimitError": _BUSY,
    "rate_limit": _BUSY,
    "lock_timeout": _BUSY,
    "key_in_use": _BUSY,
    "idempotency_key_in_use": _BUSY,
    "APIError": _BROKEN,
    "api_error": _BROKEN,
    "internal": _BROKEN,
    "processing_error": _BROKEN,
    **dict.fromkeys(
        ("APIConnectionError", "ConnectError", "ConnectTimeout", "ReadError", "ReadTimeout"), _SILENT
    ),
    **dict.fromkeys(("WriteError", "WriteTimeout", "PoolTimeout", "RemoteProtocolError"), _SILENT),
    **dict.fromkeys(("JSONDecodeError", "KeyError", "TypeError", "AttributeError", "Invalid"), _GARBLED),
}
"""What gateways answer, and what a payment of the order lacks."""

GOODS = {
    "out_of_stock": N_("It is out of stock."),
    "discontinued": N_("It is not made any more."),
}
"""Why a storefront does not send goods."""

INSTEAD = {
    "store_credit": N_("Store credit was given instead."),
    "other_payment": N_("Another payment of the order was taken instead."),
    "dropped": N_("It is not owed any more."),
    "": N_("It was worked out anew."),
}
BOOKED = {
    "sent": N_("asked for"),
    "ok": N_("paid"),
    "succeeded": N_("paid"),
    "pending": N_("under way"),
    "declined": N_("refused"),
    "failed": N_("failed"),
    "unknown": N_("in doubt"),
    "nothing": N_("nothing"),
}
"""States of an attempt in our books and in a gateway's."""

_ENTRY = re.compile(r"(\w+) (\d+) ([A-Z]{3})")
_REPLACED = re.compile(r"replaced: ?(store_credit|other_payment|dropped|)(?: |$)(.*)", re.DOTALL)
_STATUS = re.compile(r"status (\d{3})")
_CODED = re.compile(r"([a-z]+(?:_[a-z]+)*|[A-Z][A-Za-z]+)(?::\s*(.*))?", re.DOTALL)
_PAYMENT = re.compile(r"(\S+): (\w+)")
_form = cache(pattern)

Gettext = Callable[[str], str]


class Why(NamedTuple):
    """`text`: in the reader's words. `theirs`: what the gateway said. `note`: what nobody named, such as a person's words."""

    text: str
    theirs: str = ""
    note: str = ""


def why(reason: str, gettext: Gettext) -> Why:
    """A reason that was written down, told."""
    replaced = _REPLACED.fullmatch(reason)
    if replaced:
        way, rest = INSTEAD[replaced[1]], why(replaced[2], gettext)
        return rest._replace(text=" ".join(part for part in (rest.text, gettext(way)) if part))
    return _own(reason, gettext) or _payments(reason, gettext) or _coded(reason, gettext)


def told(reason: str, gettext: Gettext) -> str:
    """The same in one line, for staff."""
    found = why(reason, gettext)
    said = " ".join(part for part in (found.text, found.note) if part)
    if not found.theirs:
        return said
    return gettext("%(reason)s In the gateway's words: %(said)s") % {"reason": said, "said": found.theirs}


def booked(entry: str, amount: Callable[[str, str], str], gettext: Gettext) -> str:
    """What a book says of a refund, such as `ok 5500 EUR`: the amount and the state in words."""
    found = _ENTRY.fullmatch(entry)
    if not found:
        return gettext(BOOKED[entry]) if entry in BOOKED else entry
    state, units, currency = found.groups()
    told = gettext(BOOKED[state]) if state in BOOKED else state
    return f"{amount(money.text(int(units), currency), currency)} · {told}"


def known(reason: str, gettext: Gettext) -> str:
    """For customers: why goods do not come, where the product has words for it, else nothing."""
    code = "_".join(reason.lower().strip(". ").split())
    return gettext(GOODS[code]) if code in GOODS else ""


def _own(reason: str, gettext: Gettext) -> Why | None:
    for text in OWN:
        found = _form(text).fullmatch(reason)
        if found:
            return Why(gettext(text).format(**found.groupdict()))
    return None


def _payments(reason: str, gettext: Gettext) -> Why | None:
    """`p1: chargeback_open, p2: not_captured`: why no payment of an order gives the money."""
    parts = [_PAYMENT.fullmatch(part) for part in reason.split(", ")]
    if not all(part and part[2] in CODES for part in parts):
        return None
    return Why(" ".join(f"{part[1]}: {gettext(CODES[part[2]])}" for part in parts if part))


def _coded(reason: str, gettext: Gettext) -> Why:
    status = _STATUS.fullmatch(reason)
    if status:
        return Why(gettext(_of_status(int(status[1]))), f"HTTP {status[1]}")
    found = _CODED.fullmatch(reason)
    if not found or (found[1] not in CODES and found[2] is None):
        return Why("", note=reason)
    if found[1] not in CODES:
        return Why(gettext(_OTHER), reason) if "_" in found[1] else Why("", note=reason)
    text, theirs = CODES[found[1]], found[2] or ""
    return Why(gettext(text), theirs if theirs != text else "")


def _of_status(status: int) -> str:
    if status in (401, 403):
        return _KEY
    return _BUSY if status in (408, 409, 425, 429) else _BROKEN
