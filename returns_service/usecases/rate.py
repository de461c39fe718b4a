"""The customer rates how it went."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Rating

SCALES = {"csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}
"""How satisfied, how easy, how likely to recommend."""


def rate(
    session: Session, case_id: UUID, *, kind: str, score: int, comment: str = "", actor: Actor, now: datetime
) -> tuple[CaseFile, Rating]:
    """Once per case and question. Raises NotFound, Invalid, Conflict."""
    least, most = SCALES[kind]
    if not least <= score <= most:
        raise Invalid("score", f"The scale of {kind} goes from {least} to {most}.", pointer="/score")
    case = cases.load(session, case_id, actor)
    if any(given.kind == kind for given in talk.ratings(session, case.id)):
        raise Conflict("already_rated", "This return was rated already.", state=case.state, actions=[])
    row = Rating(shop_id=actor.shop_id, case_id=case.id, kind=kind, score=score, comment=comment, at=now)
    session.add(row)
    session.flush()
    outbox.record(case, EventType.RATED, actor=actor, now=now, kind=kind, score=score)
    return case, row


def list_ratings(session: Session, case_id: UUID, *, actor: Actor) -> list[Rating]:
    """Oldest first. Raises NotFound."""
    return talk.ratings(session, cases.load(session, case_id, actor, lock=False).id)
