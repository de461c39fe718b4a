"""The outbox as a queue: claim with a lease and a fence, then say what came of it. The database owns the work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, delete, func, text, tuple_, update
from sqlmodel import Session, col, select

from returns_service.store.db import changed
from returns_service.store.tables import OutboxRow

# Written out, because SQLite uses a partial index only for the very words of its condition.
WAITING = text("outbox.state IN ('ready', 'leased')")
DEAD = text("outbox.state = 'dead'")
ERROR_LENGTH = 2000


@dataclass(frozen=True)
class Work:
    """One claimed row of the outbox. `fence` tells this claim from every other one of the same row."""

    id: UUID
    topic: str
    key: str
    shop_id: UUID
    attempts: int
    """This one included."""
    fence: int
    created_at: datetime
    trace_id: str = ""
    payload: dict[str, Any] = field(default_factory=dict)


def claim(session: Session, *, limit: int, holder: str, now: datetime, until: datetime) -> list[Work]:
    """Takes what is due, and what was claimed by somebody whose lease ran out. Two callers never get the same row."""
    mine = {"most": limit, "holder": holder, "now": now, "until": until}
    found = session.connection().execute(_claim(session.get_bind().dialect.name), mine)
    return sorted((Work(*row) for row in found), key=lambda work: work.id)


_NOW: BindParameter[datetime] = bindparam("now")
_MOST: BindParameter[int] = bindparam("most")


@cache
def _claim(dialect: str) -> Any:
    """Built once: every ring ends in it."""
    row = OutboxRow
    due = select(row.id).where(WAITING, row.next_attempt_at <= _NOW)
    due = due.order_by(col(row.next_attempt_at), col(row.id)).limit(_MOST)
    if dialect == "postgresql":
        due = due.with_for_update(skip_locked=True)
    chosen = due.cte("due")
    return (
        update(row)
        .where(col(row.id).in_(select(chosen.c.id)))
        .values(
            state="leased",
            lease_until=bindparam("until"),
            lease_holder=bindparam("holder"),
            next_attempt_at=bindparam("until"),
            fence=row.fence + 1,
            attempts=row.attempts + 1,
        )
        .returning(*(getattr(row, name) for name in Work.__dataclass_fields__))
    )


def finish(session: Session, done: Sequence[Work], *, state: str = "done", error: str = "") -> int:
    """Marks claimed rows as done (or dead). Answers how many were still ours: a late finisher changes nothing."""
    if not done:
        return 0
    said = {"said": error[:ERROR_LENGTH], "as": state}
    return changed(session, _FINISH, {"claims": [(work.id, work.fence) for work in done], **said})


_FINISH = (
    update(OutboxRow)
    .where(tuple_(col(OutboxRow.id), col(OutboxRow.fence)).in_(bindparam("claims", expanding=True)))
    .values(state=bindparam("as"), lease_until=None, last_error=bindparam("said"))
)


def postpone(session: Session, work: Work, *, at: datetime, error: str) -> int:
    """Gives a row back until an instant, with as many attempts and the payload that `work` says."""
    row = OutboxRow
    change = (
        update(row)
        .where(col(row.id) == work.id, col(row.fence) == work.fence)
        .values(
            state="ready",
            attempts=work.attempts,
            payload=work.payload,
            lease_until=None,
            next_attempt_at=at,
            last_error=error[:ERROR_LENGTH],
        )
    )
    return changed(session, change)


def waits(session: Session, topic: str, key: str) -> bool:
    """Whether such work is still to be done."""
    row = OutboxRow
    query = select(row.id).where(WAITING, row.topic == topic, row.key == key)
    return session.exec(query).first() is not None


def holders(session: Session) -> set[str]:
    """Who has claimed something and not yet said what came of it."""
    row = OutboxRow
    return set(session.exec(select(row.lease_holder).where(WAITING, row.state == "leased").distinct()))


def release(session: Session, holder: str, *, now: datetime) -> int:
    """What a process that is gone had claimed is due at once."""
    row = OutboxRow
    mine = (col(row.state) == "leased", col(row.lease_holder) == holder)
    return changed(session, update(row).where(WAITING, *mine).values(next_attempt_at=now, lease_until=now))


def revive(session: Session, shop_id: UUID, row_id: UUID, *, now: datetime) -> int:
    """A dead row gets another life, on a person's word."""
    row = OutboxRow
    change = (
        update(row)
        .where(col(row.id) == row_id, col(row.shop_id) == shop_id, DEAD)
        .values(state="ready", attempts=0, next_attempt_at=now)
    )
    return changed(session, change)


def soonest(session: Session) -> datetime | None:
    """When the next row is due; a claimed one counts when its lease runs out."""
    return session.exec(select(func.min(OutboxRow.next_attempt_at)).where(WAITING)).one()


def backlog(session: Session, *, now: datetime) -> dict[str, int]:
    """How many rows wait, are overdue, and are dead."""
    row = OutboxRow
    waiting = select(func.count()).select_from(row).where(WAITING)
    dead = select(func.count()).select_from(row).where(DEAD)
    return {
        "waiting": session.exec(waiting).one(),
        "overdue": session.exec(waiting.where(row.next_attempt_at <= now)).one(),
        "dead": session.exec(dead).one(),
    }


def dead(session: Session, *, shop_id: UUID | None = None, limit: int = 100) -> list[OutboxRow]:
    """What was given up, newest first."""
    query = select(OutboxRow).where(DEAD).order_by(col(OutboxRow.id).desc()).limit(limit)
    return list(session.exec(query.where(OutboxRow.shop_id == shop_id) if shop_id else query))


def forget(session: Session, *, before: datetime) -> int:
    """Removes what was done long ago."""
    first_kept = UUID(int=int(before.timestamp() * 1000) << 80)  # ids are UUIDv7: they begin with the time
    return changed(
        session, delete(OutboxRow).where(col(OutboxRow.id) < first_kept, col(OutboxRow.state) == "done")
    )
