"""Record what became of a message: sent, to be tried again, refused for good, or no such address."""

from datetime import datetime, timedelta

from sqlmodel import Session

from returns_service.domain.ports import DeliveryFailed
from returns_service.store import outbox
from returns_service.store.tables import Notice

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 16
"""About two days: what mail servers themselves keep trying."""


def record_notice(
    session: Session, notice: Notice, failure: DeliveryFailed | None, *, now: datetime
) -> datetime | None:
    """Keep the row with its outcome; answers when to try again."""
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
    session.add(notice)
    return again


def try_again(session: Session, notice: Notice, *, at: datetime) -> None:
    """Leave a message for another try at an instant."""
    outbox.add(session, "notice", str(notice.id), shop_id=notice.shop_id, now=at)
