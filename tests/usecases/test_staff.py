"""People of a shop: creating them, signing in, sessions that end."""

from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Forbidden, Invalid
from returns_service.domain.passwords import good_pin, weakness
from returns_service.domain.roles import RIGHTS, Right, scopes
from returns_service.store.db import Database
from returns_service.store.tables import Shop
from returns_service.usecases import change_staff, people, sign_in
from returns_service.usecases.create_staff import create_staff
from returns_service.usecases.sign_in import SignInRefused
from tests.ground.runtime import NOON

PASSWORD = "correct horse battery"
ADMIN = frozenset({"admin"})


@pytest.fixture
def shop_id(db: Database) -> UUID:
    with db.begin() as session:
        shop = Shop(slug="demo", name="Demo", languages=["en"], created_at=NOON)
        session.add(shop)
        session.flush()
        return shop.id


def _hire(session: Session, shop_id: UUID, role: str = "reviewer", email: str = "ines@example.com") -> UUID:
    row, _ = create_staff(
        session, shop_id, email=email, name="Ines Sommer", role=role, password=PASSWORD, now=NOON
    )
    return row.id


def test_a_right_password_lets_in_and_a_wrong_one_does_not(db: Database, shop_id: UUID) -> None:
    with db.begin() as session:
        _hire(session, shop_id)
        someone = sign_in.with_password(
            session, shop_id, email=" INES@example.com", password=PASSWORD, code="", now=NOON
        )
        assert someone.may(Right.DECIDE)
        assert not someone.may(Right.RELEASE)
        with pytest.raises(SignInRefused):
            sign_in.with_password(session, shop_id, email="ines@example.com", password="x", code="", now=NOON)
        with pytest.raises(SignInRefused):
            sign_in.with_password(
                session, shop_id, email="who@example.com", password=PASSWORD, code="", now=NOON
            )


def test_a_one_time_code_counts_once(db: Database, shop_id: UUID) -> None:
    with db.begin() as session:
        someone = _hire(session, shop_id)
        secret = change_staff.fresh_secret()
        totp = pyotp.TOTP(secret)
        change_staff.use_codes(
            session, shop_id, someone, password=PASSWORD, secret=secret, code=totp.at(NOON), now=NOON
        )
        enter = {"email": "ines@example.com", "password": PASSWORD}
        with pytest.raises(SignInRefused) as needed:
            sign_in.with_password(session, shop_id, **enter, code="", now=NOON)
        assert needed.value.code == "code_needed"
        with pytest.raises(SignInRefused):
            sign_in.with_password(session, shop_id, **enter, code=totp.at(NOON), now=NOON)
        later = NOON + timedelta(minutes=1)
        assert sign_in.with_password(session, shop_id, **enter, code=totp.at(later), now=later)


def test_a_badge_needs_its_pin(db: Database, shop_id: UUID) -> None:
    admin = Actor(shop_id, "staff", "Admin", ADMIN)
    with db.begin() as session:
        someone = _hire(session, shop_id, "warehouse")
        change_staff.give_badge(session, someone, badge="b-1001", pin="2468", actor=admin)
        assert sign_in.with_badge(session, shop_id, badge="B-1001 ", pin="2468").name == "Ines Sommer"
        with pytest.raises(SignInRefused):
            sign_in.with_badge(session, shop_id, badge="B-1001", pin="2469")
        other = _hire(session, shop_id, "warehouse", "ben@example.com")
        with pytest.raises(Conflict):
            change_staff.give_badge(session, other, badge="B-1001", pin="2468", actor=admin)


def test_sessions_end_by_sign_out_time_and_disabling(db: Database, shop_id: UUID) -> None:
    admin = Actor(shop_id, "staff", "Admin", ADMIN)
    with db.begin() as session:
        user = _hire(session, shop_id)
        seen = {"session_id": "s1", "since": NOON, "now": NOON + timedelta(hours=1)}
        someone = people.who(session, user, **seen)
        assert someone is not None
        assert people.who(session, user, **{**seen, "now": NOON + timedelta(hours=13)}) is None
        people.end_session(session, someone, session_id="s1", now=NOON)
        assert people.who(session, user, **seen) is None
        assert people.who(session, user, **{**seen, "session_id": "s2"}) is not None
        change_staff.change_role(session, user, "manager", actor=admin, now=NOON + timedelta(minutes=5))
        assert people.who(session, user, **{**seen, "session_id": "s2"}) is None
        change_staff.disable(session, user, actor=admin, now=NOON)
        assert people.who(session, user, session_id="s3", since=NOON + timedelta(hours=1), now=NOON) is None


def test_only_administrators_change_people_and_one_remains(db: Database, shop_id: UUID) -> None:
    with db.begin() as session:
        boss = _hire(session, shop_id, "administrator")
        with pytest.raises(Forbidden):
            change_staff.disable(
                session, boss, actor=Actor(shop_id, "staff", "M", scopes("manager")), now=NOON
            )
        with pytest.raises(Conflict):
            change_staff.disable(session, boss, actor=Actor(shop_id, "staff", "A", ADMIN), now=NOON)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("password123", "short"),
        ("seven77", "short"),
        ("password1234", "common"),
        ("aaaaaaaaaaaaaaa", "common"),
        ("ines@example.com", "personal"),
        ("x" * 300, "long"),
        ("correct horse battery", None),
        ("七天无理由退货很方便的哦", None),
        ("k7#" * 21, "common"),
        ("k7#Qz!p9" * 8, None),
    ],
)
def test_weak_passwords_are_named(password: str, why: str | None) -> None:
    assert weakness(password, "ines@example.com", "Ines Sommer") == why


def test_a_weak_password_creates_nobody(db: Database, shop_id: UUID) -> None:
    with db.begin() as session, pytest.raises(Invalid):
        create_staff(
            session, shop_id, email="a@b.c", name="A", role="manager", password="qwertyuiop123", now=NOON
        )


@pytest.mark.parametrize(
    ("pin", "good"), [("2468", True), ("1234", False), ("4321", False), ("1111", False), ("12", False)]
)
def test_pins_that_are_guessed_at_once_are_refused(pin: str, good: bool) -> None:
    assert good_pin(pin) is good


def test_every_role_has_more_rights_than_the_one_before() -> None:
    assert RIGHTS["reviewer"] < RIGHTS["manager"] < RIGHTS["administrator"] == frozenset(Right)
    assert "staff" not in scopes("warehouse")
    assert "admin" not in scopes("manager")
