"""What of an order and a history is about a person, and what is left when that is taken out. Pure."""

from collections.abc import Mapping
from typing import Any

_CUSTOMER: Mapping[str, Any] = {
    "id": None,
    "email": "",
    "name": "",
    "phone": None,
    "created_at": None,
    "attributes": {},
}
_WORDS = ("message", "reason", "text", "answer", "comment", "note")
"""Where a fact keeps what somebody wrote."""


def without_person(order: Mapping[str, Any]) -> dict[str, Any]:
    """An order, as the contract or as the domain writes it, whose buyer nobody can tell; goods and money stay."""
    customer = dict(order.get("customer") or {})
    blanks = {name: blank for name, blank in _CUSTOMER.items() if name in customer}
    place = {"postal_code": None} if "postal_code" in order else {}
    return {**order, **place, "customer": {**customer, **blanks}}


def without_words(actor: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Who did something and what was said with it: the customer has no name, and nothing to the customer is quoted."""
    theirs = actor.get("kind") in ("customer", "storefront")
    words = _WORDS if theirs else ("message", "answer")
    blanked = {name: "" if name in words and value else value for name, value in data.items()}
    return ({**actor, "name": ""} if theirs else dict(actor)), blanked
