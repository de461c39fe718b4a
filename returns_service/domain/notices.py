"""Which message a fact deserves, and whether it is still worth sending when its turn comes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from returns_service.domain.events import EventType


class Notice(StrEnum):
    """One kind of message; the value names its template."""

    RECEIVED = "received"
    APPROVED = "approved"
    SEND_BACK = "send_back"
    REFUSED = "refused"
    INFO_REQUESTED = "info_requested"
    REMINDER = "reminder"
    LABEL_READY = "label_ready"
    PARCEL_ARRIVED = "parcel_arrived"
    PARCEL_LOST = "parcel_lost"
    INSPECTED = "inspected"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    STORE_CREDIT_ISSUED = "store_credit_issued"
    REPLACEMENT_SHIPPED = "replacement_shipped"
    PAYMENT_NEEDED = "payment_needed"
    CHOICE_NEEDED = "choice_needed"
    GOODS_CHARGED = "goods_charged"
    DELAYED = "delayed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    MESSAGE_RECEIVED = "message_received"
    OBJECTION_ANSWERED = "objection_answered"
    HOW_WAS_IT = "how_was_it"
    STAFF_ALERT = "staff_alert"


@dataclass(frozen=True)
class Happened:
    """One event of a case, as far as messages look at it."""

    seq: int
    type: str
    at: datetime
    actor: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """How a case stands now. `refunds` are the states of its refunds, store credit left out."""

    state: str
    goods_return: bool
    refunds: tuple[str, ...] = ()
    arrived: bool = False
    """All that is to come back is here."""


_CUSTOMER: Mapping[str, Notice] = {
    EventType.REQUESTED: Notice.RECEIVED,
    EventType.CHANGED: Notice.RECEIVED,
    EventType.APPROVED: Notice.APPROVED,
    EventType.REJECTED: Notice.REFUSED,
    EventType.INFO_REQUESTED: Notice.INFO_REQUESTED,
    EventType.REMINDER: Notice.REMINDER,
    EventType.LABEL_ATTACHED: Notice.LABEL_READY,
    EventType.RECEIVED: Notice.PARCEL_ARRIVED,
    EventType.LOST: Notice.PARCEL_LOST,
    EventType.INSPECTED: Notice.INSPECTED,
    EventType.REFUND_SUCCEEDED: Notice.REFUNDED,
    EventType.REFUND_FAILED: Notice.REFUND_FAILED,
    EventType.CREDIT_ISSUED: Notice.STORE_CREDIT_ISSUED,
    EventType.REPLACEMENT_SHIPPED: Notice.REPLACEMENT_SHIPPED,
    EventType.CHOICE_NEEDED: Notice.CHOICE_NEEDED,
    EventType.CHARGED: Notice.GOODS_CHARGED,
    EventType.OVERDUE: Notice.DELAYED,
    EventType.EXPIRED: Notice.EXPIRED,
    EventType.CANCELLED: Notice.CANCELLED,
    EventType.CLOSED: Notice.CLOSED,
    EventType.MESSAGE_POSTED: Notice.MESSAGE_RECEIVED,
    EventType.OBJECTION_ANSWERED: Notice.OBJECTION_ANSWERED,
    EventType.RATING_INVITED: Notice.HOW_WAS_IT,
}

SILENT: Mapping[EventType, str] = {
    EventType.ANSWERED: "the customer wrote it; the staff see it in their queue",
    EventType.OVERRIDDEN: "the decision that follows from it is told",
    EventType.SHIPPED: "the customer did it, or is told when the parcel arrives",
    EventType.UNEXPECTED: "told with the arrival of the parcel",
    EventType.TAKEN_BACK: "the bench mends its own slip; what is counted or found anew is told",
    EventType.EVIDENCE: "internal until it changes a decision",
    EventType.FAULT_CHANGED: "provisional; the settlement is told with what it means for the money",
    EventType.ADVANCED: "the refund or the replacement is told when it happens",
    EventType.SETTLING: "the inspection was told before, the money is told when it moves",
    EventType.CHOSEN: "the customer did it",
    EventType.REFUNDED: "told with the refund",
    EventType.REPLACED: "told with the parcel",
    EventType.REOPENED: "what reopened it is told",
    EventType.REFUND_AWAITING: "a second person releases the money first",
    EventType.REFUND_REQUESTED: "told when the money moved",
    EventType.REFUND_MANUAL: "work for a person of the shop",
    EventType.REFUND_RELEASED: "internal",
    EventType.RECOVER: "a person decides first",
    EventType.RECOVERED: "between the merchant and whoever paid",
    EventType.DISPOSED: "for the stock books",
    EventType.SECURITY_NEEDED: "the storefront asks for the hold",
    EventType.SECURED: "the goods that follow are told",
    EventType.SECURITY_RELEASED: "the storefront drops its own hold",
    EventType.CHARGE_DUE: "told when the storefront has charged",
    EventType.REPLACEMENT_CANCELLED: "what comes instead is told",
    EventType.REPLACEMENT_REQUESTED: "told when the goods leave",
    EventType.REPLACEMENT_PAID: "the storefront confirms payments",
    EventType.REPLACEMENT_FAILED: "the choice that follows is told",
    EventType.ADDRESS_CORRECTED: "what follows reaches the right address",
    EventType.OBJECTION_RAISED: "the customer did it and saw it confirmed",
    EventType.RATED: "the customer did it",
    EventType.PHOTO_ADDED: "the customer did it",
    EventType.ERASURE_REQUESTED: "the customer did it and saw it confirmed",
    EventType.ERASED: "a letter to the address says so; the case does not know it any more",
}
"""Events that send the customer nothing, with the reason."""

ATTACHES_SLIP = frozenset({Notice.SEND_BACK, Notice.LABEL_READY})

FRESH = timedelta(minutes=10)
"""Steps that follow each other quickly are all told, in order; an old one is told only while it is true."""

ORDER_PATIENCE = timedelta(seconds=60)
"""How long a message waits for those of earlier events."""

_EARLY = frozenset({"requested", "info_requested"})
_WAITING = frozenset({"approved"})
_BENCH = frozenset({"received", "inspected", "settling"})
_DONE = frozenset({"refunded", "replaced", "closed"})

_TRUE_IN: Mapping[Notice, frozenset[str]] = {
    Notice.RECEIVED: _EARLY,
    Notice.APPROVED: _WAITING | _BENCH | _DONE,
    Notice.SEND_BACK: _WAITING,
    Notice.REFUSED: frozenset({"rejected"}),
    Notice.INFO_REQUESTED: frozenset({"info_requested"}),
    Notice.REMINDER: frozenset({"approved", "info_requested", "settling"}),
    Notice.LABEL_READY: _WAITING,
    Notice.PARCEL_ARRIVED: frozenset({"received"}),
    Notice.INSPECTED: _BENCH,
    Notice.PAYMENT_NEEDED: frozenset({"settling", "approved", "received"}),
    Notice.CHOICE_NEEDED: frozenset({"settling"}),
    Notice.DELAYED: _EARLY | _WAITING | _BENCH | {"shipped_back"},
    Notice.EXPIRED: frozenset({"expired"}),
    Notice.CANCELLED: frozenset({"cancelled"}),
    Notice.CLOSED: frozenset({"closed"}),
    Notice.HOW_WAS_IT: _DONE,
}
"""States in which a message says the truth; a message that is not listed stays true."""

_STRICT = frozenset(
    {Notice.REFUSED, Notice.INFO_REQUESTED, Notice.REMINDER, Notice.LABEL_READY, Notice.PAYMENT_NEEDED}
    | {Notice.CHOICE_NEEDED, Notice.DELAYED, Notice.EXPIRED, Notice.CANCELLED, Notice.CLOSED}
    | {Notice.HOW_WAS_IT}
)
"""Messages that ask for something, or announce an end: never sent when it is no longer so, however fresh."""


def for_customer(event: Happened, story: Sequence[Happened], case: Standing) -> Notice | None:
    """The message that an event deserves; None when there is none, or when another event's message says it."""
    found = _CUSTOMER.get(event.type)
    told_elsewhere = _ELSEWHERE.get(found) if found else None
    if found is None or (told_elsewhere and told_elsewhere(_Look(event, story, case))):
        return None
    if found is Notice.APPROVED and case.goods_return:
        here_before = event.data.get("to") == "received" and case.arrived
        return Notice.APPROVED if here_before else Notice.SEND_BACK
    if found is Notice.CHOICE_NEEDED and _more_than_zero(event.data.get("due")):
        return Notice.PAYMENT_NEEDED
    return found


def _more_than_zero(amount: Any) -> bool:
    return isinstance(amount, str) and any(digit in "123456789" for digit in amount)


def for_staff(event: Happened) -> Notice | None:
    """Staff hear of what others did, not of what one of them did."""
    return None if event.actor == "staff" else Notice.STAFF_ALERT


def still_true(notice: Notice, event: Happened, case: Standing, now: datetime) -> bool:
    """Whether a message may leave now: it says the truth, or it is a step that was just taken."""
    states = _TRUE_IN.get(notice)
    if states is None or case.state in states:
        return True
    return notice not in _STRICT and now - event.at <= FRESH


_STEPS = frozenset(
    {Notice.RECEIVED, Notice.APPROVED, Notice.SEND_BACK, Notice.REMINDER, Notice.PARCEL_ARRIVED}
    | {Notice.INFO_REQUESTED, Notice.INSPECTED, Notice.DELAYED}
)
_AFTER = _STEPS | {
    Notice.REFUSED,
    Notice.REFUNDED,
    Notice.STORE_CREDIT_ISSUED,
    Notice.REPLACEMENT_SHIPPED,
    Notice.CANCELLED,
    Notice.EXPIRED,
    Notice.CLOSED,
}


def overtaken(notice: Notice, sent_later: Collection[str]) -> bool:
    """Whether the recipient has already read of a later step: nobody is told "refunded" and then "received"."""
    return notice in _STEPS and any(later in _AFTER for later in sent_later)


@dataclass(frozen=True)
class _Look:
    """An event among the others of its case."""

    event: Happened
    story: Sequence[Happened]
    case: Standing

    def later(self, type_: str, within: timedelta | None = None) -> bool:
        """Whether the same happened again afterwards."""
        after = [e for e in self.story if e.type == type_ and e.seq > self.event.seq]
        return any(within is None or e.at - self.event.at < within for e in after)

    def before(self, type_: str) -> bool:
        return any(e.type == type_ and e.seq < self.event.seq for e in self.story)

    def at_once(self, *types: EventType) -> bool:
        """Whether one of these happened in the same moment, which is the same act."""
        return any(other.type in types and other.at == self.event.at for other in self.story)


def _receipt(look: _Look) -> bool:
    """Decided in the same moment: the decision's message confirms the receipt too."""
    return look.at_once(EventType.APPROVED, EventType.REJECTED)


def _count(look: _Look) -> bool:
    """Several receipts in a row are one parcel being counted: the last one tells all counts."""
    return look.later(look.event.type, _ONE_VISIT)


def _bench(look: _Look) -> bool:
    """Told once all units are inspected, with the last correction."""
    return look.event.data.get("to", "inspected") != "inspected" or look.later(look.event.type)


def _label(look: _Look) -> bool:
    """A label that was there at the approval went with it."""
    return not look.before(EventType.APPROVED)


def _talk(look: _Look) -> bool:
    """One's own words, notes among staff, and questions and answers that have a message of their own."""
    own = look.event.actor in ("customer", "storefront") or bool(look.event.data.get("internal"))
    return own or look.at_once(EventType.INFO_REQUESTED, EventType.REJECTED, EventType.OBJECTION_ANSWERED)


def _late(look: _Look) -> bool:
    """Only the shop's own promises; a customer's deadline has its own messages."""
    return look.event.data.get("for") not in ("review", "inspect", "settle")


def _end(look: _Look) -> bool:
    """What went back by parcel was told with the parcel."""
    return look.before(EventType.REPLACEMENT_SHIPPED)


def _refund(look: _Look) -> bool:
    """Several tenders, one message: the last success lists them all; store credit has a message of its own."""
    credit = look.event.data.get("method") == "store_credit"
    return credit or "pending" in look.case.refunds or look.later(EventType.REFUND_SUCCEEDED)


_ONE_VISIT = timedelta(minutes=10)

_ELSEWHERE: Mapping[Notice, Callable[[_Look], bool]] = {
    Notice.RECEIVED: _receipt,
    Notice.PARCEL_ARRIVED: _count,
    Notice.INSPECTED: _bench,
    Notice.LABEL_READY: _label,
    Notice.MESSAGE_RECEIVED: _talk,
    Notice.DELAYED: _late,
    Notice.CLOSED: _end,
    Notice.REFUNDED: _refund,
}
