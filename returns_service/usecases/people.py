"""The people of a shop as pages know them, and whether their sessions still count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.roles import RIGHTS, Right, scopes
from returns_service.store import staff
from returns_service.store.tables import StaffUser

SESSION_HOURS = 12
"""No session lives longer, however busy."""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, or who is in the list of staff."""

    id: UUID
    shop_id: UUID
    name: str
    email: str
    role: str
    rights: frozenset[Right] = frozenset()
    badge: str | None = None
    disabled: bool = False
    has_code: bool = False
    has_pin: bool = False
    preferences: Mapping[str, Any] = field(default_factory=dict)

    def may(self, right: str) -> bool:
        return right in self.rights

    def actor(self, kind: str = "staff", language: str | None = None) -> Actor:
        """The person as the use cases know them."""
        return Actor(self.shop_id, kind, self.name, scopes(self.role), None, language)


def person(row: StaffUser) -> Person:
    return Person(
        row.id,
        row.shop_id,
        row.name,
        row.email,
        row.role,
        RIGHTS.get(row.role, frozenset()),
        row.badge,
        row.disabled,
        row.totp_secret is not None,
        row.pin_hash is not None,
        row.preferences,
    )


def who(session: Session, user_id: UUID, *, session_id: str, since: datetime, now: datetime) -> Person | None:
    """The owner of a session that began then; None when it no longer counts."""
    row = staff.by_id(session, user_id)
    if (
        row is None
        or row.disabled
        or since < row.sessions_from
        or now - since > timedelta(hours=SESSION_HOURS)
    ):
        return None
    return None if session_id in row.preferences.get("ended", {}) else person(row)


def end_session(session: Session, someone: Person, *, session_id: str, now: datetime) -> None:
    """Sign out: this session never counts again, other sessions of the person go on."""
    row = staff.load(session, someone.shop_id, someone.id, lock=True)
    until = (now + timedelta(hours=SESSION_HOURS)).isoformat()
    ended = {sid: end for sid, end in row.preferences.get("ended", {}).items() if end > now.isoformat()}
    row.preferences = {**row.preferences, "ended": {**ended, session_id: until}}
    session.add(row)


def everyone(session: Session, shop_id: UUID) -> list[Person]:
    return [person(row) for row in staff.everyone(session, shop_id)]


def one(session: Session, shop_id: UUID, user_id: UUID) -> Person:
    """Raises NotFound."""
    return person(staff.load(session, shop_id, user_id))


def prefer(session: Session, someone: Person, **wishes: Any) -> None:
    """Keep what a person likes: saved views, language, whether single keys are on."""
    row = staff.load(session, someone.shop_id, someone.id, lock=True)
    row.preferences = {**row.preferences, **wishes}
    session.add(row)
