"""Windows: local days whole, hours to the second, months as people count them, across every change of clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns_service.domain import windows
from returns_service.domain.windows import Length, Roll, span

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
P30 = Length(30, "days")
ZONES = sorted(available_timezones() - {"localtime", "Factory"})


@pytest.mark.parametrize(
    ("delivered", "zone", "last", "over"),
    [
        ("2026-03-01T22:30:00+00:00", BERLIN, "2026-03-31T21:59:59+00:00", "2026-03-31T22:00:00+00:00"),
        ("2026-10-03T00:00:00+00:00", NEW_YORK, "2026-11-02T04:59:59+00:00", "2026-11-02T05:00:00+00:00"),
        ("2026-10-05T14:20:00+00:00", BERLIN, "2026-11-04T22:59:59+00:00", "2026-11-04T23:00:00+00:00"),
    ],
)
def test_a_day_window_ends_with_the_whole_local_day(delivered: str, zone: ZoneInfo, last: str, over: str):
    found = span(datetime.fromisoformat(delivered), P30, zone)
    assert found.closes == datetime.fromisoformat(last)
    assert found.holds(datetime.fromisoformat(last))
    assert found.holds(datetime.fromisoformat(over) - timedelta(milliseconds=1))
    assert not found.holds(datetime.fromisoformat(over))


def test_an_hour_window_ends_with_its_second():
    start = datetime(2026, 10, 24, 12, tzinfo=UTC)
    found = span(start, Length(48, "hours"), BERLIN)
    assert found.closes == start + timedelta(hours=48)
    assert found.holds(start + timedelta(hours=48))
    assert not found.holds(start + timedelta(hours=48, seconds=1))


def test_counting_from_the_day_itself_takes_one_day_less():
    start = datetime(2026, 10, 5, 14, tzinfo=UTC)
    assert span(start, P30, BERLIN, day_after=False).last_day == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("start", "length", "last"),
    [
        (date(2026, 1, 31), Length(1, "months"), date(2026, 2, 28)),
        (date(2027, 8, 31), Length(6, "months"), date(2028, 2, 29)),
        (date(2028, 2, 29), Length(1, "years"), date(2029, 2, 28)),
        (date(2026, 10, 5), Length(2, "years"), date(2028, 10, 5)),
    ],
)
def test_months_and_years_keep_the_day_or_take_the_last_one(start: date, length: Length, last: date):
    assert windows.last_day(start, length) == last


def test_a_window_rolls_over_weekends_and_holidays():
    holidays = {date(2026, 12, 25)}
    roll = Roll(frozenset({5, 6}), lambda day: day in holidays)
    found = span(datetime(2026, 12, 11, 12, tzinfo=UTC), Length(14, "days"), BERLIN, roll=roll)
    assert found.last_day == date(2026, 12, 28)


def test_a_calendar_of_only_holidays_ends_nevertheless():
    assert windows.rolled(date(2026, 1, 1), Roll(holiday=lambda _: True)) == date(2026, 1, 1)


def test_a_repair_stops_the_clock_and_leaves_a_week():
    found = span(datetime(2026, 10, 5, tzinfo=UTC), P30, BERLIN)
    away = (datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))
    assert windows.paused(found, (away,), BERLIN, None).last_day == date(2026, 11, 17)
    back_late = (datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 4, 1, tzinfo=UTC))
    assert windows.paused(found, (back_late,), BERLIN, Length(7, "days")).last_day == date(2026, 11, 11)


def test_the_later_of_two_ends_counts_and_no_end_is_latest():
    short, long = (windows.until(date(2026, 1, day), BERLIN) for day in (1, 31))
    assert windows.later(short, long) is long
    assert windows.later(long, windows.ENDLESS) is windows.ENDLESS
    assert windows.longer(windows.ENDLESS, P30, BERLIN) is windows.ENDLESS


moments = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))


@given(moments, st.integers(0, 400), st.sampled_from(ZONES))
def test_day_windows_agree_with_counting_day_by_day_in_every_zone(start: datetime, days: int, name: str):
    zone = ZoneInfo(name)
    found = span(start, Length(days, "days"), zone)
    assert found.closes is not None
    day = start.astimezone(zone).date()
    for _ in range(days):
        day += timedelta(days=1)
    assert found.last_day == day
    assert found.closes.astimezone(zone).date() <= day
    assert (found.closes + timedelta(seconds=1)).astimezone(zone).date() >= day
    assert not found.holds(datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=3))


@given(moments, st.integers(1, 60), st.sampled_from(ZONES))
def test_every_moment_of_the_last_day_but_none_of_the_next_counts(start: datetime, days: int, name: str):
    zone = ZoneInfo(name)
    found = span(start, Length(days, "days"), zone)
    noon = datetime.combine(found.last_day, datetime.min.time().replace(hour=12), zone)
    assert found.holds(noon.astimezone(UTC))
    assert not found.holds((noon + timedelta(days=1)).astimezone(UTC))
