"""Record what became of a message: sent, to be tried again, refused for good, or no such address."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from returns_service.domain.ports import DeliveryFailed
from returns_service.store import outbox
from returns_service.store.appending import append
from returns_service.store.tables import Notice

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 16
"""About two days: what mail servers themselves keep trying."""


def record_notice(
    session: Session, notice: Notice, failure: DeliveryFailed | None, *, now: datetime
) -> datetime | None:
    """Note the outcome on a message that is kept already; answers when to try again."""
    again = _note(notice, failure, now)
    session.add(notice)
    return again


def keep_notice(
    notice: Notice, failure: DeliveryFailed | None, *, now: datetime
) -> Callable[[Session], None]:
    """Note the outcome on a new message. Answers what keeps it, and leaves another try where there is to be one."""
    again = _note(notice, failure, now)

    def keep(session: Session) -> None:
        append(session, notice)
        if again:
            outbox.add(session, "notice", str(notice.id), shop_id=notice.shop_id, now=again)

    return keep


def _note(notice: Notice, failure: DeliveryFailed | None, now: datetime) -> datetime | None:
    notice.attempts += 1
    again = None
    if failure is None:
        notice.state, notice.sent_at, notice.last_error = "sent", now, ""
    elif failure.bounced:
        notice.state, notice.last_error = "suppressed", failure.reason
    elif failure.permanent or notice.attempts >= MOST_ATTEMPTS:
        notice.state, notice.last_error = "parked", failure.reason
    else:
        notice.state, notice.last_error = "queued", failure.reason
        again = now + min(FIRST_PAUSE * 2 ** (notice.attempts - 1), LONGEST_PAUSE)
    return again
