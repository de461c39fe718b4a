"""The first page: the doors of the service, for whoever comes without an address."""

import re
from contextlib import suppress

from flask import Blueprint, Response, abort, g

from returns_service.pages import tenants
from returns_service.pages.dev import mailbox
from returns_service.pages.i18n import N_
from returns_service.pages.web import blueprint, page, runtime, see_other
from returns_service.pages.web.assets import FOREVER
from returns_service.usecases import find_shop
from returns_service.usecases.keep_logo import read_logo

ROLES = {"reviewer": N_("Reviewer"), "manager": N_("Manager"), "administrator": N_("Administrator")}
_PERSON = re.compile(r"^  (\w+) +(\S+@\S+), ([^\s,]+)(?:, badge (\S+), PIN (\d+))?$", re.M)


def pages() -> Blueprint:
    made = blueprint("start")
    made.get("/")(start)
    made.get("/portal", strict_slashes=False)(portal)
    made.get("/brand/<slug>/<name>")(logo)
    return made


def start() -> Response:
    g.all_languages = True
    only = tenants.of_sign_in("")
    people = _people() if mailbox.here() else []
    return page(
        "start.html",
        portal=f"/portal/{only.slug}" if only else "",
        mailbox=mailbox.here(),
        badges=[(badge, pin) for *_, badge, pin in people if badge],
        desks=[(role, email, password) for role, email, password, *_ in people if role in ROLES],
        roles=ROLES,
    )


def portal() -> Response:
    """The portal of the only shop; which there are is not told."""
    only = tenants.of_sign_in("")
    return see_other(f"/portal/{only.slug}") if only else abort(404)


def _people() -> list[tuple[str, ...]]:
    """Who may sign in to the demo shop, where it is the one on this machine."""
    with suppress(OSError):
        return _PERSON.findall((runtime().settings.data_dir / "demo-sign-ins.txt").read_text())
    return []


def logo(slug: str, name: str) -> Response:
    """A shop's logo, for its pages and for its mails in whatever program they are read."""
    with runtime().db.read() as session:
        shop = find_shop.by_slug(session, slug)
    answer = Response(read_logo(shop.id, name, files=runtime().files), content_type="image/png")
    answer.headers["Cache-Control"] = FOREVER
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
