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
"""Entries that belong to a refund; owed, waived, recover and charged_back belong to the case."""


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
