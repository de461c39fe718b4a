"""How long a worker at the bench waits: from the last key of a scan to the sound, in a real browser where there is one."""

import re
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
from playwright.sync_api import sync_playwright

from returns_service.domain.actor import Actor
from returns_service.store.db import Database
from returns_service.store.shops import by_slug
from returns_service.usecases.change_staff import give_badge
from returns_service.usecases.create_staff import create_staff
from returns_service.wiring import clock
from tests.bench.clients import Seen, measure
from tests.bench.sections import Bench

BADGE, PIN = "BENCH-1", "2468"
CHROMIUM = Path("/usr/bin/chromium")
SCAN = """async (code) => {
    delete document.documentElement.dataset.heard;
    const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (const key of code) { press(key); await new Promise((done) => setTimeout(done, 5)); }
    const heard = new Promise((done) => new MutationObserver(done).observe(document.documentElement, { attributeFilter: ["data-heard"] }));
    const began = performance.now();
    press("Enter");
    await heard;
    return performance.now() - began;
}"""


def scans(bench: Bench, url: str) -> None:
    """Return numbers one after the other; `url` is the service's database."""
    _hire(url)
    found = bench.server.ask("SELECT string_agg(number, ' ') FROM return_cases", bench.database)
    numbers = str(found).split()[: bench.count(200)]
    base = f"http://127.0.0.1:{bench.service.port}"
    with httpx.Client(base_url=base) as client:
        token = _sign_in(client)
        codes = iter(numbers * 2)
        fetch = {"X-Requested-With": "fetch"}

        def scan() -> None:
            form = {"code": next(codes), "csrf": token}
            client.post("/warehouse/scan", data=form, headers=fetch).raise_for_status()

        seen = measure([scan], len(numbers))
    bench.failed(seen)
    bench.report.add("scan to answer, server, p50", seen.percentile(50), "ms")
    bench.report.add("scan to answer, server, p95", seen.percentile(95), "ms")
    if CHROMIUM.exists():
        in_browser = _in_browser(base, numbers)
        bench.report.add("scan to sound, in a browser, p50", in_browser.percentile(50), "ms")
        bench.report.add("scan to sound, in a browser, p95", in_browser.percentile(95), "ms")
    else:
        print("... no chromium here: scans are measured at the server alone", file=sys.stderr)


def _hire(url: str) -> None:
    database = Database(url)
    with database.begin() as session:
        shop = by_slug(session, "demo")
        admin = Actor(shop.id, "staff", "Bench", frozenset({"admin"}))
        person = {"email": "bench@example.com", "name": "Bench", "role": "warehouse", "password": None}
        row, _ = create_staff(session, shop.id, **person, now=clock())  # type: ignore[arg-type]
        give_badge(session, row.id, badge=BADGE, pin=PIN, actor=admin)
    database.close()


def _sign_in(client: httpx.Client) -> str:
    form = {"badge": BADGE, "pin": PIN, "station": "1", "csrf": _token(client.get("/warehouse/sign-in").text)}
    client.post("/warehouse/sign-in", data=form)
    return _token(client.get("/warehouse/").text)


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return found[1] if found else ""


def _in_browser(base: str, numbers: list[str]) -> Seen:
    seen = Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=base)
        page.goto(f"/warehouse/sign-in?next={quote('/warehouse/')}")
        for field, value in (("station", "1"), ("badge", BADGE), ("pin", PIN)):
            page.fill(f"#{field}", value)
        page.keyboard.press("Enter")
        page.wait_for_selector("html[data-bench=listening]")
        for number in numbers:
            seen.times.append(page.evaluate(SCAN, number) / 1000)
        browser.close()
    return seen
