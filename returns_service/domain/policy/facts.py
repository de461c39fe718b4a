"""What rules look at: one context per line and its facts, each read only when a rule asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
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
    asks: tuple[str, ...] = ()
    """The questions that answer it; their own rules cannot name it."""
    path: str = ""
    """Where it stands in the context, if it is simply there."""

    @property
    def many(self) -> bool:
        """Several values at once: a rule holds when one of them fits."""
        return self.type in ("texts", "records")

    @property
    def word(self) -> bool:
        """One of a few values: a flag, a word of a closed set, a category."""
        return self.type in ("boolean", "category") or self.values is not None


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

    def of(self, parcel: Fulfilment | None, slots: tuple[int, ...]) -> Context:
        """The same for these units of the line."""
        return Context(*(*_BEFORE(self), parcel, slots, *_AFTER(self)))


_FIELDS = [field.name for field in fields(Context)]
_BEFORE = attrgetter(*_FIELDS[: _FIELDS.index("parcel")])
_AFTER = attrgetter(*_FIELDS[_FIELDS.index("slots") + 1 :])


class Readers(dict[str, Reader]):
    """How the facts of one policy are read; `ready` are those that its rules test and that are simply there."""

    def __init__(self, facts: Mapping[str, Fact], tested: Iterable[str]) -> None:
        super().__init__({name: fact.read for name, fact in facts.items()})
        self.ready = tuple(dict.fromkeys(n for n in (*_ALWAYS, *sorted(tested)) if facts[n].path))
        self.take = attrgetter(*(facts[name].path for name in self.ready))


_ALWAYS = ("order.currency", "request.reason", "request.condition")


class Facts(dict[str, Any]):
    """Name -> value: what is simply there at once, the rest computed at the first look and kept."""

    __slots__ = ("context", "readers")

    def __init__(self, context: Context, readers: Readers) -> None:
        self.context = context
        self.readers = readers
        for name, value in zip(readers.ready, readers.take(context), strict=False):
            self[name] = value

    def __missing__(self, name: str) -> Any:
        value = self[name] = self.readers[name](self)
        return value

    def given(self, **known: Any) -> Facts:
        """The same facts with some replaced, for looking at another resolution or a fault just found."""
        other = self.within(self.context)
        for name, value in known.items():
            other[name.replace("__", ".")] = value
        return other

    def within(self, context: Context) -> Facts:
        """The same facts for another context; the caller says which no longer hold."""
        other = Facts.__new__(Facts)
        other.update(self)
        other.context = context
        other.readers = self.readers
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
