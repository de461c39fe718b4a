"""Sign-in with the company's account, against a real provider on loopback that can be told to lie."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from sqlmodel import select
from werkzeug.test import TestResponse

from returns_service.adapters.identity import OidcProvider
from returns_service.app import create_app
from returns_service.store.tables import StaffUser
from returns_service.usecases.runtime import Runtime
from tests.ground.company import CLIENT, SECRET, Company
from tests.ground.runtime import Clock
from tests.pages.staff.conftest import Worker

LEAVE = "/console/sign-in/company"


@pytest.fixture
def company(clock: Clock) -> Iterator[Company]:
    made = Company()
    made.now = lambda: clock().timestamp()
    yield made
    made.close()


@pytest.fixture
def worker(ours: Runtime, company: Company) -> Callable[[], Worker]:
    provider = OidcProvider(company.url, CLIENT, SECRET, "Nordlicht")
    app = create_app(replace(ours, identity=provider))
    return lambda: Worker(app)


def _way(someone: Worker, next_: str = "") -> str:
    """To the provider and back: the address with which the browser comes back."""
    away = someone.see(f"{LEAVE}?next={next_}").headers["Location"]
    back = urlsplit(httpx.get(away).headers["Location"])
    return f"{back.path}?{back.query}"


def _refused(answer: TestResponse, status: int, words: str) -> None:
    assert answer.status_code == status
    assert words in answer.text
    assert "returns_console" not in "".join(answer.headers.getlist("Set-Cookie"))


def test_somebody_of_the_staff_comes_in_with_the_role_of_our_table(worker: Callable[[], Worker]) -> None:
    someone = worker()
    assert "Sign in with Nordlicht" in someone.see("/console/sign-in").text
    answer = someone.see(_way(someone, "/console/figures"))
    assert answer.headers["Location"] == "/console/figures"
    assert someone.see("/console/figures").status_code == 200
    assert someone.see("/console/people").status_code == 403  # a manager, whatever the provider says


def test_the_browser_is_sent_with_pkce_state_and_nonce(
    worker: Callable[[], Worker], company: Company
) -> None:
    someone = worker()
    someone.see(_way(someone))
    assert company.asked["scope"] == "openid email profile"
    assert min(len(company.asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32


def test_an_account_that_is_nobody_of_ours_is_refused(worker: Callable[[], Worker], company: Company) -> None:
    company.person["email"] = "stranger@example.com"
    someone = worker()
    _refused(someone.see(_way(someone)), 403, "Nobody of this shop")


def test_an_address_that_the_company_did_not_verify_opens_nothing(
    worker: Callable[[], Worker], company: Company
) -> None:
    company.person["email_verified"] = False
    someone = worker()
    _refused(someone.see(_way(someone)), 403, "Nobody of this shop")


def test_an_address_that_went_to_somebody_else_opens_nothing(
    worker: Callable[[], Worker], company: Company
) -> None:
    first = worker()
    assert first.see(_way(first)).status_code == 303
    company.person["sub"] = "emp-2"
    other = worker()
    _refused(other.see(_way(other)), 403, "Nobody of this shop")
    company.person |= {"sub": "emp-1", "email": "married@example.com"}
    again = worker()
    assert again.see(_way(again)).status_code == 303


def test_a_disabled_person_is_refused(worker: Callable[[], Worker], company: Company, ours: Runtime) -> None:
    with ours.db.begin() as session:
        row = session.exec(select(StaffUser).where(StaffUser.role == "manager")).one()
        row.disabled = True
        session.add(row)
    someone = worker()
    _refused(someone.see(_way(someone)), 403, "Nobody of this shop")


def test_an_answer_for_another_browser_or_a_second_time_is_refused(worker: Callable[[], Worker]) -> None:
    victim, attacker = worker(), worker()
    stolen = _way(attacker)
    _refused(victim.see(stolen), 403, "begun elsewhere")
    victim.see(LEAVE)
    _refused(victim.see(stolen), 403, "begun elsewhere")
    assert attacker.see(stolen).status_code == 303
    _refused(attacker.see(stolen), 403, "begun elsewhere")


def test_a_way_that_took_too_long_is_begun_again(worker: Callable[[], Worker]) -> None:
    someone = worker()
    way = _way(someone)
    state = parse_qs(urlsplit(way).query)["state"][0]
    someone.browser.delete_cookie("returns_company", path=LEAVE)
    _refused(someone.see(way), 403, "begun elsewhere")
    someone.see(LEAVE)
    _refused(someone.see(f"{LEAVE}/back?state={state}&error=access_denied"), 403, "begun elsewhere")


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sub": None},
        {"key": RSAKey.generate_key(2048, private=True)},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_token_that_does_not_hold_is_refused(
    worker: Callable[[], Worker], company: Company, lie: dict[str, object]
) -> None:
    company.lies = lie
    someone = worker()
    _refused(someone.see(_way(someone)), 502, "does not answer as it should")


def test_a_new_key_of_the_provider_is_fetched(worker: Callable[[], Worker], company: Company) -> None:
    someone = worker()
    assert someone.see(_way(someone)).status_code == 303
    company.renew_key()
    assert someone.see(_way(someone)).status_code == 303


def test_a_provider_that_is_down_is_told_in_words(worker: Callable[[], Worker], company: Company) -> None:
    company.down = True
    _refused(worker().see(LEAVE), 502, "does not answer as it should")


def test_where_there_is_no_provider_there_is_no_such_page(ours: Runtime) -> None:
    someone = Worker(create_app(ours))
    assert someone.see(LEAVE).status_code == 404
    assert "or with a password" not in someone.see("/console/sign-in").text
