"""Change a person of the shop: role, badge and PIN, password, one-time codes, whether they may still come in."""

import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from sqlmodel import Session
from werkzeug.security import check_password_hash

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Forbidden, Invalid
from returns_service.store import staff
from returns_service.store.tables import StaffUser
from returns_service.usecases.create_staff import check_role, password_hash, pin_hash
from returns_service.usecases.sign_in import matching_step


def change_role(session: Session, user_id: UUID, role: str, *, actor: Actor, now: datetime) -> None:
    """From the next request on. Raises Invalid, NotFound, Forbidden."""
    check_role(role)
    row = _theirs(session, user_id, actor)
    if row.role == "administrator" != role:
        _not_the_last(session, row)
    row.role, row.sessions_from = role, now


def disable(session: Session, user_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Nobody signs in as this person any more, and all their sessions end. Raises NotFound, Conflict."""
    row = _theirs(session, user_id, actor)
    _not_the_last(session, row)
    row.disabled, row.sessions_from = True, now


def enable(session: Session, user_id: UUID, *, actor: Actor) -> None:
    _theirs(session, user_id, actor).disabled = False


def give_badge(session: Session, user_id: UUID, *, badge: str, pin: str, actor: Actor) -> None:
    """What opens the bench. Raises Invalid, Conflict."""
    row = _theirs(session, user_id, actor)
    code = badge.strip().upper()
    if not code or len(code) > 40:
        raise Invalid("badge", "A badge has a code of at most 40 characters.", pointer="/badge")
    owner = staff.by_badge(session, actor.shop_id, code)
    if owner is not None and owner.id != row.id:
        raise Conflict("badge_taken", "This badge already belongs to somebody else.")
    row.badge, row.pin_hash = code, pin_hash(pin)
    session.flush()


def new_password(session: Session, user_id: UUID, *, actor: Actor, now: datetime) -> str:
    """A fresh password for somebody who forgot theirs, shown once; one-time codes start anew, sessions end."""
    row = _theirs(session, user_id, actor)
    fresh = secrets.token_urlsafe(12)
    row.password_hash, row.totp_secret, row.sessions_from = password_hash(fresh), None, now
    return fresh


def change_password(
    session: Session, shop_id: UUID, user_id: UUID, *, old: str, new: str, now: datetime
) -> None:
    """One's own; all other sessions end. Raises Invalid."""
    row = staff.load(session, shop_id, user_id, lock=True)
    if not row.password_hash or not check_password_hash(row.password_hash, old):
        raise Invalid("password_wrong", "This is not your present password.", pointer="/old")
    row.password_hash = password_hash(new, row.email, row.name)
    row.sessions_from = now
    session.add(row)


def fresh_secret() -> str:
    """A secret for one-time codes, kept only once a first code proved that the app has it."""
    return pyotp.random_base32()


def secret_address(secret: str, email: str, shop_name: str) -> str:
    """What the app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=shop_name)


def use_codes(
    session: Session, shop_id: UUID, user_id: UUID, *, password: str, secret: str, code: str, now: datetime
) -> None:
    """One-time codes from now on, perhaps of another device. Raises Invalid when password or first code is not right."""
    row = staff.load(session, shop_id, user_id, lock=True)
    _themselves(row, password)
    step = matching_step(secret, code, now)
    if step is None:
        raise Invalid("code_wrong", "The one-time code is not right.", pointer="/code")
    row.totp_secret = secret
    row.preferences = {**row.preferences, "code_step": step}
    session.add(row)


def stop_codes(session: Session, shop_id: UUID, user_id: UUID, *, password: str) -> None:
    """The password alone opens from now on. Raises Invalid."""
    row = staff.load(session, shop_id, user_id, lock=True)
    _themselves(row, password)
    row.totp_secret = None
    session.add(row)


def _themselves(row: StaffUser, password: str) -> None:
    """Not just somebody at a desk that was left open. Who only comes in through the company has no password to give."""
    if row.password_hash and not check_password_hash(row.password_hash, password):
        raise Invalid("password_wrong", "This is not your present password.", pointer="/codes_password")


def _theirs(session: Session, user_id: UUID, actor: Actor) -> StaffUser:
    if not actor.may("admin"):
        raise Forbidden("forbidden", "Only administrators change people.")
    row = staff.load(session, actor.shop_id, user_id, lock=True)
    session.add(row)
    return row


def _not_the_last(session: Session, row: StaffUser) -> None:
    others = [
        p
        for p in staff.everyone(session, row.shop_id)
        if p.role == "administrator" and not p.disabled and p.id != row.id
    ]
    if row.role == "administrator" and not others:
        raise Conflict("last_administrator", "A shop keeps at least one administrator.")
