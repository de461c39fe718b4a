"""The web server: granian with threads, which starts again what fails and finishes what it began."""

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from returns_service.config import load
from returns_service.processes import title

DRAIN_SECONDS = 8


@click.command
def web() -> None:
    """Run the web server."""
    settings = load()
    Granian(
        "returns_service.app:child",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=DRAIN_SECONDS,
        log_level=LogLevels.error,
        process_name=title("web"),
    ).serve()
