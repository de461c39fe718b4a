"""The first page: the doors of the service, for whoever comes without an address."""

from flask import Blueprint, Response, g

from returns_service.pages import tenants
from returns_service.pages.web import blueprint, page


def pages() -> Blueprint:
    made = blueprint("start")
    made.get("/")(start)
    return made


def start() -> Response:
    g.all_languages = True
    only = tenants.of_sign_in("")
    return page("start.html", portal=f"/portal/{only.slug}" if only else "")
