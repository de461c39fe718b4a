"""Send a message again, because a person wishes so."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict
from returns_service.store import notices, outbox
from returns_service.store.tables import Notice


def resend_notice(session: Session, notice_id: UUID, *, actor: Actor, now: datetime) -> Notice:
    """The same words to the same address, as a new mail. Raises NotFound, Conflict (the address is suppressed)."""
    notice = notices.load(session, actor.shop_id, notice_id, lock=True)
    if notice.state == "queued":
        return notice
    if (actor.shop_id, notice.address) in notices.suppressed(session, [notice.address]):
        detail = f"Mail to {notice.address} came back for good. Correct the address, or allow it again first."
        raise Conflict("address_suppressed", detail)
    name, _, host = notice.message_id.partition("@")
    notice.message_id = f"{name.split('.again')[0]}.again{notice.attempts}@{host}"
    notice.state, notice.last_error, notice.attempts = "queued", "", 0
    session.add(notice)
    outbox.add(session, "notice", str(notice.id), shop_id=notice.shop_id, now=now, again=True)
    return notice


def allow_address(session: Session, address: str, *, actor: Actor) -> int:
    """Mail to an address that came back is tried again from now on. Answers how many messages wait for a resend."""
    return notices.allow_again(session, actor.shop_id, address)
