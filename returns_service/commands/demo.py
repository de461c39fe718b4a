"""The command that loads the demo shop, and the stage on which its stories are told."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from werkzeug.serving import WSGIRequestHandler, make_server

from returns_service.config import Settings
from returns_service.config import load as load_settings
from returns_service.demo.load import Loaded, Rehearsal, found, load
from returns_service.demo.orders import curated
from returns_service.demo.progress import Progress as Told
from returns_service.demo.progress import silent
from returns_service.demo.simulation import Clock
from returns_service.sandbox import app as sandbox
from returns_service.sandbox.gateway import Gateway, Timing
from returns_service.sandbox.ledger import Ledger
from returns_service.store import migrations
from returns_service.store.db import Database
from returns_service.wiring import clock as wall_clock
from returns_service.wiring import rehearsal

SIGN_INS = "demo-sign-ins.txt"
_LONG_AGO = timedelta(days=1000)


@click.group
def demo() -> None:
    """The demo shop."""


@demo.command("load")
@click.option("--seed", default=1, show_default=True, help="Another seed makes other orders.")
@click.option("--orders", default=0, metavar="N", help="So many made-up orders beside the curated ones.")
def demo_load(seed: int, orders: int) -> None:
    """Load the demo shop; what is there already is left alone."""
    settings = load_settings()
    migrations.upgrade(settings.database_url)
    with watched() as told:
        loaded = load_demo(settings, seed=seed, orders=orders, progress=told)
    click.echo(f"The shop {loaded.slug} has {loaded.orders} orders and {loaded.cases} cases.", err=True)
    if loaded.sign_ins:
        click.echo(loaded.sign_ins, nl=False)


@demo.command("order")
@click.argument("number")
def demo_order(number: str) -> None:
    """Print an order, delivered last week, as a storefront would send it; its payment is its own."""
    _, body = next(curated(wall_clock()))
    payments = [{**payment, "reference": f"pay_{number}"} for payment in body["payments"]]
    click.echo(json.dumps({**body, "number": number, "payments": payments}, indent=1, ensure_ascii=False))


def load_demo(settings: Settings, *, seed: int = 1, orders: int = 0, progress: Told = silent) -> Loaded:
    """The demo shop in a migrated database, with a file of its sign-ins in the data folder."""
    db = Database(settings.database_url)
    known = found(db)
    db.close()
    if known and not orders:
        return known
    present, clock = wall_clock(), Clock(wall_clock() - _LONG_AGO)
    with _gateway(settings, clock) as address, httpx.Client(base_url=address, trust_env=False) as lever:
        runtime = rehearsal(settings, clock, sandbox_url=address)

        def misbehave(kind: str, count: int) -> None:
            lever.post("/control", json={"next": kind, "count": count}).raise_for_status()

        try:
            loaded = load(
                Rehearsal(runtime, clock, present, misbehave), seed=seed, many=orders, progress=progress
            )
        finally:
            runtime.db.close()
    if loaded.sign_ins:
        _keep(settings.data_dir / SIGN_INS, loaded.sign_ins)
    return loaded


def _keep(path: Path, text: str) -> None:
    """Readable by the owner alone: there are keys in it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


@contextmanager
def watched() -> Iterator[Told]:
    """A progress bar for each thing that is loaded, while a person watches."""
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done)

        yield told


@contextmanager
def _gateway(settings: Settings, clock: Clock) -> Iterator[str]:
    """The address of the sandbox gateway: of the one that runs, or of our own on its ledger while we need it."""
    with suppress(httpx.HTTPError):
        if httpx.get(f"{settings.sandbox_url}/livez", timeout=1, trust_env=False).is_success:
            yield settings.sandbox_url
            return
    ledger = Ledger(settings.data_dir / "sandbox" / "ledger.db")
    gateway = Gateway(ledger, Timing(hang=0.1, slow=0.1), clock=lambda: clock().timestamp())
    server = make_server("127.0.0.1", 0, sandbox.create(gateway), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        ledger.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Requests are no news here."""
