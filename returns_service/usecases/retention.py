"""Keep personal data no longer than the shop says: what is past its time is erased without anybody asking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden, Invalid
from returns_service.domain.windows import add_months
from returns_service.store import outbox, personal, shops
from returns_service.usecases.change_shop import change_settings

MONTHS = "retention_months"
"""The name of the setting; without it everything is kept."""
MOST_MONTHS = 240
PACE = timedelta(seconds=1)
"""Between two erasures: nobody waits for them, and they are not to keep mail and money waiting."""
AT_ONCE = 3000
"""As many as are done before it is looked again."""


@dataclass(frozen=True)
class Retention:
    """`known` and `erased` count orders. `months` is None where everything is kept."""

    months: int | None
    known: int
    erased: int


def retention(session: Session, *, actor: Actor) -> Retention:
    """What the shop decided, and how many orders still name a person."""
    shop = shops.load(session, actor.shop_id)
    return Retention(shop.settings.get(MONTHS), *personal.counts(session, actor.shop_id))


def set_retention(session: Session, months: int | None, *, actor: Actor) -> None:
    """Raises Forbidden, Invalid."""
    if not actor.may("admin"):
        raise Forbidden("missing_scope", "Only administrators decide what is erased.", scope="admin")
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise Invalid("out_of_range", f"Choose from 1 to {MOST_MONTHS} months.", pointer="/months")
    change_settings(session, {MONTHS: months}, actor=actor)


def erase_what_is_old(session: Session, shop_id: UUID, *, now: datetime) -> int:
    """Leave the erasure of what is past its time as work, one order after the other. Answers how many there are."""
    before = _before(session, shop_id, now)
    found = personal.past_retention(session, shop_id, before=before, limit=AT_ONCE) if before else []
    for turn, order_id in enumerate(found):
        outbox.add(session, "erasure", str(order_id), shop_id=shop_id, now=now + turn * PACE, unasked=True)
    return len(found)


def is_old(session: Session, shop_id: UUID, order_id: UUID, *, now: datetime) -> bool:
    """Asked again when it is done: meanwhile a return may have been opened, or the shop have thought better of it."""
    before = _before(session, shop_id, now)
    return before is not None and personal.is_past_retention(session, shop_id, order_id, before=before)


def _before(session: Session, shop_id: UUID, now: datetime) -> datetime | None:
    months = shops.load(session, shop_id).settings.get(MONTHS)
    return datetime.combine(add_months(now.date(), -months), now.timetz()) if months else None
