"""What rules look at: one context per line and its facts, each read only when a rule asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from returns_service.domain.order import Fulfilment, Order, OrderLine
from returns_service.domain.request import Evidence, History, RequestLine, ReturnRequest

if TYPE_CHECKING:
    from returns_service.domain.policy.model import Policy

Reader = Callable[["Facts"], Any]


@dataclass(frozen=True)
class Fact:
    """One name of the vocabulary. `values` names the set its values come from, if there is one."""

    name: str
    type: str
    doc: str
    read: Reader
    values: str | None = None
    stage: str = "request"
    fields: tuple[str, ...] = ()
    """For records: the fields a matcher may name."""

    @property
    def many(self) -> bool:
        """Several values at once: a rule holds when one of them fits."""
        return self.type in ("texts", "records")


@dataclass(slots=True)
class Context:
    """Everything that is known about one line of one case at one moment."""

    policy: Policy
    order: Order
    request: ReturnRequest
    history: History
    now: datetime
    zone: ZoneInfo
    line: OrderLine
    wanted: RequestLine
    parcel: Fulfilment | None = None
    slots: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    findings: frozenset[str] = frozenset()
    grade: str | None = None
    answers: Mapping[str, Any] | None = None
    inspected: bool = False
    missing: int = 0
    days_late: int | None = None
    """Local days between the last one for handing the parcel in and the one on which it was."""
    party: str | None = None
    fault_rule: str | None = None
    returning: Mapping[str, frozenset[int]] | None = None
    """Slots of every order line that this case takes away from the customer."""


class Facts(dict[str, Any]):
    """Name -> value, computed at the first look and kept."""

    __slots__ = ("context", "readers")

    def __init__(self, context: Context, readers: Mapping[str, Reader]) -> None:
        super().__init__()
        self.context = context
        self.readers = readers

    def __missing__(self, name: str) -> Any:
        value = self[name] = self.readers[name](self)
        return value

    def given(self, **known: Any) -> Facts:
        """The same facts with some replaced, for looking at another resolution or a fault just found."""
        other = Facts(self.context, self.readers)
        other.update(self)
        for name, value in known.items():
            other[name.replace("__", ".")] = value
        return other


def informed_at(order: Order) -> datetime | None:
    """When the customer was told of the legal right, if the shop says so."""
    said = order.attributes.get("informed_at")
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else None
