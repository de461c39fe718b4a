"""W0: badge and PIN; the station is remembered by the device."""

from uuid import UUID

from flask import Blueprint, Response, g, request

from returns_service.domain.roles import Right
from returns_service.pages import tenants
from returns_service.pages.warehouse.door import DOOR, STATION
from returns_service.pages.web import (
    Form,
    Submitted,
    gettext,
    limits,
    local_path,
    now,
    page,
    runtime,
    see_other,
)
from returns_service.usecases import people
from returns_service.usecases.people import Person
from returns_service.usecases.sign_in import SignInRefused, with_badge

TRIES = "6/15 minutes"


def register(blueprint: Blueprint) -> None:
    blueprint.get("/sign-in")(sign_in)
    blueprint.post("/sign-in")(signed_in)
    blueprint.post("/sign-out")(sign_out)
    blueprint.post("/lock")(lock)


def sign_in() -> Response:
    return _form(Form(_remembered()))


def _remembered() -> dict[str, str]:
    known = STATION.read() or {}
    return {
        "station": known.get("station", ""),
        "location": known.get("location", ""),
        "shop": known.get("shop", ""),
    }


def _form(form: Form, status: int = 200) -> Response:
    shop = tenants.of_sign_in(form.value("shop"))
    locations = [
        (place["code"], place.get("name", place["code"])) for place in (shop.locations if shop else ())
    ]
    return page(
        "warehouse/sign_in.html",
        status,
        form=form,
        several=tenants.several(),
        locations=locations,
        locked=_locked_out(),
        next=local_path(request.values.get("next"), "/warehouse/"),
    )


def _locked_out() -> Person | None:
    """Who was here before the bench locked itself; only the PIN is asked then."""
    said = g.get("idle")
    if not said:
        return None
    with runtime().db.read() as session:
        from_then = now().fromtimestamp(said["since"], now().tzinfo)
        found = people.who(session, UUID(said["user"]), session_id=said["id"], since=from_then, now=now())
    return found if found and found.badge else None


def signed_in() -> Response:
    form = Submitted()
    shop = tenants.of_sign_in(form.text("shop"))
    station = form.need("station", gettext("Give this station a name, such as Bench 3."))
    badge = form.need("badge", gettext("Scan your badge."))
    pin = form.need("pin", gettext("Enter your PIN."))
    if shop is None:
        form.wrong("shop", gettext("Enter the short name of your shop."))
    if not form.ok or shop is None:
        return _form(form, 422)
    keys = (f"{shop.id}:{badge.upper()}", request.remote_addr or "")
    if any(limits().spent(TRIES, "bench", key) for key in keys):
        form.wrong("pin", gettext("Too many tries. Wait 15 minutes, or ask a manager."))
        return _form(form, 429)
    try:
        with runtime().db.read() as session:
            someone = with_badge(session, shop.id, badge=badge, pin=pin)
    except SignInRefused:
        for key in keys:
            limits().spend(TRIES, "bench", key)
        form.wrong("pin", gettext("The badge or the PIN is not right."))
        return _form(form, 403)
    if not someone.may(Right.RECEIVE):
        form.wrong("badge", gettext("Your role does not work at the bench."))
        return _form(form, 403)
    limits().forgive(TRIES, "bench", keys[0])
    words = {"station": station[:60], "location": form.text("location", 60)}
    answer = DOOR.open(see_other(local_path(form.text("next"), "/warehouse/")), someone, **words)
    STATION.write(answer, {**words, "shop": shop.slug})
    return answer


def sign_out() -> Response:
    return DOOR.close(see_other("/warehouse/sign-in"))


def lock() -> Response:
    """As if nobody had touched anything for a while: the PIN is asked again, the badge is known."""
    answer = see_other("/warehouse/sign-in")
    DOOR.cookie.write(answer, {**g.session, "seen": 0})
    g.written = True
    return answer
