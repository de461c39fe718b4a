"""Who gets in, for how long, and that no foreign page posts into ours."""

from collections.abc import Callable

import pyotp
import pytest
from sqlmodel import select

from returns_service.store.tables import StaffUser
from returns_service.usecases.runtime import Runtime
from tests.ground.runtime import Clock
from tests.pages.staff.conftest import PASSWORD, Worker

New = Callable[[], Worker]


def test_nobody_sees_anything_without_signing_in(worker: New) -> None:
    for path in ("/console/queues/all", "/console/people", "/warehouse/", "/warehouse/shift"):
        answer = worker().see(path)
        assert answer.status_code == 303
        assert "/sign-in?next=" in answer.headers["Location"]


def test_a_post_without_the_token_is_refused(worker: New, number: str) -> None:
    someone = worker().at_console("reviewer")
    assert someone.send(f"/console/cases/{number}/approve", csrf="", version="1").status_code == 403
    assert someone.send(f"/console/cases/{number}/approve", csrf="0" * 64, version="1").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_post_from_another_site_is_refused(worker: New, number: str, headers: dict[str, str]) -> None:
    someone = worker().at_console("reviewer")
    assert someone.send(f"/console/cases/{number}/approve", headers=headers, version="1").status_code == 403


def test_another_browsers_token_is_worthless(worker: New, number: str) -> None:
    stranger, someone = worker(), worker().at_console("reviewer")
    stranger.see("/console/sign-in")
    answer = someone.send(f"/console/cases/{number}/approve", csrf=stranger.token(), version="1")
    assert answer.status_code == 403


def test_a_session_ends_when_it_is_idle(worker: New, clock: Clock) -> None:
    someone = worker().at_console("reviewer")
    clock.turn(minutes=29)
    assert someone.see("/console/queues/all").status_code == 200
    clock.turn(minutes=29)
    assert someone.see("/console/queues/all").status_code == 200
    clock.turn(minutes=31)
    assert someone.see("/console/queues/all").status_code == 303


def test_a_session_ends_after_twelve_hours_however_busy(worker: New, clock: Clock) -> None:
    someone = worker().at_console("reviewer")
    for _ in range(30):
        clock.turn(minutes=25)
        last = someone.see("/console/queues/all").status_code
    assert last == 303


def test_a_cookie_kept_after_sign_out_is_worthless(worker: New) -> None:
    someone = worker().at_console("reviewer")
    kept = someone.browser.get_cookie("returns_console")
    assert kept is not None
    someone.send("/console/sign-out")
    someone.browser.set_cookie("returns_console", kept.value)
    assert someone.see("/console/queues/all").status_code == 303


def test_a_disabled_person_is_out_with_the_next_request(worker: New, ours: Runtime) -> None:
    someone = worker().at_console("reviewer")
    with ours.db.begin() as session:
        row = session.exec(select(StaffUser).where(StaffUser.role == "reviewer")).one()
        row.disabled = True
        session.add(row)
    assert someone.see("/console/queues/all").status_code == 303


def test_a_changed_cookie_is_no_cookie(worker: New) -> None:
    someone = worker().at_console("reviewer")
    kept = someone.browser.get_cookie("returns_console")
    assert kept is not None
    someone.browser.set_cookie("returns_console", kept.value[:-3] + "abc")
    assert someone.see("/console/queues/all").status_code == 303


def test_the_bench_locks_itself_and_remembers_who_was_there(worker: New, clock: Clock) -> None:
    someone = worker().at_bench()
    clock.turn(minutes=6)
    assert someone.see("/warehouse/").status_code == 303
    someone.see("/warehouse/sign-in")
    assert "Locked" in someone.words
    assert 'value="B-1"' in someone.page


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_to_no_foreign_place(worker: New, next_: str) -> None:
    someone = worker()
    someone.see("/console/sign-in")
    answer = someone.send("/console/sign-in", email="manager@example.com", password=PASSWORD, next=next_)
    assert answer.headers["Location"] == "/console/"


def test_guessing_passwords_comes_to_an_end(worker: New) -> None:
    someone = worker()
    someone.see("/console/sign-in")
    for _ in range(6):
        assert (
            someone.send("/console/sign-in", email="manager@example.com", password="guess").status_code == 403
        )
    assert someone.send("/console/sign-in", email="manager@example.com", password=PASSWORD).status_code == 429


def test_guessing_pins_comes_to_an_end(worker: New) -> None:
    someone = worker()
    someone.see("/warehouse/sign-in")
    for _ in range(6):
        assert someone.send("/warehouse/sign-in", station="1", badge="B-1", pin="9999").status_code == 403
    assert someone.send("/warehouse/sign-in", station="1", badge="B-1", pin="2468").status_code == 429


def test_every_page_forbids_what_is_foreign(worker: New) -> None:
    answer = worker().see("/console/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_files_are_kept_for_ever_under_their_digest(worker: New) -> None:
    someone = worker()
    someone.see("/console/sign-in")
    path = someone.page.split('href="/static/')[1].split('"')[0]
    answer = someone.browser.get(f"/static/{path}")
    assert "immutable" in answer.headers["Cache-Control"]
    assert someone.browser.get("/static/x/css/nothing.css").status_code == 404


def test_the_language_is_kept_and_leads_back_only_to_ourselves(worker: New) -> None:
    someone = worker()
    someone.see("/console/sign-in")
    answer = someone.send("/language", language="zh-Hant", next="//evil.example")
    assert answer.headers["Location"] == "/"
    assert 'lang="zh-Hant"' in someone.see("/console/sign-in").text


def test_where_codes_are_required_they_come_first(worker: New, clock: Clock) -> None:
    boss = worker().at_console("administrator")
    boss.see("/console/shop")
    fields = {"name": "Demo", "time_zone": "Europe/Berlin", "languages": "en", "colour": "#14503c"}
    boss.send("/console/shop", **fields, codes_required="1")
    someone = worker().at_console("reviewer")
    assert someone.see("/console/queues/all").headers["Location"] == "/console/me"
    assert someone.send("/console/views", name="x", address="/console/queues/all").status_code == 303
    someone.see("/console/me")
    secret = someone.page.split('name="secret" value="')[1].split('"')[0]
    code = pyotp.TOTP(secret).at(clock())
    enrol = {"secret": secret, "code": code}
    assert someone.send("/console/me/codes", **enrol, codes_password="guess").status_code == 422
    assert someone.send("/console/me/codes", **enrol, codes_password=PASSWORD).status_code == 303
    assert someone.see("/console/queues/all").status_code == 200
    stop = {"deed": "stop", "codes_password": PASSWORD, "secret": "", "code": ""}
    assert someone.send("/console/me/codes", **stop).status_code == 422  # the shop wants them
    again = worker()
    again.see("/console/sign-in")
    form = {"email": "reviewer@example.com", "password": PASSWORD}
    assert again.send("/console/sign-in", **form).status_code == 200
    assert again.send("/console/sign-in", **form, code=code).status_code == 403  # used already
    clock.turn(seconds=30)
    fresh = pyotp.TOTP(secret).at(clock())
    assert again.send("/console/sign-in", **form, code=fresh).status_code == 303
