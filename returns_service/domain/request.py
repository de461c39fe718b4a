"""What a customer asks for, what the shop knows of the past, what the bench found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from returns_service.domain.money import Minor

RESOLUTIONS = ("refund", "store_credit", "exchange", "replacement", "repair", "compensation")


@dataclass(frozen=True)
class Evidence:
    """A fact from outside the request: carrier scan, pick log, proof of delivery, photo, serial number."""

    type: str
    data: Mapping[str, Any]
    at: datetime | None = None


@dataclass(frozen=True)
class RequestLine:
    order_line_id: str
    quantity: int
    reason: str
    condition: str | None = None
    comment: str = ""
    photos: tuple[str, ...] = ()
    resolution: str = "refund"
    exchange_for: str | None = None
    """The SKU of one of the line's exchange options."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    """What the customer shows besides photos, as far as the policy asks for it: a report, a video, a weight."""


@dataclass(frozen=True)
class ReturnRequest:
    lines: tuple[RequestLine, ...]
    return_method: str = "mail"
    language: str | None = None
    comment: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def merged(self) -> "ReturnRequest":
        """The same units asked for twice in the same way are one line."""
        lines: dict[RequestLine, RequestLine] = {}
        for line in self.lines:
            key = replace(line, quantity=0, photos=(), evidence=(), attributes=_Hashable(line.attributes))
            known = lines.get(key)
            lines[key] = line if known is None else _together(known, line)
        return replace(self, lines=tuple(lines.values()))


class _Hashable(dict[str, Any]):
    """Attributes as part of a key."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(map(str, self.items()))))


def _together(one: RequestLine, other: RequestLine) -> RequestLine:
    photos = tuple(dict.fromkeys((*one.photos, *other.photos)))
    evidence = (*one.evidence, *(shown for shown in other.evidence if shown not in one.evidence))
    return replace(one, quantity=one.quantity + other.quantity, photos=photos, evidence=evidence)


@dataclass(frozen=True)
class LineHistory:
    """The past of one order line: slots held by open or paid cases, and money already given for slots that are free."""

    held: frozenset[int] = frozenset()
    compensated: Mapping[int, Minor] = field(default_factory=dict)
    """Slot -> compensation already paid while the goods were kept; lowers what the slot is still worth."""
    paused: tuple[tuple[datetime, datetime], ...] = ()
    """Times in which the goods were away for repair; a window may stand still meanwhile."""
    attempts: int = 0
    """Earlier cases of this line, whatever became of them."""


@dataclass(frozen=True)
class History:
    """What the database knows; empty for a first return."""

    lines: Mapping[str, LineHistory] = field(default_factory=dict)
    tender_refunded: Mapping[str, Minor] = field(default_factory=dict)
    """Payment id -> money refunded by us or reserved for a refund under way."""
    shipping_refunded: Minor = 0
    surcharges_refunded: Minor = 0
    credit_for_goods: Minor = 0
    """Store credit given in place of money that was captured for this order."""
    reclaimed: Minor = 0
    """What other cases lost to threshold discounts and gifts (`quote.reclaimed`)."""
    charged_back_counted: Minor = 0
    """What other cases counted as already paid by a lost chargeback (`quote.charged_back`)."""
    returns_in_lookback: int = 0
    """Cases of this customer in the policy's look-back."""
    ordered_in_lookback: int = 0
    returned_value_in_lookback: Minor = 0

    def line(self, line_id: str) -> LineHistory:
        return self.lines.get(line_id, LineHistory())


@dataclass(frozen=True)
class InspectedUnit:
    """Units of one order line that were found alike."""

    order_line_id: str
    quantity: int
    grade: str | None = None
    findings: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    disposition: str | None = None
    note: str = ""
    photos: tuple[str, ...] = ()
    serial_numbers: tuple[str, ...] = ()
