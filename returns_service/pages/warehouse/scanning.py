"""W1: the bench is ready; what a scanned code means."""

import re
from uuid import UUID

from flask import Blueprint, Response

from returns_service.domain.case import read_number
from returns_service.pages.photos import show as show_photo
from returns_service.pages.photos import take as take_photo
from returns_service.pages.warehouse import views
from returns_service.pages.warehouse.door import actor, show, wants_part
from returns_service.pages.web import Submitted, gettext, runtime, see_other
from returns_service.pages.web.assets import serve
from returns_service.usecases import bench

_CODE = re.compile(r"[^\x00-\x1f\x7f]{3,120}")
_IN_LINK = re.compile(r"/returns/([A-Za-z0-9-]{8,12})(?:[/?#]|$)")


def register(blueprint: Blueprint) -> None:
    blueprint.get("/")(ready)
    blueprint.post("/scan")(scan)
    blueprint.get("/parcels/<number>")(parcel)
    blueprint.get("/photos/<uuid:photo_id>")(photo)
    blueprint.post("/photos")(upload)
    blueprint.get("/worker.js")(worker)


def ready() -> Response:
    return views.ready()


def scan() -> Response:
    """A code from scanner, camera or keyboard: the parcel it means, a choice, or a clear no."""
    code = Submitted().text("code", 200)
    match = _IN_LINK.search(code)
    code = match[1] if match else code
    if not _CODE.fullmatch(code):
        return views.ready(sound="stop", say=gettext("This is not a code of ours."), status=422)
    with runtime().db.read() as session:
        found = bench.find(session, code, actor=actor())
    if not found:
        return _unknown(code)
    if len(found) > 1:
        say = gettext("%(count)s returns fit. Choose one.", count=len(found))
        return show(
            "warehouse/choice.html", "/warehouse/", sound="attention", say=say, found=found, code=code
        )
    if wants_part():
        return views.parcel_of(UUID(found[0]["id"]), sound="ok")
    return see_other(f"/warehouse/parcels/{found[0]['number']}")


def _unknown(code: str) -> Response:
    mistyped = code.upper().startswith("R-") and read_number(code) is None
    say = (
        gettext("%(code)s is not a return number: a sign is wrong. Scan it again.", code=code)
        if mistyped
        else gettext("No return is known for %(code)s.", code=code)
    )
    return views.ready(sound="stop", say=say, status=404, unknown=code)


def parcel(number: str) -> Response:
    return views.parcel(number)


def photo(photo_id: UUID) -> Response:
    return show_photo(photo_id, actor())


def upload() -> Response:
    return take_photo(actor())


def worker() -> Response:
    """What keeps the bench on the device; at this address because it may only look after what lies below it."""
    answer = serve("", "js/bench-worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return answer
