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

STATES = (
    "requested",
    "info_requested",
    "approved",
    "shipped_back",
    "received",
    "settling",
    "rejected",
    "refunded",
    "replaced",
    "cancelled",
)
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


def link(site: Site) -> str:
    """The link of the newest mail."""
    drain(site.runtime)
    newest = max((site.folder / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    mail = email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)
    found = re.search(r"https?://[^/\s]+(/portal/\S+)", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr, attr-defined]
    assert found is not None
    return found[1]


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
    page.get_by_label("Description").fill("The torn")
    bad = tmp_path / "drawing.svg"
    bad.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    page.set_input_files("#photos-file", str(bad))
    expect(page.get_by_text("drawing.svg: This file is not a photo")).to_be_visible()
    page.reload()
    assert page.input_value("#comment") == "half a sente"
    assert page.get_by_label("Description").input_value() == "The torn"
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


def look(page: Page, name: str) -> None:
    check(page, name)
    fits(page, name)
    small(page, name)


def test_every_screen_before_the_order_is_found(site: Site, browse: Open) -> None:
    page = browse()
    for path in ("/", "/portal/demo", "/portal/demo/withdraw", "/portal/demo/enter?token=used"):
        page.goto(path)
        look(page, path)
    page.goto(f"/portal/demo/returns/{site.number('approved')}")
    look(page, "the state alone")
    page.goto("/portal/demo/withdraw")
    page.click("main button.first")
    look(page, "withdraw with errors")
    for field, text in {"name": "Emma", "number": "2003", "email": "emma.carter@example.com"}.items():
        page.fill(f"#{field}", text)
    page.click("main button.first")
    look(page, "withdraw, to confirm")
    page.click("main button.first")
    look(page, "withdrawn")
    page.goto("/portal/demo?number=2009")
    page.fill("#email", "claire.dubois@example.com")
    page.click("main button.first")
    look(page, "code")
    page.fill("#code", "000")
    page.click("main button.first")
    look(page, "wrong code")
    page.goto(link(site))
    look(page, "enter")


def test_every_screen_of_a_request(site: Site, browse: Open, tmp_path: Path) -> None:
    page = browse()
    come_in(page, site, "2019", "jonas.brandt@example.com")
    look(page, "too late")
    page.get_by_label("Send this back").first.check()
    page.click("main button.first")
    page.locator("a.choice").first.click()
    page.locator("label.choice").first.click()
    page.click("main form button.first")
    look(page, "no")
    page.context.clear_cookies()
    come_in(page, site, "2009", "claire.dubois@example.com")
    look(page, "items")
    page.get_by_label("Send this back").first.check()
    page.locator("main button.first").click()
    look(page, "why")
    page.get_by_role("link", name="Something is wrong with it").click()
    page.get_by_text("It arrived damaged").click()
    page.set_input_files("#photos-file", str(photo(tmp_path)))
    expect(page.get_by_label("Description")).to_be_visible()
    look(page, "reason with a photo")
    page.get_by_role("link", name="Back").click()
    page.locator("a.choice").first.click()
    look(page, "reason")
    page.locator("label.choice").nth(1).click()
    page.locator("main button.first").click()
    page.locator("label.choice", has_text="Exchange").click()
    look(page, "wish")
    page.locator("label.choice").first.click()
    page.locator("main button.first").click()
    look(page, "send")
    page.locator("label.choice").first.click()
    page.locator("main button.first").click()
    look(page, "check")
    page.locator("main form button.first").click()
    look(page, "done")
    page.goto("/portal/demo/items")
    look(page, "items with a return")
    page.goto("/portal/demo/data")
    look(page, "data")
    page.check("#sure")
    page.get_by_role("button", name="Erase my data").click()
    look(page, "erasing")
    page.goto("/portal/demo/data")
    look(page, "data, to be erased")


def test_the_status_in_every_state(site: Site, browse: Open) -> None:
    page = browse(**PHONE)
    for state in STATES:
        number = site.number(state)
        ((order, address),) = site.ask(
            "SELECT o.number, o.email FROM orders o JOIN return_cases c ON c.order_id = o.id WHERE c.number = ?",
            number,
        )
        page.context.clear_cookies()
        come_in(page, site, order, address)
        page.goto(f"/portal/demo/returns/{number}")
        expect(page.locator("h1.number")).to_have_text(number)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        look(page, state)
    page.context.clear_cookies(name="returns_portal")
    page.fill("#message-message", "A long letter")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    look(page, "signed out")


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
