"""Create a person who signs in to the bench or the console."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from werkzeug.security import generate_password_hash

from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.passwords import SHORTEST_PASSWORD, good_pin, weakness
from returns_service.domain.roles import ROLES
from returns_service.store import staff
from returns_service.store.tables import StaffUser

__all__ = ["ROLES", "create_staff", "password_hash", "pin_hash"]

_SENTENCES = {
    "short": f"A password has at least {SHORTEST_PASSWORD} characters.",
    "long": "This password is too long.",
    "common": "This password is among those that everybody tries first.",
    "personal": "A password is not the name or the address of its owner.",
}


def create_staff(
    session: Session,
    shop_id: UUID,
    *,
    email: str,
    name: str,
    role: str,
    password: str | None,
    now: datetime,
) -> tuple[StaffUser, str]:
    """The person and the password, a fresh one when none was given. Raises Invalid, Conflict."""
    email = email.strip().lower()
    check_role(role)
    if "@" not in email or " " in email:
        raise Invalid("email", f"{email!r} is not an e-mail address.", pointer="/email")
    if not name.strip():
        raise Invalid("name", "A person has a name.", pointer="/name")
    chosen = password or secrets.token_urlsafe(12)
    hashed = password_hash(chosen, email, name)
    if staff.by_email(session, shop_id, email) is not None:
        raise Conflict("staff_exists", f"{email} already has an account.")
    row = StaffUser(
        shop_id=shop_id,
        email=email,
        name=name.strip(),
        role=role,
        password_hash=hashed,
        sessions_from=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row, chosen


def check_role(role: str) -> None:
    if role not in ROLES:
        raise Invalid("role", f"There is no role {role!r}. There are {', '.join(ROLES)}.", pointer="/role")


def password_hash(password: str, *personal: str) -> str:
    """What is kept of a password. Raises Invalid for a weak one."""
    weak = weakness(password, *personal)
    if weak:
        raise Invalid(f"password_{weak}", _SENTENCES[weak], pointer="/password")
    return generate_password_hash(password)


def pin_hash(pin: str) -> str:
    """What is kept of a PIN. Raises Invalid for one that is guessed at once."""
    if not good_pin(pin):
        raise Invalid(
            "pin", "A PIN has four to eight digits that do not count up, down or repeat.", pointer="/pin"
        )
    return generate_password_hash(pin)
