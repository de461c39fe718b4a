"""Pictures of every screen, for looking at: `scripts/screens [part of a name]` puts them into .data/screens.

Three languages, phone and desktop, by day and by night. A fresh demo shop is loaded each time.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from returns_service.commands.demo import load_demo
from returns_service.domain.lifecycle import ENDED, STATES
from returns_service.store import migrations
from returns_service.wiring import build
from tests.browser.conftest import CHROMIUM, FLAGS, Site, at_bench, at_console, settings
from tests.browser.office import furnish
from tests.browser.test_portal import come_in
from tests.ground.processes import free_ports

TARGET = Path(".data/screens")
LANGUAGES = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHOWN = [state for state in STATES if state not in ENDED | {"closed"}]


def console(site: Site) -> dict[str, str]:
    """Name -> address of what an administrator sees, in a shop that was used for a while."""
    deliveries, trial = furnish(site)
    plain = {
        "deliveries": deliveries,
        "trial": trial,
        "policy": "policies/standard/1",
        "compare": "policies/standard/compare?old=1&new=2",
        "proposal": "policies/standard/proposal",
        "privacy": "privacy",
        "nothing": "queues/all?q=nothing",
        "stuck": "queues/money_stuck",
        "queue": "queues/needs_decision",
        "all": "queues/all",
        "empty": "queues/mine",
        "figures": "figures",
        "operations": "operations",
        "messages": "operations/messages",
        "webhooks": "operations/webhooks",
        "recoveries": "recoveries",
        "policies": "policies",
        "draft": "policies/standard/change",
        "me": "me",
        "people": "people",
        "keys": "keys",
        "shop": "shop",
        "replies": "replies",
    }
    cases = {f"case-{state}": f"cases/{site.number(state)}?view=needs_decision" for state in SHOWN}
    return {f"console-{name}": f"/console/{path}" for name, path in {**plain, **cases}.items()}


def bench(site: Site) -> dict[str, str]:
    plain = {"ready": "", "unknown": "unknown", "commands": "commands", "shift": "shift"}
    parcels = {
        "count": f"parcels/{site.number('shipped_back')}",
        "inspect": f"parcels/{site.number('received')}",
        "done": f"parcels/{site.number('refunded')}",
    }
    return {f"bench-{name}": f"/warehouse/{path}" for name, path in {**plain, **parcels}.items()}


FOLLOWED = (
    "approved",
    "info_requested",
    "rejected",
    "received",
    "settling",
    "refunded",
    "replaced",
    "cancelled",
)


def request(page: Page, site: Site) -> Iterator[str]:
    """A customer's way through a request; gives each screen when it is there."""
    page.goto("/portal/demo/withdraw")
    for name, text in (("name", "Emma Carter"), ("number", "2003"), ("email", "emma.carter@example.com")):
        page.fill(f"#{name}", text)
    page.click("main form .button.first")
    yield "portal-withdraw-confirm"
    come_in(page, site, "2024", "tomas.ferrer@example.com")
    yield "portal-items-none"
    page.context.clear_cookies()
    come_in(page, site, "2019", "jonas.brandt@example.com")
    yield "portal-items-late"
    if page.locator("[name^=quantity-]").count():
        page.locator("[name^=quantity-]").first.check()
        page.click("main form .button.first")
        page.locator("a.choice").first.click()
        page.locator("label.choice").first.click()
        page.click("main form .button.first")
        yield "portal-no"
    page.context.clear_cookies()
    page.goto("/portal/demo?number=2003")
    page.fill("#email", "emma.carter@example.com")
    page.keyboard.press("Enter")
    page.wait_for_url("**/code")
    yield "portal-code"
    page.fill("#code", "000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.bad")
    yield "portal-code-wrong"
    page.context.clear_cookies()
    come_in(page, site, "2003", "emma.carter@example.com")
    yield "portal-items"
    page.goto("/portal/demo/items?all=1")
    page.click("main form .button.first")
    yield "portal-why"
    for last in (False, False, True):
        page.locator("a.choice").nth(0).click()
        if last:
            yield "portal-reason"
        page.locator("label.choice").nth(1).click()
        page.click("main form .button.first")
        if last:
            page.check("[name=resolution][value=refund]")
            yield "portal-wish"
        page.locator("label.choice").first.click()
        page.click("main form .button.first")
    if page.url.endswith("/send"):
        yield "portal-send"
        page.locator("label.choice").first.click()
        page.click("main form .button.first")
    yield "portal-check"
    page.click("main form .button.first")
    yield "portal-done"
    page.goto("/portal/demo/data")
    yield "portal-data"


def follow(page: Page, site: Site) -> Iterator[str]:
    """The page of a return in several states."""
    for state in FOLLOWED:
        number = site.number(state)
        found = "SELECT o.number, o.email FROM orders o JOIN return_cases c ON c.order_id = o.id WHERE c.number = ?"
        ((order, address),) = site.ask(found, number)
        page.context.clear_cookies()
        page.goto(f"/portal/demo/returns/{number}")
        if state == "approved":
            yield "portal-brief"
        come_in(page, site, order, address)
        page.goto(f"/portal/demo/returns/{number}")
        yield f"portal-{state}"


OPEN = {
    "sign-in-console": "/console/sign-in",
    "sign-in-bench": "/warehouse/sign-in",
    "doors": "/",
    "mailbox": "/dev/mailbox",
    "api": "/v1/docs",
    "error": "/nowhere",
    "components": "/dev/components",
    "portal-find": "/portal/demo",
    "portal-withdraw": "/portal/demo/withdraw",
}


def at_office(page: Page) -> Page:
    return at_console(page, "astrid@nordlicht.example", "demo-administrator")


def every(page: Page, site: Site, wanted: str) -> Iterator[str]:
    """The name of each screen, when it is there."""
    for screens, enter in ((OPEN, None), (console(site), at_office), (bench(site), at_bench)):
        chosen = {name: path for name, path in screens.items() if wanted in name}
        if chosen and enter is not None:
            enter(page)
        for name, path in chosen.items():
            page.goto(path)
            yield name
    if wanted.startswith("portal") or not wanted:
        for way in (request, follow):
            yield from (name for name in way(page, site) if wanted in name)


def _looks(page: Page) -> Iterator[str]:
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(80)
            yield f"{size}.{scheme}"


@contextmanager
def serving(shop: Path, port: int) -> Iterator[Site]:
    """A server with a copy of the demo shop: each language meets it untouched."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(shop, folder, dirs_exist_ok=True)
        site = Site(f"http://127.0.0.1:{port}", build(settings(Path(folder), port)), Path(folder))
        site.start()
        yield site
        site.stop()
        site.runtime.db.close()


def take(browser: Browser, site: Site, wanted: str, language: str) -> None:
    """Every screen in one language, in every look."""
    context = browser.new_context(locale=LANGUAGES[language], base_url=site.url, reduced_motion="reduce")
    page = context.new_page()
    for name in every(page, site, wanted):
        for look in _looks(page):
            page.screenshot(path=TARGET / f"{name}.{language}.{look}.png", full_page=True)
    context.close()


def main(wanted: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as shop, sync_playwright() as playwright:
        (port,) = free_ports(1)  # the pictures of the items have it in their addresses
        ours = settings(Path(shop), port)
        migrations.upgrade(ours.database_url)
        load_demo(ours)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in LANGUAGES:
            with serving(Path(shop), port) as site:
                take(browser, site, wanted, language)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
