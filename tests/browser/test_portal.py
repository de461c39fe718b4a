"""A customer returns something on a phone: with and without a script, by keyboard, in three languages."""

import email
import email.policy
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from returns_service.jobs.relay import drain
from tests.browser.conftest import Open, Site
from tests.browser.test_screens import check, fits, small

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def code(site: Site) -> str:
    """The code of the newest mail that has one."""
    drain(site.runtime)
    files = sorted(
        (site.folder / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True
    )
    for file in files:
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        found = re.search(r"\b(\d{6})\b", str(mail["Subject"]))
        if found:
            return found[1]
    raise AssertionError("no mail has a code")


def come_in(page: Page, site: Site, number: str, address: str) -> None:
    page.goto("/portal/demo")
    page.fill("#number", f"#{number}")
    page.fill("#email", address.upper())
    page.keyboard.press("Enter")
    page.wait_for_url("**/code")
    page.fill("#code", code(site))
    page.keyboard.press("Enter")
    page.wait_for_url("**/items")


def onward(page: Page) -> None:
    """Past the question how it comes back, where it is asked: by post."""
    page.locator("main form button.first").click()
    page.wait_for_url(re.compile("/(send|check|why/.*)$"))
    if page.url.endswith("/send"):
        page.locator("label.choice:has([value=mail])").click()
        page.locator("main form button.first").click()


def photo(folder: Path) -> Path:
    file = folder / "IMG 0001.png"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(file)
    return file


def test_two_minutes_on_a_phone(site: Site, browse: Open, tmp_path: Path) -> None:
    page = browse(**PHONE)
    come_in(page, site, "2009", "claire.dubois@example.com")
    page.get_by_label("Send this back").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Something is wrong with it").click()
    page.get_by_text("It arrived damaged").click()
    page.fill("#comment", "The box was crushed.")
    page.set_input_files("#photos-file", str(photo(tmp_path)))
    expect(page.locator(".shot input[type=hidden]")).to_have_count(1, timeout=15_000)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/wish/0")
    page.locator("label.choice").first.click()
    onward(page)
    page.wait_for_url("**/check")
    page.get_by_role("button", name=re.compile("Request return")).dblclick()
    page.wait_for_url("**/returns/**")
    expect(page.get_by_text("Your return is requested.")).to_be_visible()
    number = page.locator("h1.number").inner_text()
    assert site.ask("SELECT count(*) FROM return_cases WHERE number = ?", number) == [(1,)]
    drain(site.runtime)
    assert any(number in file.read_text("utf-8") for file in (site.folder / "mail").glob("*.eml"))


def test_what_was_entered_survives_a_reload(site: Site, browse: Open, tmp_path: Path) -> None:
    page = browse(**PHONE)
    come_in(page, site, "2003", "emma.carter@example.com")
    page.get_by_label("Send this back").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="I do not want to keep it").click()
    page.get_by_text("Add a note or photos").click()
    page.fill("#comment", "half a sente")
    page.set_input_files("#photos-file", str(photo(tmp_path)))
    expect(page.locator(".shot input[type=hidden]")).to_have_count(1)
    page.reload()
    assert page.input_value("#comment") == "half a sente"
    expect(page.locator(".shot img")).to_have_count(1)
    page.get_by_role("button", name="Remove photo").click()
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(".shot")).to_have_count(0)


def test_a_lost_connection_loses_nothing(site: Site, browse: Open, tmp_path: Path) -> None:
    page = browse(**PHONE)
    come_in(page, site, "2003", "emma.carter@example.com")
    page.get_by_label("Send this back").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Something is wrong with it").click()
    page.context.set_offline(True)
    page.set_input_files("#photos-file", str(photo(tmp_path)))
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.context.set_offline(False)
    again.click()
    expect(page.locator(".shot input[type=hidden]")).to_have_count(1)


def test_a_return_is_changed_and_the_page_follows_it(site: Site, browse: Open) -> None:
    page = browse(**PHONE)
    come_in(page, site, "2001", "ana@example.com")
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="I do not want to keep it").click()
    page.get_by_text("Too small").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Linen shirt L")).to_be_hidden()
    page.locator("label.choice", has_text="Refund").click()
    onward(page)
    page.get_by_role("button", name=re.compile("Request return")).click()
    number = page.locator("h1.number").inner_text()
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Change this return").click()
    page.get_by_role("link", name="Change the wish").click()
    page.locator("label.choice", has_text="Exchange").click()
    page.get_by_text("Linen shirt L").click()
    onward(page)
    check(page, "change")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("Your return is changed.")).to_be_visible()
    assert page.locator("h1.number").inner_text() == number
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.get_by_text("You changed the return")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "number", "address", "button"),
    [
        ("zh-TW", "2012", "chen.zhiming@example.com", "送出申請"),
        ("zh-CN", "2004", "li.na@example.com", "提交申请"),
        ("en-GB", "2002", "grace.hill@example.com", "Request return"),
    ],
)
def test_without_a_script(
    site: Site, browse: Open, tmp_path: Path, locale: str, number: str, address: str, button: str
) -> None:
    page = browse(**PHONE, locale=locale, java_script_enabled=False)
    come_in(page, site, number, address)
    quantity = page.locator("[name^=quantity-]").first
    if quantity.get_attribute("type") == "checkbox":
        quantity.check()
    else:
        quantity.fill("1")
    page.locator("main button.first").click()
    page.locator("a.choice").nth(1).click()
    page.locator("label.choice").nth(1).click()
    page.set_input_files("#photos-file", str(photo(tmp_path)))
    page.locator("main button.first").click()
    page.locator("label.choice").first.click()
    onward(page)
    page.get_by_role("button", name=re.compile(button)).click()
    page.wait_for_url("**/returns/**")
    assert re.search(r"R-\w{4}-\w{4}", page.title())


def test_every_screen(site: Site, browse: Open) -> None:
    page = browse()

    def look(name: str) -> None:
        check(page, name)
        fits(page, name)
        small(page, name)

    for path in ("/portal/demo", "/portal/demo/withdraw"):
        page.goto(path)
        look(path)
    page.click("main button.first")
    look("withdraw with errors")
    page.goto(f"/portal/demo/returns/{site.number('approved')}")
    look("the state alone")
    come_in(page, site, "2009", "claire.dubois@example.com")
    look("items")
    page.get_by_label("Send this back").first.check()
    page.locator("main button.first").click()
    look("why")
    page.locator("a.choice").first.click()
    look("reason")
    page.locator("label.choice").nth(1).click()
    page.locator("main button.first").click()
    look("wish")
    page.locator("label.choice").first.click()
    page.locator("main button.first").click()
    look("send")
    page.locator("label.choice").first.click()
    page.locator("main button.first").click()
    look("check")
    page.locator("main form button.first").click()
    look("status")
    page.goto("/portal/demo/data")
    look("data")
    page.get_by_role("button", name="Erase my data").click()
    look("erasing")


@pytest.mark.parametrize(
    "state", ["info_requested", "settling", "rejected", "refunded", "replaced", "inspected"]
)
def test_the_status_in_every_state(site: Site, browse: Open, state: str) -> None:
    page = browse(**PHONE)
    number = site.number(state)
    found = (
        "SELECT o.number, o.email FROM orders o JOIN return_cases c ON c.order_id = o.id WHERE c.number = ?"
    )
    ((order, address),) = site.ask(found, number)
    come_in(page, site, order, address)
    page.goto(f"/portal/demo/returns/{number}")
    expect(page.locator("h1.number")).to_have_text(number)
    check(page, state)


def test_by_keyboard_alone(site: Site, browse: Open) -> None:
    page = browse()
    page.goto("/portal/demo")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("2009")
    page.keyboard.press("Tab")
    page.keyboard.type("claire.dubois@example.com")
    page.keyboard.press("Enter")
    page.wait_for_url("**/code")
    page.locator("#code").focus()
    page.keyboard.type(code(site))
    page.keyboard.press("Enter")
    page.wait_for_url("**/items")
    page.locator("#quantity-0").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/why/0")
