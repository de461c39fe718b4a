"""The product's own words for its codes, in the reader's language. A policy's words (reasons, findings) come from it."""

from collections.abc import Callable, Mapping

from returns_service.pages.i18n import N_

RESOLUTIONS = {
    "refund": N_("Refund"),
    "store_credit": N_("Store credit"),
    "exchange": N_("Exchange"),
    "replacement": N_("Replacement"),
    "repair": N_("Repair"),
    "compensation": N_("Partial refund, you keep the item"),
    "send_back": N_("Sent back to you"),
    "missing": N_("Did not arrive"),
    "none": N_("Nothing due"),
}
STAGES = {
    "requested": N_("Requested"),
    "reviewed": N_("Reviewed"),
    "shipped_back": N_("Shipped back"),
    "inspected": N_("Inspected"),
    "refunded": N_("Refunded"),
    "replaced": N_("Replaced"),
    "closed": N_("Closed"),
}
STATES = {
    "requested": N_("Waiting for a decision"),
    "info_requested": N_("Waiting for your answer"),
    "approved": N_("Approved"),
    "rejected": N_("Refused"),
    "shipped_back": N_("On its way back"),
    "received": N_("Arrived"),
    "inspected": N_("Inspected"),
    "settling": N_("Being settled"),
    "refunded": N_("Refunded"),
    "replaced": N_("Replaced"),
    "closed": N_("Closed"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Expired"),
}
METHODS = {
    "mail": N_("By post"),
    "store": N_("In a shop"),
    "pickup": N_("Collected from you"),
    "kiosk": N_("At a drop-off point, without packaging"),
    "locker": N_("At a parcel locker"),
    "keep": N_("Nothing to send back"),
}
CARRIED = ("store", "kiosk")
"""Ways back on which the customer brings the goods."""
PARTIES = {
    "customer": N_("Buyer"),
    "merchant": N_("Shop"),
    "carrier": N_("Carrier"),
    "supplier": N_("Supplier"),
    "undetermined": N_("Not yet determined"),
}
PAYMENTS = {
    "card": N_("the card you paid with"),
    "paypal": N_("your PayPal account"),
    "klarna": N_("Klarna"),
    "bank_transfer": N_("your bank account"),
    "direct_debit": N_("your bank account"),
    "gift_card": N_("the gift card you paid with"),
    "store_credit": N_("store credit"),
    "cash": N_("cash"),
    "cash_on_delivery": N_("the account you gave us"),
    "alipay": N_("your Alipay account"),
    "wechat": N_("your WeChat Pay account"),
    "wechat_pay": N_("your WeChat Pay account"),
    "line_pay": N_("your LINE Pay account"),
    "apple_pay": N_("the card behind your Apple Pay"),
    "invoice": N_("your open invoice"),
}
ARRIVALS = {
    "card": N_("usually 5 to 10 working days, depending on your bank"),
    "apple_pay": N_("usually 5 to 10 working days, depending on your bank"),
    "paypal": N_("usually within 2 working days"),
    "klarna": N_("usually within 5 working days"),
    "bank_transfer": N_("usually 1 to 3 working days"),
    "direct_debit": N_("usually 1 to 3 working days"),
    "alipay": N_("usually 1 to 3 working days"),
    "wechat": N_("usually 1 to 3 working days"),
    "wechat_pay": N_("usually 1 to 3 working days"),
    "line_pay": N_("usually 7 to 14 days, depending on your bank"),
    "gift_card": N_("at once"),
    "store_credit": N_("at once"),
}
FIGURES = {
    "goods": N_("Items"),
    "outbound_shipping": N_("Delivery cost refunded"),
    "surcharges": N_("Fees refunded"),
    "compensation": N_("Compensation"),
    "bonus": N_("Bonus"),
    "exchange": N_("New items"),
    "return_freight": N_("Return shipping"),
    "restocking": N_("Restocking fee"),
    "deductions": N_("Deduction for condition"),
    "waived": N_("Waived"),
}
"""The figures of a quote in the order in which people read them."""

DEADLINES = {
    "review": N_("Our decision by"),
    "answer": N_("Please answer by"),
    "ship": N_("Please send it by"),
    "receive": N_("Expected to arrive by"),
    "inspect": N_("Inspected by"),
    "settle": N_("Settled by"),
    "choose": N_("Please choose by"),
    "pay": N_("Please pay by"),
    "refund": N_("Your money is on its way by"),
    "collect": N_("Collected by"),
}
EVENTS = {
    "return.requested": N_("A new return was requested"),
    "return.approved": N_("The return was approved"),
    "return.rejected": N_("The return was refused"),
    "return.info_requested": N_("The customer was asked a question"),
    "return.answered": N_("The customer answered"),
    "return.changed": N_("The customer changed the return"),
    "return.cancelled": N_("The return was cancelled"),
    "return.expired": N_("The return expired"),
    "return.overridden": N_("A decision of the policy was overridden"),
    "return.shipped": N_("The goods are on their way back"),
    "return.lost": N_("The parcel was lost"),
    "return.received": N_("A parcel arrived"),
    "return.unexpected": N_("Units arrived that nobody announced"),
    "return.inspected": N_("Units were inspected"),
    "return.taken_back": N_("What the bench wrote down was taken back"),
    "return.evidence_added": N_("Evidence was added"),
    "return.fault_changed": N_("The provisional fault changed"),
    "return.advanced": N_("Paid or sent in advance"),
    "return.settling": N_("The settlement has begun"),
    "return.choice_needed": N_("The customer must choose"),
    "return.chosen": N_("The customer chose"),
    "return.refunded": N_("Everything is refunded"),
    "return.replaced": N_("Everything is replaced"),
    "return.closed": N_("The return is closed"),
    "return.reopened": N_("The return is open again"),
    "return.reminder": N_("A deadline is near"),
    "return.overdue": N_("A promise was not kept in time"),
    "return.label_attached": N_("A carrier label was attached"),
    "refund.requested": N_("A refund was started"),
    "refund.awaiting_release": N_("A refund waits for its release"),
    "refund.succeeded": N_("A refund was paid"),
    "refund.failed": N_("A refund failed"),
    "refund.manual": N_("A person must check a refund"),
    "refund.released": N_("A refund was released"),
    "credit.issued": N_("Store credit was issued"),
    "money.recover": N_("More was paid than is due"),
    "replacement.security_needed": N_("New goods wait for a hold on the customer's payment"),
    "replacement.secured": N_("The worth of the new goods is held"),
    "replacement.security_released": N_("Nothing is owed any more for the new goods"),
    "replacement.charge_due": N_("The old goods did not come back; the new ones are to be charged"),
    "replacement.charged": N_("The new goods were charged"),
    "replacement.cancelled": N_("The new goods need not be sent"),
    "return.disposed": N_("It was decided what becomes of the goods"),
    "money.recovered": N_("A claim was met or let go"),
    "replacement.requested": N_("New goods are to be sent"),
    "replacement.paid": N_("The difference was paid"),
    "replacement.shipped": N_("Goods were sent to the customer"),
    "replacement.failed": N_("New goods could not be sent"),
    "message.address_corrected": N_("The customer's address was put right"),
    "message.posted": N_("A new message"),
    "objection.raised": N_("The customer objects"),
    "objection.answered": N_("The objection was answered"),
    "rating.given": N_("The customer gave a rating"),
    "photo.added": N_("A photo was added"),
    "rating.invited": N_("The customer was asked how it went"),
    "data.erasure_requested": N_("The customer wants their data erased"),
    "data.erased": N_("Personal data was erased"),
}
_FALLBACK = {
    "payment": N_("the way you paid"),
    "arrival": N_("usually a few working days, depending on your bank"),
}

Gettext = Callable[[str], str]


def label(table: Mapping[str, str], code: str | None, gettext: Gettext) -> str:
    """The word for a code; a code that nobody named is shown as words rather than not at all."""
    if not code:
        return ""
    return gettext(table[code]) if code in table else code.replace("_", " ").replace("-", " ")


def payment(method: str | None, gettext: Gettext) -> str:
    """Where money goes, as the end of "refunded to ..."."""
    return gettext(PAYMENTS.get(method or "", _FALLBACK["payment"]))


def arrival(method: str | None, gettext: Gettext) -> str:
    """When refunded money can be seen."""
    return gettext(ARRIVALS.get(method or "", _FALLBACK["arrival"]))
