"""What the merchant may ask back, and of whom."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.store import recoveries
from returns_service.store.recoveries import Claim, Wanted
from returns_service.usecases.show_case import instant


def list_recoveries(
    session: Session,
    *,
    actor: Actor,
    limit: int,
    party: str | None = None,
    only_open: bool = True,
    before: tuple[datetime, UUID] | None = None,
) -> list[dict[str, Any]]:
    """Cases with claims, newest first; each with all its claims."""
    found = recoveries.page(session, actor.shop_id, Wanted(party, only_open, before), limit=limit)
    claims = recoveries.of_cases(session, [row.id for row, _ in found])
    return [
        {
            "return_id": str(row.id),
            "number": row.number,
            "order_id": order_id,
            "state": row.state,
            "currency": row.currency,
            "created_at": instant(row.created_at),
            "claims": [claim_body(claim, row.currency) for claim in claims.get(row.id, ())],
        }
        for row, order_id in found
    ]


def claims_of(session: Session, case_id: UUID, currency: str) -> list[dict[str, Any]]:
    """The claims of one case."""
    return [claim_body(claim, currency) for claim in recoveries.of_cases(session, [case_id]).get(case_id, ())]


def claim_body(claim: Claim, currency: str) -> dict[str, Any]:
    amounts = {name: getattr(claim, name) for name in ("claimed", "recovered", "forgone", "open")}
    return {"party": claim.party, **{name: money.text(value, currency) for name, value in amounts.items()}}
