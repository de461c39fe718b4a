"""A one-time way in for a customer: a code and a link by mail, each good once and for a short time."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.store import idempotency, outbox
from returns_service.store.tables import IdempotencyKey
from returns_service.usecases.find_order import FoundOrder

VALID = timedelta(minutes=15)


def code_of(secret: str, nonce: str) -> str:
    """Six digits that belong to one request; nobody keeps them."""
    digest = hmac.new(secret.encode(), f"portal-code:{nonce}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


@dataclass(frozen=True)
class Invitation:
    """What the mail says besides the code."""

    nonce: str
    link: str
    locale: str


def request_code(
    session: Session, shop_id: UUID, order: FoundOrder | None, invitation: Invitation, *, now: datetime
) -> None:
    """Leave the mail for a worker. For a wrong pair as much is written, so that the answer takes as long; nobody is
    mailed, for the code is over at once.
    """
    outbox.add(
        session,
        "sign_in",
        invitation.nonce,
        shop_id=shop_id,
        now=now,
        order=order.number if order else "",
        email=order.email if order else "",
        link=invitation.link,
        locale=invitation.locale,
        until=(now + VALID if order else now).isoformat(),
    )


def use_code(session: Session, shop_id: UUID, nonce: str, *, now: datetime) -> bool:
    """Whether this is the first use."""
    row = IdempotencyKey(
        shop_id=shop_id,
        key=_used(nonce),
        route="portal",
        fingerprint="",
        status=200,
        headers={},
        body="",
        created_at=now,
    )
    return idempotency.remember(session, row.model_dump(), kept_since=now - 4 * VALID)


def used_at(session: Session, shop_id: UUID, nonce: str) -> datetime | None:
    """When it was used first."""
    row = idempotency.recall(session, shop_id, _used(nonce))
    return row.created_at if row else None


def _used(nonce: str) -> str:
    return f"portal-code:{nonce}"
