"""Evidence in words: the fields that the shipped policies declare, and what stands in them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from returns_service.pages import i18n, labels
from returns_service.pages.i18n import N_
from returns_service.pages.web import gettext, language
from returns_service.pages.web.context import zone

FIELDS = {
    "event": N_("Scan"),
    "leg": N_("On the way"),
    "at": N_("When"),
    "note": N_("Note"),
    "party": N_("Responsible"),
    "reason": N_("Reason"),
    "signed": N_("Signed for"),
    "place": N_("Place"),
    "matches": N_("As ordered"),
    "number": N_("Number"),
    "grams": N_("Weighed (g)"),
    "expected_grams": N_("Expected (g)"),
    "difference_percent": N_("Difference in percent"),
    "address_by": N_("Address written by"),
    "in_time": N_("In time"),
    "confirms": N_("Confirms the claim"),
    "state": N_("Condition"),
    "sku": N_("SKU"),
}
VALUES = {
    "outbound": N_("to the customer"),
    "return": N_("back to the shop"),
    "PICKED_UP": N_("picked up"),
    "DEPARTED_FACILITY": N_("left the depot"),
    "ARRIVED_FACILITY": N_("reached the depot"),
    "CUSTOMS": N_("at customs"),
    "OUT_FOR_DELIVERY": N_("out for delivery"),
    "DELIVERED": N_("delivered"),
    "DELIVERY_FAILED": N_("delivery failed"),
    "PACKAGE_DAMAGED": N_("parcel damaged"),
    "DELAYED": N_("delayed"),
    "LOST": N_("lost"),
    "RETURNED": N_("returned to the sender"),
}
APART = ("photos",)
"""Shown in a way of their own."""


def facts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of everything that evidence says."""
    said = {name: value for name, value in data.items() if value not in ("", None) and name not in APART}
    return [(labels.label(FIELDS, name, gettext), _said(name, value)) for name, value in said.items()]


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name == "party":
        return labels.label(labels.PARTIES, str(value), gettext)
    if name == "at":
        return i18n.format_instant(datetime.fromisoformat(str(value)), zone(), language())
    return gettext(VALUES[value]) if value in VALUES else str(value)
