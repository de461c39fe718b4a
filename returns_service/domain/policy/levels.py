"""Limits in time, channels of messages, and the answers that hold for a whole case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from returns_service.domain import windows
from returns_service.domain.decision import CaseFacts
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.model import Policy, Right
from returns_service.domain.policy.names import PAY_WHEN, SECURITIES
from returns_service.domain.policy.rules import Rule
from returns_service.domain.policy.timing import is_holiday
from returns_service.domain.request import RequestLine
from returns_service.domain.windows import Length


def facts_of(policy: Policy, case: CaseFacts, now: datetime) -> Facts:
    """What rules about the whole case look at: its first line."""
    line = case.lines[0]
    wanted = RequestLine(
        line.order_line_id, max(len(line.slots), 1), line.reason, line.condition, resolution=line.resolution
    )
    order = case.order
    bought = order.by_id[line.order_line_id]
    parcel = order.parcels(bought.id)[line.slots[0] if line.slots else 0]
    context = Context(
        policy, order, case.request, case.history, now, policy.zone(order.country), bought, wanted, parcel,
        tuple(line.slots),
    )  # fmt: skip
    return Facts(context, policy.readers)


def holds_now(rule: Rule, facts: Facts | None) -> bool:
    """Whether a rule holds; without a case only those without a condition do."""
    return rule.when.holds(facts) if facts is not None else not rule.when.parts


def zone_of(policy: Policy, facts: Facts | None) -> ZoneInfo:
    return facts.context.zone if facts is not None else policy.zone("")


def duration(length: Length) -> timedelta:
    """About how long a length is, to compare lengths and to count back."""
    days = {"days": 1, "business_days": 1, "months": 30, "years": 365}.get(length.unit)
    return timedelta(days=length.count * days) if days else timedelta(hours=length.count)


def after(policy: Policy, start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """The last second of a length from an instant; business lengths count only when the shop works."""
    if length.unit == "business_hours":
        return _business_hours(policy, start, length.count, zone)
    if length.unit == "business_days":
        return _business_days(policy, start, length.count, zone)
    if length.unit == "hours":
        return start + timedelta(hours=length.count)
    return windows.day_end(windows.last_day(windows.local_day(start, zone), length), zone) - windows.SECOND


def works(policy: Policy, day: date) -> bool:
    """Whether the shop works on a day; a make-up working day is no holiday."""
    holiday = bool(policy.holidays) and is_holiday(policy.holidays or "")(day)
    return day.weekday() in policy.business.days and not holiday


def _business_days(policy: Policy, start: datetime, count: int, zone: ZoneInfo) -> datetime:
    day, left = start.astimezone(zone).date(), count
    for _ in range(count * 3 + 400):
        if left == 0:
            break
        day += windows.DAY
        left -= works(policy, day)
    return windows.day_end(day, zone) - windows.SECOND


def _business_hours(policy: Policy, start: datetime, count: int, zone: ZoneInfo) -> datetime:
    left, day = timedelta(hours=count), start.astimezone(zone).date()
    for _ in range(count * 3 + 400):
        if works(policy, day):
            opens, closes = _opening(policy, day, zone)
            begin = max(start, opens)
            if begin < closes:
                if begin + left <= closes:
                    return begin + left
                left -= closes - begin
        day += windows.DAY
    return start + timedelta(hours=count)


def _opening(policy: Policy, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    hours = policy.business
    opens = datetime.combine(day, time(hours.opens), zone).astimezone(UTC)
    closes = (
        windows.day_end(day, zone)
        if hours.closes == 24
        else datetime.combine(day, time(hours.closes), zone).astimezone(UTC)
    )
    return opens, closes


def ship_by(policy: Policy, facts: Facts, rights: Sequence[Right]) -> datetime | None:
    """When the goods must be handed in if the request were approved now; law gives at least its own time."""
    rules = policy.questions["service_levels.deadlines"].rules
    rule = next(
        (
            r
            for r in rules
            if r.answer["state"] == "approved" and r.answer["for"] == "ship" and r.when.holds(facts)
        ),
        None,
    )
    if rule is None or not goods_return(policy, facts):
        return None
    now, zone = facts.context.now, facts.context.zone
    lengths = [rule.answer["within"], *(right.send_back for right in rights if right.send_back)]
    return max(after(policy, now, length, zone) for length in lengths)


def goods_return(policy: Policy, facts: Facts) -> bool:
    """Whether the goods come back."""
    rule = policy.questions["resolutions.goods"].first(facts)
    return bool(rule.answer["come_back"]) if rule else True


def pay_when(policy: Policy, lines: Sequence[Facts]) -> str:
    """When money may move: the latest moment that any line asks for."""
    asked = policy.questions["resolutions.pay"]
    found = [rule.answer["at"] for rule in (asked.first(facts) for facts in lines) if rule]
    return max(found, key=PAY_WHEN.index, default="inspection")


def security(policy: Policy, lines: Sequence[Facts]) -> str:
    """What stands for goods that go out in advance: the strongest that any line asks for."""
    asked = policy.questions["resolutions.pay"]
    found = [rule.answer["secured_by"] for rule in (asked.first(facts) for facts in lines) if rule]
    return max(found, key=SECURITIES.index, default="obligation")


def location(policy: Policy, facts: Facts) -> str | None:
    """Where the goods go back to."""
    rule = policy.questions["eligibility.locations"].first(facts)
    if rule is not None:
        return str(rule.answer["location"])
    return policy.locations[0].id if policy.locations else None


def channels(policy: Policy, event_type: str) -> tuple[tuple[str, str], ...]:
    """Whom an event is told to, through which channel."""
    found: dict[tuple[str, str], None] = {}
    for rule in policy.questions["notifications.notices"].rules:
        if event_type in rule.answer["events"]:
            found.update(dict.fromkeys((rule.answer["to"], channel) for channel in rule.answer["through"]))
    return tuple(found)


@dataclass(frozen=True)
class Objecting:
    """Until when a decision may be objected to, and how often."""

    until: datetime
    rounds: int


def objecting(
    policy: Policy, decided_at: datetime, now: datetime, *, case: CaseFacts | None = None
) -> Objecting:
    """What the policy says about objections to a decision of this instant."""
    facts = facts_of(policy, case, now) if case is not None and case.lines else None
    rule = _objection_terms(policy, facts)
    until = after(policy, decided_at, rule.answer["within"], zone_of(policy, facts))
    return Objecting(until, rule.answer["rounds"])


def evidence_until(policy: Policy, objected_at: datetime, *, case: CaseFacts) -> datetime | None:
    """Until when evidence may be added to an objection; None: as long as it is open."""
    facts = facts_of(policy, case, objected_at) if case.lines else None
    length = _objection_terms(policy, facts).answer["evidence_within"]
    return after(policy, objected_at, length, zone_of(policy, facts)) if length else None


def _objection_terms(policy: Policy, facts: Facts | None) -> Rule:
    asked = policy.questions["service_levels.objections"]
    return next((rule for rule in asked.rules if holds_now(rule, facts)), asked.default) or asked.rules[-1]


def lookback_from(policy: Policy, now: datetime) -> datetime | None:
    """From when on a customer's cases count for fair use; None when no rule asks."""
    if not policy.looks_back:
        return None
    length = policy.look_back
    if length.unit in ("months", "years"):
        months = length.count * (12 if length.unit == "years" else 1)
        local = now.astimezone(policy.zone(""))
        return datetime.combine(
            windows.add_months(local.date(), -months), local.time(), local.tzinfo
        ).astimezone(UTC)
    return now - duration(length)


def settles_itself(policy: Policy) -> bool:
    """Whether the policy settles with the last inspection, unless a deadline or a person is to do it."""
    return policy.settle == "inspection"
