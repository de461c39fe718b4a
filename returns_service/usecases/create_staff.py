"""Create a person who signs in to the bench or the console."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select
from werkzeug.security import generate_password_hash

from returns_service.domain.errors import Conflict, Invalid
from returns_service.store.tables import StaffUser

ROLES = ("warehouse", "reviewer", "manager")
SHORTEST_PASSWORD = 12


def create_staff(
    session: Session, shop_id: UUID, *, email: str, name: str, role: str, password: str | None, now: datetime
) -> tuple[StaffUser, str]:
    """The person and the password, a fresh one when none was given. Raises Invalid, Conflict."""
    if role not in ROLES:
        raise Invalid("role", f"There is no role {role!r}. There are {', '.join(ROLES)}.", pointer="/role")
    if "@" not in email:
        raise Invalid("email", f"{email!r} is not an e-mail address.", pointer="/email")
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            "password", f"A password has at least {SHORTEST_PASSWORD} characters.", pointer="/password"
        )
    chosen = password or secrets.token_urlsafe(12)
    if session.exec(
        select(StaffUser).where(StaffUser.shop_id == shop_id, StaffUser.email == email.lower())
    ).first():
        raise Conflict("staff_exists", f"{email} already has an account.")
    row = StaffUser(
        shop_id=shop_id,
        email=email.lower(),
        name=name,
        role=role,
        password_hash=generate_password_hash(chosen),
        sessions_from=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row, chosen
