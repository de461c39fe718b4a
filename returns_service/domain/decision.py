"""What the policy answers: a decision before anything is sent back, a settlement after the inspection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from returns_service.domain.money import Minor
from returns_service.domain.order import Order
from returns_service.domain.request import Evidence, History, InspectedUnit, ReturnRequest

PARTIES = ("customer", "merchant", "carrier", "supplier", "undetermined")


@dataclass(frozen=True)
class PolicyRef:
    """Which policy text decided, so that the decision can be replayed for ever."""

    name: str
    version: int
    hash: str


@dataclass(frozen=True)
class Window:
    """When a resolution may be asked for. None ends mean: not known yet, or never closes (see `rule`)."""

    opens_at: datetime | None
    closes_at: datetime | None
    closes_on: date | None
    time_zone: str
    rule: str


@dataclass(frozen=True)
class Refused:
    """One reason against, in the reader's language."""

    code: str
    message: str
    rule: str
    advice: str = ""
    """What the reader can do instead."""
    link: str = ""
    """The page that says more: the law, or the shop's own terms."""


@dataclass(frozen=True)
class EvidenceNeeded:
    type: str
    message: str
    rule: str
    count: int = 1
    missing: bool = True


@dataclass(frozen=True)
class FaultRuling:
    party: str
    rule: str
    message: str
    final: bool = False


@dataclass(frozen=True)
class Offer:
    """One resolution on the table, with what it would bring and cost. `freight` is what the customer pays."""

    resolution: str
    amount: Minor
    method: str
    freight: Minor
    deadline: datetime | None


@dataclass(frozen=True)
class LineDecision:
    order_line_id: str
    quantity: int
    returnable_quantity: int
    eligible: bool
    basis: str
    """"shop", or the law floor that gave the better answer, such as "law/eu 9(1)"."""
    window: Window | None
    refusals: tuple[Refused, ...] = ()
    evidence: tuple[EvidenceNeeded, ...] = ()
    fault: FaultRuling | None = None
    offers: tuple[Offer, ...] = ()
    trace: tuple[Mapping[str, Any], ...] = ()
    slots: tuple[int, ...] = ()
    """The units concerned, lowest eligible first; held while the case is open, for every resolution."""
    reasons: tuple[Mapping[str, Any], ...] = ()
    """For `returnable`: code, eligible, closes_on of every reason."""


@dataclass(frozen=True)
class QuoteShare:
    """A part of the quote that goes to one tender; `payment_id` None is store credit."""

    payment_id: str | None
    amount: Minor


@dataclass(frozen=True)
class Figure:
    """Where one figure of the quote came from: which part, which line, how much, in one sentence."""

    part: str
    amount: Minor
    message: str
    order_line_id: str | None = None
    rule: str | None = None


@dataclass(frozen=True)
class Quote:
    """The full money breakdown. Reductions are negative; `total` is the plain sum of all but tax and unfunded."""

    goods: Minor = 0
    tax: Minor = 0
    outbound_shipping: Minor = 0
    surcharges: Minor = 0
    compensation: Minor = 0
    bonus: Minor = 0
    return_freight: Minor = 0
    restocking: Minor = 0
    deductions: Minor = 0
    exchange: Minor = 0
    waived: Minor = 0
    unfunded: Minor = 0
    total: Minor = 0
    freight_payer: str | None = None
    recover_from: str | None = None
    tenders: tuple[QuoteShare, ...] = ()
    due: Minor = 0
    """What the customer still has to pay for dearer goods; the exchange is on hold until then."""
    unfunded_credit: Minor = 0
    """The part of `unfunded` that is issued as store credit by itself (a bonus, a tender that is gone)."""
    charged_back: Minor = 0
    """The part of `unfunded` that the bank has already given back in a lost chargeback; nobody pays it again.

    What remains of `unfunded` after these two waits for a person's release.
    """
    reclaimed: Minor = 0
    """What threshold discounts and gifts took out of `goods` (negative: gives back what an earlier case lost)."""
    figures: tuple[Figure, ...] = ()
    shares: tuple[Minor, ...] = ()
    """What each of the lines brings, in their order, before anything is waived."""
    compensations: tuple[Minor, ...] = ()
    """What of it makes up for the goods themselves while they stay: that much less they are worth afterwards."""


@dataclass(frozen=True)
class Decision:
    eligible: bool
    review: str
    """"auto" or "manual"."""
    currency: str
    policy: PolicyRef
    lines: tuple[LineDecision, ...]
    quote: Quote | None
    review_reasons: tuple[str, ...] = ()
    ship_by: datetime | None = None
    """When the goods must be handed in, if they are to come back."""
    goods_return: bool = True
    """False when nothing comes back (compensation, keep the item, not received)."""
    pay_when: str = "inspection"
    """request | first_scan | receipt | inspection: when money may move, and goods go out."""
    security: str = "obligation"
    """hold | obligation | nothing: what stands for goods that go out before the return is in."""
    return_location: str | None = None


@dataclass(frozen=True)
class SettledLine:
    """One case line as it stands: what was asked, which slots it holds, what arrived and was found."""

    id: str
    order_line_id: str
    slots: tuple[int, ...]
    reason: str
    resolution: str
    condition: str | None = None
    exchange_for: str | None = None
    photos: int = 0
    received: int = 0
    units: tuple[InspectedUnit, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseFacts:
    """All a settlement looks at."""

    order: Order
    request: ReturnRequest
    lines: tuple[SettledLine, ...]
    history: History
    requested_at: datetime
    evidence: tuple[Evidence, ...] = ()
    goods_return: bool = True
    overridden: bool = False
    days_late: int | None = None
    """By how many local days the parcel was handed in too late; None while nobody knows, or no rule asks."""
    by_person: bool = False
    """A person settles: where nothing speaks against the claim, it stands. A contradiction still needs a ruling."""


@dataclass(frozen=True)
class Outcome:
    quantity: int
    resolution: str
    """refund, store_credit, exchange, replacement, repair, compensation, send_back, missing or none."""
    amount: Minor
    disposition: str | None


@dataclass(frozen=True)
class LineSettlement:
    line_id: str
    order_line_id: str
    fault: FaultRuling
    outcomes: tuple[Outcome, ...]
    trace: tuple[Mapping[str, Any], ...] = ()
    freed: tuple[int, ...] = ()
    """Slots that are free again: missing at close, sent back."""
    compensated: Minor = 0
    """What was given for goods that stay; a delivery charge that comes back with it is none of that."""


@dataclass(frozen=True)
class GoodsOut:
    """Goods that must go to the customer."""

    kind: str
    """exchange, replacement, repair or send_back."""
    line_id: str
    sku: str
    quantity: int
    due: Minor = 0


@dataclass(frozen=True)
class Settlement:
    """`final` is False while a person must rule (fault undetermined, contradictory findings)."""

    final: bool
    lines: tuple[LineSettlement, ...]
    quote: Quote
    goods: tuple[GoodsOut, ...] = ()
    review_reasons: tuple[str, ...] = ()
    losses: Mapping[str, Minor] = field(default_factory=dict)
    """Carrier or supplier -> what the case costs the merchant because of them."""
    declined: str = "release"
    """What follows when a payment refuses the money: release, store_credit or other_payment."""


@dataclass(frozen=True)
class Deadline:
    """A promise or a limit: by when, and which move follows from silence (None: it is only shown)."""

    purpose: str
    """review, answer, ship, receive, inspect, settle, choose, pay, ..."""
    at: datetime
    time_zone: str
    then: str | None = None
    remind_at: datetime | None = None
