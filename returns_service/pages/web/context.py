"""What a request knows: the runtime, the clock, the shop whose colours and time zone are shown."""

from datetime import datetime

from flask import current_app, g

from returns_service.usecases.find_shop import ShopFacts
from returns_service.usecases.runtime import Runtime


def runtime() -> Runtime:
    found: Runtime = current_app.extensions["runtime"]
    return found


def now() -> datetime:
    """One instant for the whole request."""
    if "now" not in g:
        g.now = runtime().now()
    found: datetime = g.now
    return found


def serve_shop(shop: ShopFacts) -> None:
    """From here on the request shows this shop's brand, in its time zone and its languages."""
    g.shop = shop


def shop() -> ShopFacts | None:
    found: ShopFacts | None = g.get("shop")
    return found


def zone() -> str:
    """The time zone in which days and times are shown."""
    served = shop()
    return served.time_zone if served else "UTC"
