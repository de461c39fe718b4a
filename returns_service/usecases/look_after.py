"""How the service is doing: what is down, what is degraded, how much work waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from returns_service.store import policies, refunds, work


@dataclass(frozen=True)
class Health:
    """`down`: it cannot work; `degraded`: it works, but a person should look; else `ok`."""

    status: str
    checks: Mapping[str, str]


DOWN = Health("down", {"database": "down"})


def health(session: Session, now: datetime, *, bell_works: bool) -> Health:
    """Hard: the database and a policy. Soft: redis (the sweeper works without), broken policy folders, dead work."""
    waiting = work.backlog(session, now=now)
    checks = {
        "database": "ok",
        "policies": "ok" if policies.any_published(session) else "missing",
        "policy_folders": "broken" if policies.problems(session) else "ok",
        "redis": "ok" if bell_works else "away",
        "work": "given_up" if waiting["dead"] else "ok",
    }
    if checks["policies"] == "missing":
        return Health("down", checks)
    return Health("ok" if set(checks.values()) == {"ok"} else "degraded", checks)


def figures(session: Session, now: datetime) -> dict[str, float]:
    """Gauges for Prometheus."""
    waiting = work.backlog(session, now=now)
    oldest = work.soonest(session)
    return {
        "returns_outbox_waiting": waiting["waiting"],
        "returns_outbox_overdue": waiting["overdue"],
        "returns_outbox_dead": waiting["dead"],
        "returns_outbox_oldest_overdue_seconds": max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        "returns_refunds_unknown": refunds.count_in(session, "unknown"),
        "returns_refunds_manual": refunds.count_in(session, "manual"),
        "returns_policy_folders_broken": len(policies.problems(session)),
    }
