"""The shop's own settings: name, colour, logo, languages, addresses, and what is asked of its people."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, Response, abort, request

from returns_service.domain import money
from returns_service.domain.errors import Invalid, Refusal
from returns_service.domain.roles import Right
from returns_service.pages import i18n, safe
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import needs
from returns_service.pages.i18n import N_
from returns_service.pages.web import Form, Submitted, gettext, runtime, see_other
from returns_service.pages.web.brand import DEFAULT
from returns_service.pages.web.context import serve_shop, shop
from returns_service.pages.web.security import origin
from returns_service.usecases import change_shop, find_shop
from returns_service.usecases.draft_policy import TWO_PEOPLE
from returns_service.usecases.keep_logo import LARGEST, keep_logo

SWITCHES = {
    "codes_required": N_("Everybody who signs in with a password needs a one-time code"),
    TWO_PEOPLE: N_("A change of the policy is published by a second person"),
}
PLACES = ("code", "name", "country", "lines", "restocks")


def register(blueprint: Blueprint) -> None:
    blueprint.get("/shop")(settings)
    blueprint.post("/shop")(save_settings)


@needs(Right.SHOP)
def settings(form: Form | None = None, status: int = 200, places: Sequence[Any] | None = None) -> Response:
    served = shop()
    if served is None:
        abort(404)
    return show(
        "console/shop.html",
        status,
        form=form or Form(_values(served)),
        facts=served,
        zones=sorted(available_timezones()),
        names=i18n.NAMES,
        switches=SWITCHES,
        places=[*(served.locations if places is None else places), {}],
        done=request.args.get("done", ""),
    )


def _values(served: find_shop.ShopFacts) -> dict[str, str]:
    return {
        "name": served.name,
        "time_zone": served.time_zone,
        "colour": served.brand.get("colour", DEFAULT),
        "support_email": served.brand.get("support_email") or "",
        "image_origins": "\n".join(served.settings.get("image_origins") or []),
        "release_above": "\n".join(" ".join(one) for one in served.settings.get("release_above", {}).items()),
    }


@needs(Right.SHOP)
def save_settings() -> Response:
    request.max_content_length = LARGEST + 1024 * 1024
    form = Submitted()
    places = _places(form)
    wanted: dict[str, Any] = {name: form.flag(name) for name in SWITCHES}
    wanted |= {"image_origins": _origins(form), "release_above": _releases(form)}
    brand = {
        "colour": safe.colour(form.text("colour", 10), DEFAULT),
        "support_email": form.text("support_email", 200) or None,
        **_logo(form),
    }
    if not form.ok:
        return settings(form, 422, places)
    changes = {
        "name": form.text("name", 100),
        "time_zone": form.text("time_zone", 60),
        "languages": form.list("languages"),
        "brand": brand,
        "locations": places,
    }
    try:
        with runtime().db.begin() as session:
            change_shop.change_shop(session, changes, actor=actor())
            change_shop.change_settings(session, wanted, actor=actor())
            fresh = find_shop.by_id(session, actor().shop_id)
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return settings(form, 422, places)
    serve_shop(fresh)
    return see_other("/console/shop?done=1")


def _origins(form: Submitted) -> list[str]:
    """Where the pictures of the articles are, one address a line; of each its scheme and host."""
    lines = form.text("image_origins", 1000).split()
    found = [origin(line if "//" in line else f"https://{line}") for line in lines]
    if not all(found):
        form.wrong("image_origins", gettext("Write addresses such as https://cdn.example.com, one a line."))
    return list(dict.fromkeys(found))


def _releases(form: Submitted) -> dict[str, str]:
    """Above which amount of each currency a second person is needed."""
    found: dict[str, str] = {}
    for line in filter(str.strip, form.text("release_above", 1000).splitlines()):
        currency, _, amount = line.strip().upper().partition(" ")
        limit = _limit(amount.strip(), currency)
        if limit is None:
            form.wrong("release_above", gettext("Write amounts such as EUR 1000.00, one currency a line."))
        else:
            found[currency] = money.text(limit, currency)
    return found


def _limit(amount: str, currency: str) -> int | None:
    try:
        limit = money.parse(amount, currency)
    except Invalid:
        return None
    return limit if limit >= 0 else None


def _logo(form: Submitted) -> dict[str, str | None]:
    """What becomes of the logo: a new one, none any more, or no word of it."""
    served, file = shop(), request.files.get("logo")
    if file is not None and file.filename and served is not None:
        try:
            name = keep_logo(
                file.stream.read(LARGEST + 1),
                pictures=runtime().pictures,
                files=runtime().files,
                actor=actor(),
            )
        except Invalid:
            form.wrong("logo", gettext("This is not a picture that we can read. Send PNG, JPEG or WebP."))
            return {}
        return {"logo_url": f"{runtime().settings.public_url}/brand/{served.slug}/{name}"}
    return {"logo_url": None} if form.flag("no_logo") else {}


def _places(form: Submitted) -> list[dict[str, Any]]:
    """The addresses, without those that were emptied; what only other programs set of one stays with it."""
    served = shop()
    known = {place["code"]: {**place, "address": None} for place in (served.locations if served else ())}
    found = []
    columns = zip(*(form.list(f"place-{part}") for part in PLACES), strict=False)
    for code, name, country, lines, restocks in columns:
        words = {"code": code.strip()[:40], "name": name.strip()[:100], "country": country.strip().upper()}
        rows = [row.strip()[:100] for row in lines.split("\n") if row.strip()][:7]
        if not any(words.values()) and not rows:
            continue
        if not words["code"] or len(words["country"]) != 2 or not words["country"].isalpha() or not rows:
            form.wrong(
                "places", gettext("An address has a short name, a country of two letters and its lines.")
            )
        found.append({**known.get(words["code"], {}), **words, "lines": rows, "restocks": restocks != "no"})
    if len({place["code"] for place in found}) < len(found):
        form.wrong("places", gettext("Two addresses have the same short name."))
    return found
