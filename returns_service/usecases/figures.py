"""The figures behind the manager's charts, each with its definition; the same rows for pages and for CSV."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.store import figures

AGES = (2, 7, 14)
"""Days that part the ages of open cases."""
WEEKS = 12
ARTICLES = 15

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
        {"state": state, **{b: n[b] for b in buckets}, "total": n.total()}
        for state, n in sorted(found.items())
    ]


def weeks(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:  # noqa: ARG001 - every report is asked alike
    """Returns opened in each of the last weeks, the present one last."""
    begin = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [begin - timedelta(weeks=n) for n in range(WEEKS - 1, -1, -1)]
    return [
        {
            "week": f"{start.isocalendar().year}-W{start.isocalendar().week:02}",
            "returns": figures.opened(session, actor.shop_id, (start, start + timedelta(weeks=1))),
        }
        for start in starts
    ]


def reasons(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """What customers claimed, by units."""
    rows = figures.by_reason(session, actor.shop_id, _period(now, days))
    return [{"reason": reason, "lines": n, "units": units} for reason, n, units in rows]


def articles(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """The articles that came back most, by units."""
    rows = figures.by_article(session, actor.shop_id, _period(now, days), ARTICLES)
    return [{"sku": sku, "title": title, "lines": n, "units": units} for sku, title, n, units in rows]


def faults(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """Who is held responsible, provisionally or finally, by cases."""
    rows = figures.by_fault(session, actor.shop_id, _period(now, days))
    return [{"party": party, "returns": n} for party, n in sorted(rows, key=lambda row: -row[1])]


def outcomes(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """What customers asked for, by units."""
    rows = figures.by_resolution(session, actor.shop_id, _period(now, days))
    return [{"resolution": wish, "units": n} for wish, n in sorted(rows, key=lambda row: -row[1])]


def refunds(session: Session, *, actor: Actor, now: datetime, days: int) -> Rows:
    """Money per currency and state: succeeded is paid, failed is neither, everything else is owed."""
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
    "articles": articles,
    "faults": faults,
    "outcomes": outcomes,
    "refunds": refunds,
    "times": times,
    "ratings": ratings,
}


def _period(now: datetime, days: int) -> tuple[datetime, datetime]:
    return now - timedelta(days=days), now + timedelta(seconds=1)
