"""A case's history in the customer's words, with the step that comes next."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from returns_service.pages import labels
from returns_service.pages.i18n import N_

STEPS: Mapping[str, str] = {
    "return.requested": N_("You requested the return"),
    "return.changed": N_("You changed the return"),
    "return.approved": N_("Approved"),
    "return.rejected": N_("Refused"),
    "return.info_requested": N_("We asked you a question"),
    "return.answered": N_("You answered"),
    "return.label_attached": N_("Your label is ready"),
    "return.shipped": N_("On its way back"),
    "return.lost": N_("Lost on its way"),
    "return.received": N_("Arrived"),
    "return.inspected": N_("Checked"),
    "return.choice_needed": N_("We need your choice"),
    "return.chosen": N_("You chose"),
    "refund.succeeded": N_("Refunded"),
    "refund.failed": N_("A refund did not go through"),
    "credit.issued": N_("Store credit issued"),
    "replacement.shipped": N_("Sent to you"),
    "objection.raised": N_("You objected"),
    "objection.answered": N_("We answered your objection"),
    "return.cancelled": N_("Cancelled"),
    "return.expired": N_("Expired"),
    "return.closed": N_("Closed"),
}


BRING = N_("Please bring it by")


def steps(
    events: Iterable[Any], case: Mapping[str, Any], gettext: Callable[[str], str], now: str
) -> list[dict[str, Any]]:
    """Rows for the history: what happened, then what comes next and by when."""
    rows = [_row(event, gettext) for event in events if event["type"] in STEPS and not _partial(event)]
    if rows:
        rows[-1]["kind"] = "now"
    for deadline in case["deadlines"][:1]:
        text = labels.label(labels.DEADLINES, deadline["for"], gettext)
        if deadline["for"] == "ship" and case["return_method"] in labels.CARRIED:
            text = gettext(BRING)
        late = deadline["at"] < now
        rows.append({"text": text, "kind": "next", "on": deadline["on"], "due": deadline["at"], "late": late})
    return rows


def _partial(event: Mapping[str, Any]) -> bool:
    """Units of a parcel are counted and inspected one by one; the customer hears of the whole."""
    return bool(event["type"] == "return.inspected" and event["data"].get("to", "inspected") != "inspected")


def _row(event: Mapping[str, Any], gettext: Callable[[str], str]) -> dict[str, Any]:
    data, text = event["data"], STEPS[event["type"]]
    detail = data.get("message") or data.get("answer") or ""
    if event["type"] in ("return.answered", "return.approved"):
        detail = ""
    return {
        "text": gettext(text),
        "at": event["at"],
        "detail": detail,
        "kind": "",
        "question": event["type"] == "return.info_requested",
        "amount": data.get("amount") if event["type"].startswith("refund.succ") else None,
    }
