"""Finding the order: neutral to strangers, forgiving to customers, each code and link good once."""

import hashlib
import hmac
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from returns_service.app import create_app
from returns_service.store.tables import OutboxRow
from returns_service.usecases.runtime import Runtime
from tests.pages.portal.conftest import Customer


@pytest.mark.parametrize("number", ["1001", " #1001 ", "10-01", "№ 1001"])
def test_a_number_is_read_as_people_write_it(customer: Customer, number: str) -> None:
    assert "What do you want to send back?" in customer.come_in(number, " ANA@Example.com")


def test_the_answer_tells_nobody_whether_an_order_exists(customer: Customer, stranger: Customer) -> None:
    customer.see("/portal/demo")
    right = customer.send("/portal/demo", number="1001", email="ana@example.com")
    stranger.see("/portal/demo")
    wrong = stranger.send("/portal/demo", number="1001", email="eve@example.com")
    assert (
        right.replace("ana@", "eve@").split("<main")[1].split("csrf")[0]
        == wrong.split("<main")[1].split("csrf")[0]
    )
    assert len(customer.mails()) == 1
    with customer.runtime.db.read() as session:  # as much is written for both, so that both take as long
        rows = session.exec(select(OutboxRow).where(OutboxRow.topic == "sign_in")).all()
    assert [bool(row.payload["email"]) for row in rows] == [True, False]
    stranger.send("/portal/demo/code", 422, code=customer.code())


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 303)])
def test_each_visitor_has_their_own_limit_behind_a_proxy_and_nobody_makes_up_another(
    ours: Runtime, proxies: int, last: int
) -> None:
    settings = ours.settings.model_copy(update={"proxies": proxies})
    browser = create_app(replace(ours, settings=settings)).test_client()
    token = browser.get("/portal/demo").text.split('name="csrf" value="')[1].split('"')[0]
    form = {"number": "1", "email": "eve@example.com", "csrf": token}
    for n in range(21):
        said = {"X-Forwarded-For": f"192.0.2.{n}", "Accept": "text/html"}
        answer = browser.post("/portal/demo", data=form, headers=said)
    assert answer.status_code == last


def test_what_is_missing_is_said_and_what_was_typed_stays(customer: Customer) -> None:
    customer.see("/portal/demo")
    said = customer.send("/portal/demo", 422, number="", email="nobody")
    assert "Enter the order number" in said and "looks like name@example.com" in said
    assert 'value="nobody"' in said and "Error:" in said


def test_a_wrong_code_is_refused_and_the_right_one_still_works(customer: Customer) -> None:
    customer.see("/portal/demo")
    customer.send("/portal/demo", number="1001", email="ana@example.com")
    code = customer.code()
    wrong = "000000" if code != "000000" else "111111"
    assert "not right" in customer.send("/portal/demo/code", 422, code=wrong)
    assert "What do you want" in customer.send("/portal/demo/code", code=f" {code[:3]} {code[3:]} ")


def test_a_code_is_good_once_and_not_for_long(customer: Customer) -> None:
    customer.see("/portal/demo")
    customer.send("/portal/demo", number="1001", email="ana@example.com")
    challenge = customer.browser.get_cookie("returns_code", path="/portal")
    assert challenge is not None
    code = customer.code()
    customer.send("/portal/demo/code", code=code)
    customer.browser.set_cookie("returns_code", challenge.value, path="/portal")
    customer.see("/portal/demo/code")
    assert "used already" in customer.send("/portal/demo/code", 422, code=code)


def test_five_wrong_codes_are_enough(customer: Customer) -> None:
    customer.see("/portal/demo")
    customer.send("/portal/demo", number="1001", email="ana@example.com")
    for _ in range(5):
        customer.send("/portal/demo/code", 422, code="1")
    assert "Too many tries" in customer.send("/portal/demo/code", 429, code=customer.code())


def test_looking_at_a_link_does_not_use_it_up(customer: Customer, stranger: Customer) -> None:
    customer.see("/portal/demo")
    customer.send("/portal/demo", number="1001", email="ana@example.com")
    link = customer.link()
    for _ in range(3):
        assert "Open my order" in stranger.see(link)
    assert "What do you want" in stranger.send(link)
    customer.see(link)
    assert "no longer valid" in customer.send(link, 410)


def test_a_changed_link_is_worth_nothing(customer: Customer) -> None:
    customer.see("/portal/demo/enter?token=abc", 410)
    customer.see("/portal/demo/enter", 410)


def deep_link(**said: str) -> str:
    text = "\n".join((said["order"], said["email"], said["until"]))
    signature = hmac.new(b"a-secret-of-the-shop", text.encode(), hashlib.sha256).hexdigest()
    return "/portal/demo/enter?" + urlencode({**said, "signature": signature})


def test_the_shop_can_link_into_the_portal(customer: Customer) -> None:
    until = str(int(customer.clock().timestamp()) + 600)
    link = deep_link(order="1001", email="ana@example.com", until=until)
    customer.see(link)
    assert "What do you want" in customer.send(link)
    customer.see(link.replace("1001", "2002"), 410)
    customer.see(deep_link(order="1001", email="ana@example.com", until="1000"), 410)


def test_a_link_of_no_shop_opens_nothing(customer: Customer) -> None:
    customer.see("/portal/demo/enter?order=1001&email=ana@example.com&signature=x&until=" + "9" * 5000, 410)


def test_an_unknown_shop_has_no_portal(customer: Customer) -> None:
    customer.see("/portal/nobody", 404)


def test_leaving_ends_the_visit(customer: Customer) -> None:
    customer.come_in()
    customer.send("/portal/demo/leave")
    assert "Return or exchange" in customer.see("/portal/demo/items")


def test_one_is_led_back_to_where_one_wanted(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    customer.send("/portal/demo/leave")
    assert "show us that it is yours" in customer.see(f"/portal/demo/returns/{number}")
    customer.see(f"/portal/demo?number={number}&next=/portal/demo/returns/{number}")
    customer.send(
        "/portal/demo", number=number, email="ana@example.com", next=f"/portal/demo/returns/{number}"
    )
    customer.send("/portal/demo/code", code=customer.code())
    assert customer.path == f"/portal/demo/returns/{number}"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/console", "/portal/demo/../x\r\nA: b"]
)
def test_nobody_is_led_elsewhere(customer: Customer, wanted: str) -> None:
    customer.see("/portal/demo")
    customer.send("/portal/demo", number="1001", email="ana@example.com", next=wanted)
    customer.send("/portal/demo/code", code=customer.code())
    assert customer.path == "/portal/demo/items"
