"""The console by keyboard: decide, take back, be told what changed, do one thing to many."""

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site, at_console, until


def _open(page: Page, number: str, view: str = "needs_decision") -> None:
    page.goto(f"/console/cases/{number}?view={view}")
    page.wait_for_selector("html[data-console=ready]")


def _sent(page: Page) -> None:
    until(page, "JSON.parse(localStorage.getItem('console-queue') ?? '[]').length === 0")


def test_clear_cases_are_decided_by_keyboard_alone(site: Site, browse: Open) -> None:
    page = at_console(browse(), "ines@nordlicht.example", "demo-reviewer")
    page.keyboard.press("g")
    page.keyboard.press("1")
    page.wait_for_selector("[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-console=ready] [data-screen=case]")
    number = page.get_attribute("[data-screen=case]", "data-number") or ""
    assert site.state(number) == "requested"
    page.keyboard.press("a")
    page.wait_for_selector("[data-toast]:not([hidden])")
    assert site.state(number) == "requested"  # not sent yet
    _sent(page)
    assert site.state(number) == "approved"


def test_a_decision_can_be_taken_back_before_it_is_sent(site: Site, browse: Open) -> None:
    number = site.number("requested")
    page = at_console(browse())
    _open(page, number)
    page.keyboard.press("d")
    page.keyboard.type("The photo shows another article.")
    page.click("form[data-decision=reject] button")
    page.wait_for_selector("[data-toast]:not([hidden])")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    page.wait_for_url(f"**/cases/{number}*")
    page.wait_for_timeout(9000)
    assert site.state(number) == "requested"
    _open(page, number)
    expect(page.locator("#reject_message")).to_have_value("The photo shows another article.")


def test_a_stale_page_shows_what_changed_and_keeps_what_was_typed(site: Site, browse: Open) -> None:
    number = site.number("requested")
    late = at_console(browse(java_script_enabled=True))
    _open(late, number)
    quick = at_console(browse(), "ines@nordlicht.example", "demo-reviewer")
    _open(quick, number)
    quick.keyboard.press("e")
    quick.keyboard.type("Which size do you wear?")
    quick.keyboard.press("Control+Enter")
    _sent(quick)
    late.locator("summary[data-key=d]").click()
    late.fill("#reject_message", "Too late for me.")
    late.evaluate("document.querySelector('form[data-decision=reject]').submit()")  # as without a script
    late.wait_for_selector(".notice.warn")
    assert "asked a question" in late.inner_text(".notice.warn")
    assert "Ines Sommer" in late.inner_text(".notice.warn")
    expect(late.locator("#reject_message")).to_have_count(0)  # declining is no longer possible
    assert "Too late for me." in late.inner_text(".notice.warn [data-typed]")
    assert site.state(number) == "info_requested"


def test_a_refused_decision_is_told_where_the_reviewer_is_now(site: Site, browse: Open) -> None:
    number = site.number("requested")
    late = at_console(browse())
    _open(late, number)
    quick = at_console(browse(), "ines@nordlicht.example", "demo-reviewer")
    _open(quick, number)
    quick.keyboard.press("a")
    _sent(quick)
    late.keyboard.press("d")
    late.keyboard.type("No.")
    late.click("form[data-decision=reject] button")
    _sent(late)
    expect(late.locator("[data-toast]")).to_contain_text(number)
    expect(late.locator("[data-toast]")).to_contain_text("Somebody changed")
    assert site.state(number) == "approved"


def test_many_at_once_begin_with_a_dry_run(site: Site, browse: Open) -> None:
    page = at_console(browse())
    page.goto("/console/queues/needs_decision")
    page.wait_for_selector("html[data-console=ready]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")  # what is asked of the row at hand
    page.wait_for_selector("[data-screen=bulk] #text:focus")
    page.goto("/console/queues/needs_decision")
    page.check("[data-all-rows]")
    page.keyboard.press("a")
    page.wait_for_selector("[data-screen=bulk]")
    assert site.ask("SELECT count(*) FROM return_cases WHERE state = 'approved'") == [(3,)]
    able = page.locator("text=will be done").count()
    assert able >= 1
    page.click("form button.first")
    page.wait_for_selector("[data-toast]:not([hidden])")
    page.keyboard.press("Escape")
    page.locator("[data-toast] button").click()  # taken back
    expect(page.locator("[data-toast]")).to_be_hidden()
    page.click("form button.first")
    assert site.ask("SELECT count(*) FROM return_cases WHERE state = 'approved'") == [(3,)]
    page.wait_for_selector("text=done,")
    assert site.ask("SELECT count(*) FROM return_cases WHERE state = 'approved'") >= [(3 + able - 1,)]


def test_a_second_person_releases_money(site: Site, browse: Open) -> None:
    page = at_console(browse())
    number = site.ask(
        "SELECT c.number FROM refunds r JOIN return_cases c ON c.id = r.case_id WHERE r.state = 'awaiting_release'"
    )[0][0]
    _open(page, number, "money_stuck")
    page.click("form[action$='/release'] button")
    page.wait_for_selector(".notice.good")
    assert site.ask("SELECT count(*) FROM refunds WHERE state = 'awaiting_release'") == [(0,)]
    reviewer = at_console(browse(), "ines@nordlicht.example", "demo-reviewer")
    _open(reviewer, number, "money_stuck")
    expect(reviewer.locator("form[action$='/release']")).to_have_count(0)


def test_one_time_codes_are_asked_for_once_they_are_on(browse: Open) -> None:
    page = at_console(browse())
    page.goto("/console/me")
    secret = page.input_value("input[name=secret]")
    page.fill("#codes_password", "demo-manager")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("text=Use codes")
    page.wait_for_selector("h2 .badge.good")
    other = browse()
    other.goto("/console/")
    other.fill("#email", "marta@nordlicht.example")
    other.fill("#password", "demo-manager")
    other.keyboard.press("Enter")
    other.wait_for_selector("#code")
    other.fill("#code", "000000")
    other.keyboard.press("Enter")
    other.wait_for_selector(".field-error")


def test_single_keys_can_be_switched_off(site: Site, browse: Open) -> None:
    page = at_console(browse())
    _open(page, site.number("requested"))
    page.keyboard.press("?")
    page.uncheck("dialog [data-keys]")
    page.click("dialog [data-closes]")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    expect(page.locator("[data-toast]")).to_be_hidden()


def test_a_saved_view_is_its_address(browse: Open) -> None:
    page = at_console(browse())
    page.goto("/console/queues/all?state=settling&sort=amount")
    page.click("text=Save this view")
    page.fill("#view-name", "Big money")
    page.click(".save-view button")
    page.goto("/console/queues/needs_decision")
    page.click("text=Big money")
    page.wait_for_url("**/queues/all?state=settling&sort=amount")
