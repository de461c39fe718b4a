"""Every screen of bench and console: no accessibility violation by day and by night, no sideways scrolling, small."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from returns_service.app import create_app
from tests.browser.conftest import Open, Site, at_bench, at_console, burst
from tests.browser.office import furnish

LARGEST_PAGE = 60_000
CONSOLE = (
    "queues/needs_decision",
    "queues/all",
    "queues/mine",
    "queues/all?q=nothing+like+this",
    "figures",
    "operations",
    "operations/messages",
    "operations/webhooks",
    "recoveries",
    "recoveries?all=1",
    "privacy",
    "policies",
    "policies/standard/1",
    "policies/standard/compare?old=1&new=2",
    "policies/standard/change",
    "policies/standard/proposal",
    "replies",
    "me",
)
STATES = (
    "requested",
    "rejected",
    "settling",
    "received",
    "refunded",
    "replaced",
    "info_requested",
    "inspected",
)
HEAVY = tuple(name for name in CONSOLE if name.startswith(("policies/standard", "operations/messages")))
"""Whole documents and long lists; they are paged or folded, not small."""


SEEN = {
    "/console/queues/<view>",
    "/console/cases/<number>",
    "/console/policies",
    "/console/policies/<name>/<int:version>",
    "/console/policies/<name>/compare",
    "/console/policies/<name>/change",
    "/console/policies/<name>/proposal",
    "/console/policies/<name>/trials/<uuid:trial_id>",
    "/console/operations",
    "/console/operations/messages",
    "/console/operations/webhooks",
    "/console/operations/webhooks/<uuid:endpoint_id>",
    "/console/recoveries",
    "/console/privacy",
    "/console/figures",
    "/console/people",
    "/console/keys",
    "/console/replies",
    "/console/shop",
    "/console/me",
    "/console/sign-in",
    "/console/sign-in/company",  # test_company
    "/warehouse/sign-in",
    "/warehouse/",
    "/warehouse/parcels/<number>",
    "/warehouse/unknown",
    "/warehouse/commands",
    "/warehouse/shift",
}
NO_SCREENS = {
    "/console/",
    "/console/search",
    "/console/sign-in/company/back",
    "/console/figures/<name>.csv",
    "/console/photos/<uuid:photo_id>",
    "/warehouse/photos/<uuid:photo_id>",
    "/warehouse/parcels/<number>/proposal",
    "/warehouse/worker.js",
}
"""Pictures, files, answers to scripts, and doors that lead on."""

WIDE = """() => [...document.querySelectorAll("body *")].filter((node) => {
    if (node.getBoundingClientRect().right <= 321) return false;
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== "visible") return false;
    return true;
}).slice(0, 4).map((node) => node.outerHTML.slice(0, 160))"""
"""What sticks out."""


COLOURS = {"runOnly": ["color-contrast"]}


def check(page: Page, name: str) -> None:
    """Axe by day, and by night for what the night changes."""
    for scheme, rules in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for _ in range(4):  # the styles follow a moment later, on a busy machine a longer one
            page.wait_for_timeout(60)
            violations = Axe().run(page, options=rules).response["violations"]
            if not violations:
                break
            page.wait_for_timeout(300)
        told = "\n".join(f"{v['id']}: {[_place(n) for n in v['nodes'][:3]]}" for v in violations)
        assert told == "", f"{name} ({scheme}): {told}"


def _place(node: dict[str, Any]) -> str:
    why = node["any"][0]["message"] if node["any"] else ""
    return f"{node['html'][:200]} {why}"


def fits(page: Page, name: str) -> None:
    """Nothing scrolls sideways on the narrowest phone."""
    page.set_viewport_size({"width": 320, "height": 640})
    for _ in range(20):  # the layout follows the new size a moment later
        page.wait_for_timeout(100)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width <= 320:
            break
    assert width <= 320, f"{name} is {width} wide: {page.evaluate(WIDE)}"
    page.set_viewport_size({"width": 1280, "height": 800})


def small(page: Page, name: str) -> None:
    size = len(page.content().encode())
    assert size < LARGEST_PAGE or name in HEAVY, f"{name} has {size} bytes"


def test_the_console(site: Site, browse: Open) -> None:
    furnished = furnish(site)
    _look(at_console(browse()), *CONSOLE, *furnished)


def _look(page: Page, *names: str) -> None:
    for name in names:
        page.goto(f"/console/{name}")
        page.wait_for_selector("[data-screen]")
        check(page, name)
        fits(page, name)
        small(page, name)


def test_returns_in_every_state_and_many_at_once(site: Site, browse: Open) -> None:
    page = at_console(browse())
    _look(page, *(f"cases/{site.number(state)}" for state in STATES))
    page.goto("/console/queues/needs_decision")
    page.check("[data-all-rows]")
    page.click("text=See what would happen")
    page.wait_for_selector("[data-screen=bulk]")
    check(page, "bulk")
    fits(page, "bulk")
    page.goto("/console/queues/all")
    page.keyboard.press("?")
    check(page, "keyboard")


def test_every_page_of_the_staff_is_looked_at(site: Site) -> None:
    """A page that is added is added here too, or said to be none."""
    rules = [rule for rule in create_app(site.runtime).url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {rule.rule for rule in rules if rule.rule.startswith(("/console/", "/warehouse/"))}
    assert pages == SEEN | NO_SCREENS


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_the_console_in_chinese(site: Site, browse: Open, language: str) -> None:
    page = at_console(browse(locale=language))
    for name in ("queues/all", f"cases/{site.number('requested')}", "figures"):
        page.goto(f"/console/{name}")
        page.wait_for_selector("[data-screen]")
        fits(page, name)
        assert page.evaluate("document.documentElement.lang").startswith("zh-Han")
        for english in ("Needs decision", "Approve", "Decline", "Conversation", "Returns by week"):
            assert english not in page.inner_text("body"), f"{name}: {english}"


def test_administration(browse: Open) -> None:
    page = at_console(browse(), "astrid@nordlicht.example", "demo-administrator")
    _look(
        page,
        "people",
        "keys",
        "shop",
        "operations/webhooks",
        "queues/unreachable",
        "queues/all?q=kelelr",
    )


def test_the_bench(site: Site, browse: Open) -> None:
    page = browse()
    page.goto("/warehouse/")
    check(page, "sign-in")
    fits(page, "sign-in")
    at_bench(page)
    for path in (
        "",
        "unknown",
        "commands",
        "shift",
        *(f"parcels/{site.number(s)}" for s in ("shipped_back", "received", "refunded", "cancelled")),
    ):
        page.goto(f"/warehouse/{path}")
        page.wait_for_selector("[data-screen]")
        check(page, path)
        fits(page, path)
        small(page, path)
    burst(page, "TEE-M")  # an article of several returns
    page.wait_for_selector("[data-screen=choice], [data-screen=parcel], .say.bad:not([hidden])")
    check(page, "choice")
    fits(page, "choice")
    burst(page, "NOTHING-LIKE-THIS")
    page.wait_for_selector(".say.bad:not([hidden])")
    check(page, "refused")


def test_sign_in_and_errors(browse: Open) -> None:
    page = browse()
    for path in ("/console/sign-in", "/nowhere", "/dev/components"):
        page.goto(path)
        check(page, path)
        fits(page, path)
