"""Every fact that a case's history can hold; the source of audit, messages and webhooks."""

from enum import StrEnum


class EventType(StrEnum):
    """The value is the public name; the docstring table below is printed in the documentation."""

    REQUESTED = "return.requested"
    APPROVED = "return.approved"
    REJECTED = "return.rejected"
    INFO_REQUESTED = "return.info_requested"
    ANSWERED = "return.answered"
    CHANGED = "return.changed"
    CANCELLED = "return.cancelled"
    EXPIRED = "return.expired"
    OVERRIDDEN = "return.overridden"
    SHIPPED = "return.shipped"
    LOST = "return.lost"
    RECEIVED = "return.received"
    UNEXPECTED = "return.unexpected"
    INSPECTED = "return.inspected"
    TAKEN_BACK = "return.taken_back"
    EVIDENCE = "return.evidence_added"
    FAULT_CHANGED = "return.fault_changed"
    DISPOSED = "return.disposed"
    ADVANCED = "return.advanced"
    SETTLING = "return.settling"
    CHOICE_NEEDED = "return.choice_needed"
    CHOSEN = "return.chosen"
    REFUNDED = "return.refunded"
    REPLACED = "return.replaced"
    CLOSED = "return.closed"
    REOPENED = "return.reopened"
    REMINDER = "return.reminder"
    OVERDUE = "return.overdue"
    LABEL_ATTACHED = "return.label_attached"
    REFUND_AWAITING = "refund.awaiting_release"
    REFUND_REQUESTED = "refund.requested"
    REFUND_SUCCEEDED = "refund.succeeded"
    REFUND_FAILED = "refund.failed"
    REFUND_MANUAL = "refund.manual"
    REFUND_RELEASED = "refund.released"
    CREDIT_ISSUED = "credit.issued"
    RECOVER = "money.recover"
    RECOVERED = "money.recovered"
    SECURITY_NEEDED = "replacement.security_needed"
    SECURED = "replacement.secured"
    SECURITY_RELEASED = "replacement.security_released"
    CHARGE_DUE = "replacement.charge_due"
    CHARGED = "replacement.charged"
    REPLACEMENT_REQUESTED = "replacement.requested"
    REPLACEMENT_PAID = "replacement.paid"
    REPLACEMENT_SHIPPED = "replacement.shipped"
    REPLACEMENT_FAILED = "replacement.failed"
    REPLACEMENT_CANCELLED = "replacement.cancelled"
    ADDRESS_CORRECTED = "message.address_corrected"
    MESSAGE_POSTED = "message.posted"
    OBJECTION_RAISED = "objection.raised"
    OBJECTION_ANSWERED = "objection.answered"
    RATED = "rating.given"
    PHOTO_ADDED = "photo.added"
    RATING_INVITED = "rating.invited"
    ERASURE_REQUESTED = "data.erasure_requested"
    ERASED = "data.erased"


MEANING: dict[EventType, str] = {
    EventType.REQUESTED: "A customer or storefront opened the case; its units are held.",
    EventType.APPROVED: "The policy or a person accepted the request.",
    EventType.REJECTED: "The request was refused; the units are free again.",
    EventType.INFO_REQUESTED: "A person needs more from the customer.",
    EventType.ANSWERED: "The customer answered.",
    EventType.CHANGED: "The customer asked for something else instead; it is decided anew.",
    EventType.CANCELLED: "The case was called off; the units are free again.",
    EventType.EXPIRED: "A deadline passed in silence; the units are free again.",
    EventType.OVERRIDDEN: "A person decided otherwise than the policy, with a reason.",
    EventType.SHIPPED: "The goods are on their way back.",
    EventType.LOST: "The parcel was lost on its way back.",
    EventType.RECEIVED: "A parcel arrived and its units were counted.",
    EventType.UNEXPECTED: "Units arrived that nobody announced.",
    EventType.INSPECTED: "Units were inspected, with grade and findings.",
    EventType.TAKEN_BACK: "A count, an inspection or a parcel apart was taken back at the bench, before any money moved.",
    EventType.EVIDENCE: "A fact from outside was added.",
    EventType.FAULT_CHANGED: "New evidence points at another party or for another reason; provisional until the inspection.",
    EventType.DISPOSED: "What becomes of units that came back, for the stock books: each unit is told once.",
    EventType.ADVANCED: "Money or goods moved before the goods were in.",
    EventType.SETTLING: "What is owed is fixed and being carried out.",
    EventType.CHOICE_NEEDED: "The customer must choose, for example because goods are out of stock.",
    EventType.CHOSEN: "The customer chose.",
    EventType.REFUNDED: "All is paid; no goods went out.",
    EventType.REPLACED: "Goods went out, with or without money.",
    EventType.CLOSED: "Nothing went out: sent back or nothing due.",
    EventType.REOPENED: "A finished case is open again.",
    EventType.REMINDER: "A deadline is near.",
    EventType.OVERDUE: "A promise of the shop was not kept in time.",
    EventType.LABEL_ATTACHED: "The storefront attached its own carrier label.",
    EventType.REFUND_AWAITING: "A second person must release the money first.",
    EventType.REFUND_REQUESTED: "Money is to move; for the storefront gateway this is the order to pay.",
    EventType.REFUND_SUCCEEDED: "Money moved.",
    EventType.REFUND_FAILED: "Money did not move, or came back.",
    EventType.REFUND_MANUAL: "A person must find out whether money moved.",
    EventType.REFUND_RELEASED: "A second person released the money.",
    EventType.CREDIT_ISSUED: "Store credit was issued.",
    EventType.RECOVER: "More was paid than is due; a person decides.",
    EventType.RECOVERED: "A carrier, a supplier or the customer paid what the merchant asked back, or it was let go.",
    EventType.SECURITY_NEEDED: "Goods go out in advance once the storefront holds what they are worth.",
    EventType.SECURED: "The storefront holds what goods in advance are worth.",
    EventType.SECURITY_RELEASED: "Nothing is owed any more for goods that went out in advance; a hold may be dropped.",
    EventType.CHARGE_DUE: "The originals of goods that went out in advance did not come back: the storefront charges their worth.",
    EventType.CHARGED: "The storefront charged goods that went out in advance.",
    EventType.REPLACEMENT_REQUESTED: "Goods are to go out.",
    EventType.REPLACEMENT_PAID: "The difference for dearer goods was paid.",
    EventType.REPLACEMENT_SHIPPED: "Goods went out.",
    EventType.REPLACEMENT_FAILED: "Goods could not go out.",
    EventType.REPLACEMENT_CANCELLED: "Goods need not go out any more.",
    EventType.ADDRESS_CORRECTED: "Mail came back for good; staff put the customer's address right.",
    EventType.MESSAGE_POSTED: "Somebody wrote a message.",
    EventType.OBJECTION_RAISED: "The customer objects to a decision.",
    EventType.OBJECTION_ANSWERED: "The objection was decided.",
    EventType.RATED: "The customer rated the case.",
    EventType.PHOTO_ADDED: "A photo was added as evidence.",
    EventType.RATING_INVITED: "The customer was asked how it went.",
    EventType.ERASURE_REQUESTED: "The customer wants their personal data erased; it is done once no return is open.",
    EventType.ERASED: "Personal data was erased; `head` is the digest of the history before.",
}
