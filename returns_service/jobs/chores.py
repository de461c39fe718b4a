"""What the sweeper does in each round besides ringing, by name."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from returns_service.jobs import sweeper
from returns_service.jobs.policies import Folders
from returns_service.jobs.reconcile import nightly
from returns_service.jobs.sweeper import Chore
from returns_service.store import deadlines as store
from returns_service.usecases.find_shop import everyone
from returns_service.usecases.forget_draft import forget_draft, old_drafts
from returns_service.usecases.invite_rating import invite_rating, to_invite
from returns_service.usecases.keep_deadlines import keep_deadlines
from returns_service.usecases.retention import erase_what_is_old
from returns_service.usecases.runtime import Runtime
from returns_service.usecases.spend_credit import expire_credits

log = structlog.get_logger(__name__)

AT_ONCE = 200
AGAIN = timedelta(minutes=10)
"""After so long a deadline that could not be kept is tried again; until then it stands in nobody's way."""


def deadlines(runtime: Runtime) -> None:
    """Remind and act for every case whose deadline has come, each in a transaction of its own."""
    now = runtime.now()
    with runtime.db.read() as session:
        due = store.due(session, now=now, limit=AT_ONCE)
    for case_id, shop_id in due:
        try:
            with runtime.db.begin() as session:
                keep_deadlines(session, case_id, shop_id=shop_id, now=now)
        except Exception:  # whatever ails one case, the others have their deadlines too
            log.exception("a deadline could not be kept", case=str(case_id))
            with runtime.db.begin() as session:
                store.put_off(session, case_id, now=now, until=now + AGAIN)


def write_off(runtime: Runtime) -> None:
    """Write off store credit whose time is over."""
    with runtime.db.begin() as session:
        expire_credits(session, now=runtime.now())


def drafts(runtime: Runtime) -> None:
    """Remove what customers began long ago and never sent."""
    for key in old_drafts(runtime.files, now=runtime.now()):
        try:
            with runtime.db.begin() as session:
                forget_draft(session, key, files=runtime.files)
        except Exception:  # as with deadlines
            log.exception("a draft could not be removed", draft=key)


def invitations(runtime: Runtime) -> None:
    """Ask how it went, each case in a transaction of its own."""
    now = runtime.now()
    with runtime.db.read() as session:
        found = to_invite(session, now=now)
    for case_id, shop_id in found:
        try:
            with runtime.db.begin() as session:
                invite_rating(session, case_id, shop_id=shop_id, now=now)
        except Exception:  # as with deadlines; it is asked again with the next round while it is worth it
            log.exception("an invitation could not be noted", case=str(case_id))


def retention(runtime: Runtime) -> None:
    """Have the people erased whose data is past the time that their shop keeps it."""
    with runtime.db.read() as session:
        shops = [shop.id for shop in everyone(session)]
    for shop_id in shops:
        with runtime.db.begin() as session:
            erase_what_is_old(session, shop_id, now=runtime.now())


class Every:
    """A chore that need not be done in each round."""

    def __init__(self, interval: timedelta, chore: Chore, *, at_once: bool = True) -> None:
        self._interval, self._chore, self._at_once = interval, chore, at_once
        self._last: datetime | None = None

    def __call__(self, runtime: Runtime) -> None:
        now = runtime.now()
        if self._last is None and not self._at_once:
            self._last = now
        if self._last is None or now - self._last >= self._interval:
            self._chore(runtime)
            self._last = now


CHORES: Mapping[str, Chore] = {
    "policies": Folders().publish,
    "deadlines": deadlines,
    "credits": Every(timedelta(hours=1), write_off),
    "reconcile": Every(timedelta(hours=1), nightly, at_once=False),
    "drafts": Every(timedelta(hours=6), drafts),
    "invitations": Every(timedelta(hours=6), invitations),
    "retention": Every(timedelta(hours=1), retention),
    "forget": Every(timedelta(hours=1), sweeper.forget),
}
