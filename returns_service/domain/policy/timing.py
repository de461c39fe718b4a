"""From a window as written and the facts of one unit to the span in which it may be asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from returns_service.domain import windows
from returns_service.domain.order import Fulfilment, Order
from returns_service.domain.policy.facts import Facts, informed_at
from returns_service.domain.policy.model import Pause, Policy, Right, WindowSpec, zone_info
from returns_service.domain.policy.names import RESOLUTIONS
from returns_service.domain.policy.rules import Question, Rule, Trace
from returns_service.domain.windows import ENDLESS, Roll, Span

_WEEKEND = frozenset({5, 6})

WITHOUT_GOODS = ("withdrawal", "not_received", "late")
"""Kinds of reason that count before delivery: one withdraws, or misses the goods. Who says something about them has them."""


class Timing(NamedTuple):
    """One way in which time allows a unit to be returned. `span` None: not at all, for the reason in `why`."""

    rule: str
    zone: ZoneInfo
    span: Span | None
    why: str = ""
    """"", "no_right" or "not_delivered"."""

    def holds(self, now: datetime) -> bool:
        span = self.span
        return span is not None and (span.ends is None or now < span.ends)


def shop_timing(policy: Policy, facts: Facts, trace: Trace | None = None) -> Timing:
    """What the shop's windows say; where they differ by resolution, the one of the resolution that has the longest."""
    wished = resolution_timing(policy, facts, trace)
    if not policy.windows_by_resolution:
        return wished
    others = [r for r in RESOLUTIONS if r != facts["request.resolution"]]
    found = [resolution_timing(policy, facts.given(request__resolution=r)) for r in others]
    return max([wished, *found], key=_latest)


def resolution_timing(policy: Policy, facts: Facts, trace: Trace | None = None) -> Timing:
    """What the shop's windows say for the resolution looked at; with `precedence: best` the latest of those that fit."""
    asked = policy.questions["eligibility.windows"]
    if policy.precedence == "best":
        found = [_shop(policy, facts, rule, trace) for rule in asked.every(facts, trace)]
        return max(found, key=_latest) if found else Timing("default", facts.context.zone, None, "no_right")
    rule = asked.first(facts, trace)
    if rule is None or rule.answer["window"] is None:
        return Timing("default", facts.context.zone, None, "no_right")
    return _shop(policy, facts, rule, trace)


def _latest(timing: Timing) -> tuple[bool, float]:
    if timing.span is None:
        return (False, 0.0)
    return (True, timing.span.ends.timestamp() if timing.span.ends else float("inf"))


def _shop(policy: Policy, facts: Facts, rule: Rule, trace: Trace | None) -> Timing:
    spec: WindowSpec = rule.answer["window"]
    zone = zone_info(spec.zone) if spec.zone else facts.context.zone
    place = policy.holidays or facts.context.order.country
    timing = _timing(rule.id, spec, facts, zone, place)
    asked = policy.questions["eligibility.extensions"]
    return _extended(timing, asked, facts, place, trace) if asked.rules else timing


def right_timing(right: Right, facts: Facts, zones: Mapping[str, str]) -> Timing:
    """What a statutory right says; its days are counted where the customer lives, its holidays are theirs."""
    country = facts.context.order.country
    zone = zone_info(zones[country]) if country in zones else facts.context.zone
    timing = _timing(right.rule.id, right.window, facts, zone, country)
    return _extended(timing, right.extensions, facts, country, None) if right.extensions.rules else timing


def _extended(timing: Timing, asked: Question, facts: Facts, place: str, trace: Trace | None) -> Timing:
    span = timing.span
    if span is None:
        return timing
    for rule in asked.every(facts, trace):
        answer = rule.answer
        named = answer.get("windows")
        if named and timing.rule not in named:
            continue
        span = windows.later(
            span, _capped(rule, _extension(rule, span, facts, timing.zone, place), facts, timing.zone, place)
        )
    return Timing(timing.rule, timing.zone, span, timing.why)


def _capped(rule: Rule, span: Span, facts: Facts, zone: ZoneInfo, place: str) -> Span:
    """The extension, at most to the end of the window that bounds it."""
    most = (
        _timing(rule.id, rule.answer["at_most"], facts, zone, place).span if rule.answer["at_most"] else None
    )
    return span if most is None else windows.earlier(span, most)


def _extension(rule: Rule, span: Span, facts: Facts, zone: ZoneInfo, place: str) -> Span:
    answer = rule.answer
    if answer["by"] is not None:
        return windows.longer(span, answer["by"], zone)
    if answer.get("until") is not None:
        return windows.until(answer["until"], zone, span.opens)
    return _timing(rule.id, answer["window"], facts, zone, place).span or span


def _timing(rule: str, spec: WindowSpec, facts: Facts, zone: ZoneInfo, place: str) -> Timing:
    """The window of a rule for one unit, without a span when there is none (yet)."""
    if spec.kind == "none":
        return Timing(rule, zone, None, "no_right")
    basis = basis_of(spec, facts.context.order, facts.context.parcel)
    if not _arrived(spec, facts, basis):
        return Timing(rule, zone, None, "not_delivered")
    found = _counted(rule, spec, basis, zone, place)
    return found if spec.pause is None else found._replace(span=_paused(spec.pause, found, facts))


@lru_cache(maxsize=4096)
def _counted(rule: str, spec: WindowSpec, basis: datetime | None, zone: ZoneInfo, place: str) -> Timing:
    if spec.until is not None:
        return Timing(rule, zone, windows.until(spec.until, zone, basis))
    if basis is None or spec.length is None:
        return Timing(rule, zone, ENDLESS)
    roll = roll_of(spec.roll, place)
    return Timing(rule, zone, windows.span(basis, spec.length, zone, day_after=spec.day_after, roll=roll))


def _paused(pause: Pause, found: Timing, facts: Facts) -> Span | None:
    pauses = facts.context.history.line(facts.context.line.id).paused
    return windows.paused(found.span, tuple(pauses), found.zone, pause.at_least) if found.span else None


def _arrived(spec: WindowSpec, facts: Facts, basis: datetime | None) -> bool:
    """Whether the unit is there, need not be, or counts as there although nobody said so."""
    parcel = facts.context.parcel
    if parcel is not None and parcel.delivered_at is not None:
        return True
    if spec.before_delivery:
        return facts["request.kind"] in WITHOUT_GOODS
    assumed = spec.fallback is not None and parcel is not None and parcel.shipped_at is not None
    return assumed and basis is not None and basis <= facts.context.now


def basis_of(spec: WindowSpec, order: Order, parcel: Fulfilment | None) -> datetime | None:
    """The instant from which a window counts; None while it is not known."""
    found = _basis(spec.basis, order, parcel)
    if found is None and spec.fallback is not None:
        start = _basis(spec.fallback, order, parcel)
        if start is not None:
            return _plus(start, spec)
    return found


def _plus(start: datetime, spec: WindowSpec) -> datetime:
    length = spec.fallback_plus
    if length.unit == "hours":
        return start + timedelta(hours=length.count)
    day = windows.last_day(start.date(), length)
    return datetime.combine(day, start.timetz())


def _basis(name: str, order: Order, parcel: Fulfilment | None) -> datetime | None:
    if name in _OF_ORDER:
        return _OF_ORDER[name](order)
    if parcel is None:
        return None
    if name == "delivered":
        return parcel.delivered_at
    if name == "signed":
        return _signed(parcel)
    return parcel.shipped_at if name == "shipped" else parcel.promised_at


def _signed(parcel: Fulfilment) -> datetime | None:
    """When somebody signed for the parcel, by its proof of delivery; when it was delivered while there is none."""
    proofs = [
        one for one in parcel.evidence if one.type == "proof_of_delivery" and one.data.get("signed") is True
    ]
    return next((proof.at for proof in proofs if proof.at), parcel.delivered_at)


def _first(order: Order) -> datetime | None:
    """The first delivery of the order."""
    return min((at for at in _deliveries(order) if at is not None), default=None)


def _last(order: Order) -> datetime | None:
    """The last delivery of the order, not known while a unit is still to come."""
    found = _deliveries(order)
    known = [at for at in found if at is not None]
    return max(known) if known and len(known) == len(found) else None


def _deliveries(order: Order) -> list[datetime | None]:
    return [p.delivered_at if p else None for line in order.lines for p in order.parcels(line.id)]


_OF_ORDER: Mapping[str, Callable[[Order], datetime | None]] = {
    "placed": lambda order: order.placed_at,
    "informed": informed_at,
    "first_delivered": _first,
    "last_delivered": _last,
}
"""Instants that are the same for every unit of an order."""


@cache
def roll_of(days: frozenset[str], place: str) -> Roll | None:
    """On which days a window does not end."""
    if not days:
        return None
    holiday = is_holiday(place) if "holiday" in days else None
    if "weekend" in days:
        return Roll(weekend_of(place), _free(place) if holiday else None)
    return Roll(frozenset(), holiday)


def _free(place: str) -> Callable[[date], bool]:
    calendar = _calendar(place)
    return (lambda day: day in calendar) if calendar is not None else (lambda _: False)


def is_holiday(place: str) -> Callable[[date], bool]:
    """Whether a day is a public holiday of a country or country-region; a place without a calendar has none."""
    return _free(place)


def weekend_of(place: str) -> frozenset[int]:
    calendar = _calendar(place)
    return frozenset(calendar.weekend) if calendar is not None else _WEEKEND


@cache
def _calendar(place: str) -> holidays.HolidayBase | None:
    country, _, region = place.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=region or None)
    except NotImplementedError:
        return None


def latest(timings: Iterable[Timing]) -> Timing | None:
    """The timing that closes last."""
    return max(timings, key=_latest, default=None)
