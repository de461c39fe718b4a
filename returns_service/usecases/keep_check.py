"""Keep what a look at a shop's books found, until the next one, for the people who look after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden
from returns_service.store import outbox, shops, work
from returns_service.store.tables import Check
from returns_service.usecases.show_case import instant

RECONCILED = "reconcile"
"""The books of the gateways beside ours."""
DAILY = timedelta(hours=23)
"""A little less than a day: whoever looks each hour looks about once a day."""


def keep_check(
    session: Session,
    shop_id: UUID,
    name: str,
    looked_at: int,
    found: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    """In place of the one before."""
    findings = [dict(one) for one in found]
    session.merge(Check(shop_id=shop_id, name=name, at=now, looked_at=looked_at, found=findings))


def last_check(session: Session, shop_id: UUID, name: str) -> dict[str, Any] | None:
    """None before the first."""
    row = session.get(Check, (shop_id, name))
    return {"at": instant(row.at), "looked_at": row.looked_at, "found": row.found} if row else None


def ask_for_check(session: Session, *, actor: Actor, now: datetime) -> None:
    """Compare the books now instead of at night. Raises Forbidden."""
    if not actor.may("staff"):
        raise Forbidden("missing_scope", "Only staff compare the books.", scope="staff")
    _ask(session, actor.shop_id, now)


def ask_for_checks(session: Session, *, now: datetime) -> None:
    """The same for every shop whose books nobody has compared for a day."""
    for shop in shops.everyone(session):
        row = session.get(Check, (shop.id, RECONCILED))
        if row is None or row.at <= now - DAILY:
            _ask(session, shop.id, now)


def _ask(session: Session, shop_id: UUID, now: datetime) -> None:
    if not work.waits(session, RECONCILED, str(shop_id)):
        outbox.add(session, RECONCILED, str(shop_id), shop_id=shop_id, now=now)
