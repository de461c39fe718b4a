"""Windows of time: from a basis and a length to the instant and the local day on which they close.

A day window ends with the last local day, whole: the last moment that counts is 23:59:59 of it, and `ends` is the
midnight after. An hour window ends with its second. Months and years keep the day of the month, or take its last.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from returns_service.domain.cached import cached_property

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Length:
    """So many hours, days, months or years."""

    count: int
    unit: str


@dataclass(frozen=True)
class Roll:
    """On which days a window does not end; it goes on to the end of the next day that is none of them."""

    weekends: frozenset[int] = frozenset()
    """Weekdays, Monday is 0."""
    holiday: Callable[[date], bool] | None = None

    def free(self, day: date) -> bool:
        return day.weekday() in self.weekends or (self.holiday is not None and self.holiday(day))


@dataclass(frozen=True)
class Span:
    """From `opens` to just before `ends`; `ends` None never closes. `last_day` is the local day on which it closes."""

    opens: datetime | None
    ends: datetime | None
    last_day: date | None

    @cached_property
    def closes(self) -> datetime | None:
        """The last second that still counts."""
        return self.ends - SECOND if self.ends else None

    def holds(self, now: datetime) -> bool:
        return self.ends is None or now < self.ends


ENDLESS = Span(None, None, None)


@lru_cache(maxsize=4096)
def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The midnight after a local day, in UTC; where that midnight does not exist, the jump over it."""
    return datetime.combine(day + DAY, time(), zone).astimezone(UTC)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(start: date, length: Length, *, day_after: bool = True) -> date:
    """The last local day of a window that begins on `start` or on the day after it."""
    day = (
        start + timedelta(days=length.count) if length.unit == "days" else add_months(start, _months(length))
    )
    return day if day_after else day - DAY


def _months(length: Length) -> int:
    return length.count * (12 if length.unit == "years" else 1)


def rolled(day: date, roll: Roll | None) -> date:
    """The day itself, or the next working day. Gives up after a year, so that a calendar of only holidays ends."""
    if roll is None:
        return day
    for step in range(366):
        if not roll.free(day + timedelta(days=step)):
            return day + timedelta(days=step)
    return day


def span(
    basis: datetime, length: Length, zone: ZoneInfo, *, day_after: bool = True, roll: Roll | None = None
) -> Span:
    """The window of this length from an instant."""
    if length.unit == "hours":
        ends = basis + timedelta(hours=length.count) + SECOND
        return _rolled_hours(Span(basis, ends, local_day(ends - SECOND, zone)), roll, zone)
    day = rolled(last_day(local_day(basis, zone), length, day_after=day_after), roll)
    return Span(basis, day_end(day, zone), day)


def _rolled_hours(found: Span, roll: Roll | None, zone: ZoneInfo) -> Span:
    day = found.last_day
    if roll is None or day is None or not roll.free(day):
        return found
    later = rolled(day, roll)
    return Span(found.opens, day_end(later, zone), later)


def until(day: date, zone: ZoneInfo, opens: datetime | None = None) -> Span:
    """The window that ends with a fixed local day."""
    return Span(opens, day_end(day, zone), day)


def longer(found: Span, length: Length, zone: ZoneInfo) -> Span:
    """The same window, prolonged."""
    if found.ends is None or found.last_day is None:
        return found
    if length.unit == "hours":
        ends = found.ends + timedelta(hours=length.count)
        return Span(found.opens, ends, local_day(ends - SECOND, zone))
    day = last_day(found.last_day, length)
    return Span(found.opens, day_end(day, zone), day)


def later(one: Span, other: Span) -> Span:
    """The one that closes later; one that never closes wins."""
    if one.ends is None or other.ends is None:
        return one if one.ends is None else other
    return one if one.ends >= other.ends else other


def earlier(one: Span, other: Span) -> Span:
    """The one that closes earlier."""
    return other if later(one, other) is one else one


def paused(
    found: Span, pauses: tuple[tuple[datetime, datetime], ...], zone: ZoneInfo, at_least: Length | None
) -> Span:
    """The clock stands still while the goods are away for repair, and some time remains when they are back."""
    if found.ends is None or not pauses:
        return found
    days = 0
    for begin, end in pauses:
        if found.opens is not None and end > found.opens and begin < found.ends:
            days += (local_day(end, zone) - local_day(begin, zone)).days
    result = longer(found, Length(days, "days"), zone) if days else found
    if at_least is None:
        return result
    back = max(end for _, end in pauses)
    return later(result, span(back, at_least, zone)) if days else result
