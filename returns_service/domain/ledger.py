"""The ledger's arithmetic: what a chain of entries about one refund comes to, and what must hold. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from returns_service.domain.money import Minor


@dataclass(frozen=True)
class Balance:
    """What of one refund is set aside, and what was paid."""

    reserved: Minor = 0
    paid: Minor = 0


STEPS = ("reserved", "paid", "failed", "released")
"""Entries that belong to a refund."""

KINDS = {
    "owed": "What the case owes the customer; with the party customer: money of theirs that nothing stands for any more.",
    "waived": "Charges above what was owed, let go.",
    "charged_back": "What a bank gave the customer in the merchant's place.",
    "dropped": "What a person decided is not owed any more.",
    "reserved": "Set aside on a payment for a refund.",
    "paid": "Moved.",
    "failed": "Did not move, or came back.",
    "released": "Set aside no longer.",
    "secured": "What goods that are out in advance are worth.",
    "goods_owed": "What the customer owes for goods that went out and whose originals did not come back.",
    "recover": "What carrier or supplier caused, or what the customer was paid too much: the merchant may ask it back.",
    "collected": "The customer paid a difference for dearer goods.",
    "recovered": "Came in for what may be asked back.",
    "forgone": "What may be asked back and was let go by a person.",
}
"""Every kind of entry."""

CLAIMS = ("recover", "goods_owed")
MET = ("recovered", "forgone")


class Impossible(Exception):
    """Entries that no sequence of steps could have written."""


def fold(entries: Iterable[tuple[str, Minor]]) -> Balance:
    """The balance after these (kind, amount) entries in their order. Raises Impossible."""
    balance = Balance()
    for kind, amount in entries:
        balance = _step(balance, kind, amount)
    return balance


def _step(before: Balance, kind: str, amount: Minor) -> Balance:
    """A reservation is paid or freed; what was paid may come back."""
    if kind == "reserved" and before == Balance():
        return Balance(reserved=amount)
    if kind == "paid" and before == Balance(reserved=amount):
        return Balance(paid=amount)
    if kind in ("failed", "released") and before in (Balance(reserved=amount), Balance(paid=amount)):
        return Balance()
    raise Impossible(f"{kind} {amount} after {before.reserved} reserved and {before.paid} paid")
