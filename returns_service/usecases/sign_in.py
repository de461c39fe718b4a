"""A person proves who they are: password and one-time code or the company's word at the console, badge and PIN at the bench."""

from datetime import datetime
from functools import cache
from uuid import UUID

import pyotp
from sqlmodel import Session
from werkzeug.security import check_password_hash, generate_password_hash

from returns_service.domain.errors import Refusal
from returns_service.domain.ports import Identity
from returns_service.store import staff
from returns_service.store.tables import StaffUser
from returns_service.usecases.people import Person, person

_STEP = 30


class SignInRefused(Refusal):
    """Not who they say; which part was wrong is not told. `code_needed` alone asks for the one-time code."""

    code = "sign_in_refused"


@cache
def _nobody() -> str:
    """Checked when there is no such person, so that the answer takes as long."""
    return generate_password_hash("nobody has this password")


def with_password(
    session: Session, shop_id: UUID, *, email: str, password: str, code: str, now: datetime
) -> Person:
    """Raises SignInRefused."""
    row = staff.by_email(session, shop_id, email)
    right = check_password_hash(row.password_hash if row and row.password_hash else _nobody(), password)
    if row is None or row.disabled or not right or row.password_hash is None:
        raise SignInRefused(detail="The e-mail address or the password is not right.")
    if row.totp_secret:
        _check_code(session, row, code, now)
    return person(row)


def with_badge(session: Session, shop_id: UUID, *, badge: str, pin: str) -> Person:
    """Raises SignInRefused."""
    row = staff.by_badge(session, shop_id, badge)
    right = check_password_hash(row.pin_hash if row and row.pin_hash else _nobody(), pin)
    if row is None or row.disabled or not right or row.pin_hash is None:
        raise SignInRefused(detail="The badge or the PIN is not right.")
    return person(row)


def with_identity(session: Session, shop_id: UUID, identity: Identity) -> Person:
    """Somebody of our staff whom their company vouches for. Raises SignInRefused for everybody else.

    The first time they are found by their e-mail address; from then on only by who they are to the company, so that
    an address that goes to somebody else opens nothing.
    """
    row = staff.by_subject(session, shop_id, identity.subject)
    if row is None and identity.email_verified:
        row = staff.by_email(session, shop_id, identity.email)
        if row is not None and row.company_subject is None and not row.disabled:
            row.company_subject = identity.subject
            session.add(row)
    if row is None or row.disabled or row.company_subject != identity.subject:
        raise SignInRefused(detail="Nobody of this shop's staff has this account.")
    return person(row)


def _check_code(session: Session, row: StaffUser, code: str, now: datetime) -> None:
    """A code counts once, and one step early or late."""
    if not code.strip():
        raise SignInRefused("code_needed", "Enter the one-time code of your app.")
    step = matching_step(row.totp_secret or "", code, now)
    if step is None or step <= row.preferences.get("code_step", 0):
        raise SignInRefused("code_wrong", "The one-time code is not right, or it was used before.")
    row.preferences = {**row.preferences, "code_step": step}
    session.add(row)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute in which a code holds; None when it holds in none that is near."""
    present = int(now.timestamp()) // _STEP
    digits = "".join(c for c in code if c.isdigit())
    try:
        totp = pyotp.TOTP(secret)
    except ValueError:  # no secret of ours: a form was tampered with
        return None
    return next(
        (s for s in (present, present - 1, present + 1) if totp.verify(digits, for_time=s * _STEP)), None
    )
