"""Starts the sandbox gateway: `python -m returns_service.sandbox`."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

import click
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from returns_service import config
from returns_service.sandbox import app
from returns_service.sandbox.gateway import Gateway, Timing
from returns_service.sandbox.ledger import Ledger
from returns_service.sandbox.webhooks import Teller


class _Quiet(WSGIRequestHandler):
    """One line per request is noise beside the service's own log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  the base class names it so
        if type == "error":
            super().log(type, message, *args)


@click.command()
@click.option("--port", type=int, help="Listen here instead of RETURNS_SANDBOX_PORT.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Keep the ledger here instead of in RETURNS_DATA_DIR."
)
@click.option("--service", help="Address of the service that webhooks go to.")
@click.option("--secret", help="Secret that signs webhooks (whsec_...).")
@click.option("--hang", default=30.0, show_default=True, help="Seconds until a time-out cuts the line.")
@click.option("--slow", default=3.0, show_default=True, help="Seconds of a slow answer.")
@click.option(
    "--turn",
    default=2.0,
    show_default=True,
    help="Seconds until a pending refund comes through or a late one fails.",
)
def main(
    port: int | None, data: Path | None, service: str | None, secret: str | None, **seconds: float
) -> None:
    """A payment gateway with its own ledger that can be told to misbehave."""
    settings = config.load()
    ledger = Ledger((data or settings.data_dir / "sandbox") / "ledger.db")
    gateway = Gateway(ledger, Timing(**seconds))
    address = service or f"http://{settings.visible_host}:{settings.port}"
    teller = Teller(ledger, address, secret or settings.sandbox_secret, gateway.turn_due)
    server = _listen(port or settings.sandbox_port, gateway, teller)
    teller.start()
    with suppress(KeyboardInterrupt):
        server.serve_forever()
    teller.stop()
    ledger.close()


def _listen(port: int, gateway: Gateway, teller: Teller) -> BaseWSGIServer:
    try:
        server = make_server(
            "127.0.0.1", port, app.create(gateway, teller), threaded=True, request_handler=_Quiet
        )
    except (OSError, SystemExit):
        sys.exit(f"The sandbox gateway cannot listen on port {port}; set RETURNS_SANDBOX_PORT to a free one.")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    return server


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
