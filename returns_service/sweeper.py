"""The sweeper's commands: for ever, or once and as if it were another time."""

import signal
import threading
from datetime import datetime, timedelta

import click

from returns_service.config import load
from returns_service.jobs import relay
from returns_service.jobs import sweeper as rounds
from returns_service.jobs.chores import CHORES
from returns_service.processes import rarely_collect
from returns_service.wiring import build, clock


@click.command
def sweeper() -> None:
    """Run the sweeper; of several, one works and the others wait for it to fall silent."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    runtime = build(load())
    rarely_collect()
    rounds.run(runtime, CHORES, stop=stopping.is_set)


@click.command
@click.option("--at", "at", help="An instant such as 2026-11-05T00:00:00Z; the present one without it.")
def sweep(at: str | None) -> None:
    """Do once what is due: deadlines, reminders, waiting work. With --at as if it were that time."""
    runtime = build(load(), shift=_instant(at) - clock() if at else timedelta(0))
    rounds.sweep(runtime, CHORES)
    done = relay.drain(runtime, seconds=120)
    click.echo(f"Swept as of {runtime.now():%Y-%m-%d %H:%M:%S} UTC; {done} pieces of work done.", err=True)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not an instant such as 2026-11-05T00:00:00Z.") from None
    if found.tzinfo is None:
        raise click.BadParameter(f"{text!r} names no zone; write for example {text}Z.")
    return found
