"""States and deadlines as the people of the shop call them; `labels` says them to customers."""

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
