"""The figures behind the manager's charts, each with its definition; the same rows for pages and for CSV."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from math import sqrt
from statistics import median, quantiles
from typing import Any

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.store import figures
from returns_service.store.queues import OPEN

AGES = (2, 7, 14)
"""Days that part the ages of open cases."""
WEEKS = 12
ARTICLES = 200

Rows = list[dict[str, Any]]


def open_cases(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:  # noqa: ARG001 - every report is asked alike
    """Open cases by state and by the days they have been in it. The period does not matter."""
    found: dict[str, Counter[str]] = {}
    for state, since in figures.open_since(session, actor.shop_id):
        age = (now - since).days
        bucket = next((f"up_to_{limit}" for limit in AGES if age < limit), "older")
        found.setdefault(state, Counter())[bucket] += 1
    buckets = [*(f"up_to_{limit}" for limit in AGES), "older"]
    return [
        {"state": state, **{b: found[state][b] for b in buckets}, "total": found[state].total()}
        for state in OPEN
        if state in found
    ]


def weeks(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:  # noqa: ARG001 - every report is asked alike
    """Returns opened in each of the last weeks, the present one last."""
    return [
        {
            "week": _week(start),
            "returns": figures.opened(session, actor.shop_id, (start, start + timedelta(weeks=1))),
        }
        for start in _weeks(now)
    ]


def _weeks(now: datetime) -> list[datetime]:
    """Where the last weeks begin."""
    begin = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return [begin - timedelta(weeks=n) for n in range(WEEKS - 1, -1, -1)]


def _week(start: datetime) -> str:
    return f"{start.isocalendar().year}-W{start.isocalendar().week:02}"


def reasons(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """What customers claimed, by units."""
    rows = figures.by_reason(session, actor.shop_id, _period(now, days))
    return [{"reason": reason, "lines": n, "units": units} for reason, n, units in rows]


def articles(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """Per article of the orders placed in the period: units sold, units that came back, the rate with its 95 % interval,
    the reason told most. Orders of the last weeks may still come back."""
    period = _period(now, days)
    sold = figures.ordered(session, actor.shop_id, period)
    back: dict[str, Counter[str]] = {}
    for sku, reason, n in figures.come_back(session, actor.shop_id, period):
        back.setdefault(sku, Counter())[reason] += n
    rows = [_rate(sku, *sold.get(sku, (sku, 0)), told) for sku, told in back.items()]
    return sorted(rows, key=lambda row: (-row["low"], -row["returned"], row["sku"]))[:ARTICLES]


def _rate(sku: str, title: str, units: int, told: Counter[str]) -> dict[str, Any]:
    returned = told.total()
    units = max(units, returned)
    low, high = interval(returned, units)
    return {
        "sku": sku,
        "title": title,
        "sold": units,
        "returned": returned,
        "rate": round(returned / units, 4),
        "low": low,
        "high": high,
        "reason": told.most_common(1)[0][0],
    }


def interval(hits: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies, 19 times of 20 (Wilson); wide where few were counted."""
    z = 1.96
    share, spread = hits / of, z * z / of
    middle = share + spread / 2
    reach = z * sqrt((share * (1 - share) + spread / 4) / of)
    return round(max(0.0, (middle - reach) / (1 + spread)), 4), round(
        min(1.0, (middle + reach) / (1 + spread)), 4
    )


def reason_articles(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """The same returns as in `articles`, by article and by what customers claimed."""
    period = _period(now, days)
    sold = figures.ordered(session, actor.shop_id, period)
    rows = [
        {"sku": sku, "title": sold.get(sku, (sku, 0))[0], "reason": reason, "units": n}
        for sku, reason, n in figures.come_back(session, actor.shop_id, period)
    ]
    return sorted(rows, key=lambda row: (-row["units"], row["sku"], row["reason"]))


def reason_weeks(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:  # noqa: ARG001 - every report is asked alike
    """What customers claimed in each of the last weeks, by units."""
    return [
        {"week": _week(start), "reason": reason, "units": units}
        for start in _weeks(now)
        for reason, _, units in figures.by_reason(session, actor.shop_id, (start, start + timedelta(weeks=1)))
    ]


def faults(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """Who is held responsible, by cases; of how many of them finally, after the inspection."""
    counted: Counter[str] = Counter()
    final: Counter[str] = Counter()
    for party, sure, n in figures.by_fault(session, actor.shop_id, _period(now, days)):
        counted[party] += n
        final[party] += n if sure else 0
    return [{"party": party, "returns": n, "final": final[party]} for party, n in counted.most_common()]


def outcomes(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """What customers asked for, by units."""
    rows = figures.by_resolution(session, actor.shop_id, _period(now, days))
    return [{"resolution": wish, "units": n} for wish, n in sorted(rows, key=lambda row: -row[1])]


def refunds(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """Money per currency and state: succeeded is paid, all else is owed; what something else took the place of is left out."""
    rows = figures.money(session, actor.shop_id, _period(now, days))
    return [
        {"currency": currency, "state": state, "refunds": n, "amount": money.text(amount, currency)}
        for currency, state, n, amount in rows
    ]


def times(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """Days from the request to the end, of the cases that ended in the period."""
    found = [seconds / 86400 for seconds in figures.durations(session, actor.shop_id, _period(now, days))]
    if not found:
        return []
    slow = quantiles(found, n=10)[-1] if len(found) > 1 else found[0]
    return [
        {"ended": len(found), "median_days": round(median(found), 1), "slowest_tenth_days": round(slow, 1)}
    ]


def ratings(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """What customers said: mean and how many."""
    rows = figures.ratings(session, actor.shop_id, _period(now, days))
    return [{"kind": kind, "answers": n, "mean": round(mean, 2)} for kind, n, mean in rows]


REPORTS: dict[str, Callable[..., Rows]] = {
    "open": open_cases,
    "weeks": weeks,
    "reasons": reasons,
    "reason_weeks": reason_weeks,
    "articles": articles,
    "reason_articles": reason_articles,
    "faults": faults,
    "outcomes": outcomes,
    "refunds": refunds,
    "times": times,
    "ratings": ratings,
}


def _period(now: datetime, days: int) -> tuple[datetime, datetime]:
    return now - timedelta(days=days), now + timedelta(seconds=1)
