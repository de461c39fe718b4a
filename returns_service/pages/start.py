"""The first page: the doors of the service, for whoever comes without an address."""

from flask import Blueprint, Response, g

from returns_service.pages import tenants
from returns_service.pages.web import blueprint, page, runtime
from returns_service.pages.web.assets import FOREVER
from returns_service.usecases import find_shop
from returns_service.usecases.keep_logo import read_logo


def pages() -> Blueprint:
    made = blueprint("start")
    made.get("/")(start)
    made.get("/brand/<slug>/<name>")(logo)
    return made


def start() -> Response:
    g.all_languages = True
    only = tenants.of_sign_in("")
    return page("start.html", portal=f"/portal/{only.slug}" if only else "")


def logo(slug: str, name: str) -> Response:
    """A shop's logo, for its pages and for its mails in whatever program they are read."""
    with runtime().db.read() as session:
        shop = find_shop.by_slug(session, slug)
    answer = Response(read_logo(shop.id, name, files=runtime().files), content_type="image/png")
    answer.headers["Cache-Control"] = FOREVER
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
