"""The demo shop behind a real server, and a real Chromium in front of it."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from returns_service.app import create_app
from returns_service.commands.demo import load_demo
from returns_service.config import Settings
from returns_service.store import migrations
from returns_service.usecases.runtime import Runtime
from returns_service.wiring import build
from tests.ground.processes import free_ports

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SECRET = "0123456789" * 4
NO_REDIS = "redis://127.0.0.1:1/0"


def settings(folder: Path, port: int) -> Settings:
    return Settings(
        data_dir=folder, port=port, secret_key=SECRET, redis_url=NO_REDIS, rate_limit="off", log_level="error"
    )  # type: ignore[call-arg]


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo shop, loaded once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, ready = root / "browser-demo", root / "browser-demo.ready"
    try:
        folder.mkdir()
    except FileExistsError:
        while not ready.exists():
            time.sleep(0.2)
        return folder
    ours = settings(folder, 8000)
    migrations.upgrade(ours.database_url)
    load_demo(ours)
    ready.touch()
    return folder


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


@dataclass
class Site:
    """One server with a shop of its own."""

    url: str
    runtime: Runtime
    folder: Path
    server: BaseWSGIServer | None = None

    def start(self) -> None:
        """Answer at the address of the site."""
        port = int(self.url.rpartition(":")[2])
        app = create_app(self.runtime)
        self.server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """As if the cable were pulled: nobody answers any more."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def number(self, state: str, nth: int = 0) -> str:
        """The number of a case in a state."""
        return self.ask("SELECT number FROM return_cases WHERE state = ? ORDER BY id", state)[nth][0]

    def ask(self, query: str, *values: object) -> list[tuple[str, ...]]:
        """Straight from the database, to see what really happened."""
        with sqlite3.connect(self.folder / "returns.db") as connection:
            return connection.execute(query, values).fetchall()

    def state(self, number: str) -> str:
        return self.ask("SELECT state FROM return_cases WHERE number = ?", number)[0][0]


@pytest.fixture
def site(demo_folder: Path, tmp_path: Path) -> Iterator[Site]:
    """A fresh copy of the demo shop on a port of its own."""
    folder = tmp_path / "data"
    shutil.copytree(demo_folder, folder)
    (port,) = free_ports(1)
    runtime = build(settings(folder, port))
    made = Site(f"http://127.0.0.1:{port}", runtime, folder)
    made.start()
    yield made
    made.stop()
    runtime.db.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("No chromium here; on Debian: apt-get install chromium")
        pytest.skip("No chromium here; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def browse(chromium: Browser, site: Site) -> Iterator[Open]:
    """Opens a fresh browser on the site; any error in a page's script fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_(**wishes: object) -> Page:
        wanted = {
            "viewport": {"width": 1280, "height": 800},
            "locale": "en-GB",
            "base_url": site.url,
            **wishes,
        }
        context = chromium.new_context(**wanted)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_default_timeout(15_000)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def until(page: Page, expression: str, seconds: float = 15) -> None:
    """Waits until an expression is true in the page; the page's own rules forbid to evaluate strings there."""
    end = time.monotonic() + seconds
    while not _true(page, expression):
        assert time.monotonic() < end, expression
        time.sleep(0.005)


def _true(page: Page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error:  # the page is just being left; the next one answers
        return False


def burst(page: Page, code: str) -> None:
    """Types like a scanner: 5 ms a key, then Enter. Faster than playwright's own keys, so it is done in the page.

    A scanner keeps its pace while the page is busy: the keys bear the times at which it pressed them.
    """
    page.evaluate(
        """async (code) => {
            let at = performance.now() - 5;
            const press = (key) => {
                const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
                Object.defineProperty(event, "timeStamp", { value: at += 5 });
                return (document.activeElement ?? document.body).dispatchEvent(event);
            };
            for (const key of code) {
                const field = document.activeElement;
                if (press(key) && field && "value" in field && ["text", "search", ""].includes(field.type ?? "")) field.value += key;
                await new Promise((done) => setTimeout(done, 5));
            }
            press("Enter");
        }""",
        code,
    )


def at_bench(page: Page, badge: str = "B-1001", pin: str = "2468", station: str = "Bench 3") -> Page:
    """Signs in at the bench."""
    page.goto("/warehouse/")
    page.fill("#station", station)
    page.fill("#badge", badge)
    page.fill("#pin", pin)
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-bench=listening] [data-screen=ready]")
    return page


def at_console(page: Page, who: str = "marta@nordlicht.example", password: str = "demo-manager") -> Page:
    """Signs in to the console."""
    page.goto("/console/")
    page.fill("#email", who)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-console=ready]")
    return page
