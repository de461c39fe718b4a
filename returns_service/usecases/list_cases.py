"""List and search cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.case import STAGES
from returns_service.store import search
from returns_service.store.tables import ReturnCase
from returns_service.usecases.show_case import instant


@dataclass(frozen=True)
class Wanted:
    """Filters of a list; None means all. `q` looks at number, order, e-mail, SKU, serial and tracking number."""

    states: Sequence[str] = ()
    order_id: str | None = None
    email: str | None = None
    q: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    assignee: str | None = None
    sort: str = "-created_at"


def list_cases(
    session: Session, wanted: Wanted, *, actor: Actor, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` cases, short form, behind the position `after` (sort key, id)."""
    found = search.cases(session, actor.shop_id, wanted, after=after, limit=limit)
    return [short(row, external_id, number) for row, external_id, number in found]


def short(row: ReturnCase, order_id: str, order_number: str) -> dict[str, Any]:
    """A case as a row of a list."""
    return {
        "id": str(row.id),
        "number": row.number,
        "order_id": order_id,
        "order_number": order_number,
        "kind": row.kind,
        "state": row.state,
        "stage": STAGES[row.state],
        "version": row.version,
        "currency": row.currency,
        "total": money.text(row.quote_total, row.currency),
        "email": row.email,
        "fault": row.fault.get("party"),
        "messages": row.messages,
        "assignee": row.assignee,
        "next_deadline_at": instant(row.next_deadline_at) if row.next_deadline_at else None,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }
