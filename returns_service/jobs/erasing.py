"""Erasing a person: photos from the store first, then everything else in one transaction."""

from uuid import UUID

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, NotFound
from returns_service.jobs.outcome import TryLater
from returns_service.store.work import Work
from returns_service.usecases.erase import erase, prospect
from returns_service.usecases.retention import is_old
from returns_service.usecases.runtime import Runtime


def carry_out(runtime: Runtime, work: Work) -> None:
    """The handler of topic "erasure"; `work.key` is our id of the order. While a return is open it waits.

    `unasked`: only the time of keeping it is over; where that is not so any more there is nothing to do.
    """
    actor, unasked = Actor.of("system", work.shop_id, "erasure"), bool(work.payload.get("unasked"))
    try:
        with runtime.db.read() as session:
            if unasked and not is_old(session, work.shop_id, UUID(work.key), now=runtime.now()):
                return
            seen = prospect(session, UUID(work.key), actor=actor, now=runtime.now())
        if seen.until:
            raise TryLater("a return is not over yet", at=seen.until)
        for path in seen.files:
            runtime.files.delete(path)
        with runtime.db.begin() as session:
            erase(session, UUID(work.key), actor=actor, now=runtime.now(), unasked=unasked)
    except Conflict as refusal:
        raise TryLater(refusal.detail) from refusal
    except NotFound:
        return
