"""States and deadlines as the people of the shop call them; `labels` says them to customers."""

from collections.abc import Mapping

from returns_service.pages import labels
from returns_service.pages.i18n import N_

STATES = {
    "requested": N_("Needs a decision"),
    "info_requested": N_("Customer is asked"),
    "approved": N_("Approved, awaited"),
    "rejected": N_("Declined"),
    "shipped_back": N_("On its way here"),
    "received": N_("Arrived, uninspected"),
    "inspected": N_("Inspected"),
    "settling": N_("Being settled"),
    "refunded": N_("Refunded"),
    "replaced": N_("Replaced"),
    "closed": N_("Closed"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Expired"),
}
GATEWAYS = {
    "sandbox": N_("Sandbox"),
    "stripe": "Stripe",
    "storefront": N_("Shop system"),
    "store_credit": N_("Store credit"),
    "manual": N_("By hand"),
}
"""Who moves the money."""
CARRIERS = {
    "dhl": "DHL",
    "ups": "UPS",
    "fedex": "FedEx",
    "royal_mail": "Royal Mail",
    "an_post": "An Post",
    "colissimo": "Colissimo",
    "sf_express": N_("SF Express"),
    "black_cat": N_("Black Cat"),
    "yamato": N_("Yamato"),
}
CHANNELS = {"email": N_("E-mail"), "sms": N_("Text message"), "webhook": "Webhook"}
PROGRAMS = {
    "system": N_("automatic"),
    "deadline": N_("automatic, at the deadline"),
    "survey": N_("automatic"),
    "erasure": N_("automatic"),
    "storefront": N_("Shop system"),
    "carrier": N_("Carrier"),
    "command line": N_("command line"),
}
"""Who is no person."""
DEADLINES = {
    "review": N_("decide by"),
    "answer": N_("answer awaited until"),
    "ship": N_("parcel sent until"),
    "receive": N_("expected by"),
    "inspect": N_("inspect by"),
    "settle": N_("settle by"),
    "choose": N_("choice awaited until"),
    "pay": N_("payment awaited until"),
    "refund": N_("pay back until"),
    "collect": N_("collect until"),
}


def who(actor: Mapping[str, str], gettext: labels.Gettext) -> str:
    """Who did something: a person by name, a program by what it is."""
    kind, name = actor.get("kind", ""), actor.get("name", "")
    if kind == "policy" and name != kind:
        return gettext("policy %(name)s") % {"name": name}
    known = {"carrier": CARRIERS | PROGRAMS, "gateway": GATEWAYS, "system": PROGRAMS, "storefront": PROGRAMS}
    table = known.get(kind, {})
    return gettext(table[name]) if name in table else name
