"""Some days after a good end the customer is asked, once, how it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.domain.policy import channels
from returns_service.store import cases, outbox, talk

AFTER = timedelta(days=2)
WITHIN = timedelta(days=5)
"""After a longer pause of the sweeper nobody remembers what the question is about."""


def to_invite(session: Session, *, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Case and shop of those who may be asked now."""
    return talk.unrated(session, closed_from=now - WITHIN, closed_until=now - AFTER)


def invite_rating(session: Session, case_id: UUID, *, shop_id: UUID, now: datetime) -> bool:
    """Note the invitation, which is told like every fact; a shop whose policy tells nobody of it asks nobody."""
    actor = Actor.of("system", shop_id, "survey")
    case = cases.load(session, case_id, actor)
    if not channels(case.policy, EventType.RATING_INVITED) or talk.open_objection(session, case.id):
        return False
    outbox.record(case, EventType.RATING_INVITED, actor=actor, now=now)
    return True
