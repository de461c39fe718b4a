"""What keeps the service going, for the people who look after it: work that waits, money in doubt, parcels, messages."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Forbidden
from returns_service.store import operations, work
from returns_service.usecases.keep_check import RECONCILED, last_check
from returns_service.usecases.show_case import instant
from returns_service.usecases.show_parts import parcel_body

LATE = timedelta(minutes=2)
"""Work that waits for longer than this is worth a look."""


def overview(session: Session, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """All of the operations page."""
    return {
        "waiting": [
            {"topic": topic, "rows": n, "oldest": instant(oldest), "late": oldest < now - LATE}
            for topic, n, oldest in operations.waiting(session, actor.shop_id)
        ],
        "dead": [
            {
                "id": str(row.id),
                "topic": row.topic,
                "key": row.key,
                "attempts": row.attempts,
                "error": row.last_error,
                "created_at": instant(row.created_at),
                "trace_id": row.trace_id,
            }
            for row in work.dead(session, shop_id=actor.shop_id)
        ],
        "refunds": [
            {
                "id": str(row.id),
                "number": number,
                "amount": money.text(row.amount, row.currency),
                "currency": row.currency,
                "state": row.state,
                "gateway": row.gateway,
                "reason": row.reason,
                "since": instant(row.updated_at),
            }
            for row, number in operations.stuck_refunds(session, actor.shop_id)
        ],
        "parcels": [
            {**parcel_body(row), "who": row.actor.get("name", "")}
            for row in operations.parcels(session, actor.shop_id)
        ],
        "notices": operations.notices(session, actor.shop_id),
        "reconciled": last_check(session, actor.shop_id, RECONCILED),
        "leases": [
            {"name": row.name, "holder": row.holder, "until": instant(row.until), "live": row.until > now}
            for row in operations.leases(session)
        ],
        "policy_problems": [
            {"name": row.name, "since": instant(row.since), "problems": row.problems}
            for row in operations.policy_problems(session, actor.shop_id)
        ],
    }


def retry(session: Session, row_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Work that was given up gets another life. Raises Forbidden, Conflict."""
    _need(actor)
    if not work.revive(session, actor.shop_id, row_id, now=now):
        raise Conflict("not_dead", "This work is no longer given up.")
    session.info["rang"] = True


def park(session: Session, row_id: UUID, *, actor: Actor) -> None:
    """Work that was given up, and shall stay so. Raises Forbidden, Conflict."""
    _need(actor)
    if not operations.park(session, actor.shop_id, row_id):
        raise Conflict("not_dead", "This work is no longer given up.")


def close_parcel(session: Session, parcel_id: UUID, *, note: str, actor: Actor) -> None:
    """A parcel without an owner was looked after; what was done is kept with it. Raises NotFound."""
    row = operations.parcel(session, actor.shop_id, parcel_id)
    row.state, row.note = "closed", f"{row.note}\n{actor.name}: {note}".strip()
    session.add(row)


def _need(actor: Actor) -> None:
    if not actor.may("staff"):
        raise Forbidden("missing_scope", "Only staff repair work.", scope="staff")
