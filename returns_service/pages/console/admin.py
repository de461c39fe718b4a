"""People, keys and the shop's own settings, so that nobody needs the command line for daily work."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from flask import Blueprint, Response, abort

from returns_service.domain.errors import Refusal
from returns_service.domain.roles import RIGHTS, ROLES, Right
from returns_service.domain.scopes import SCOPES
from returns_service.pages import i18n, safe
from returns_service.pages.console import words
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import needs
from returns_service.pages.i18n import N_
from returns_service.pages.web import Form, Submitted, gettext, now, runtime, see_other
from returns_service.pages.web.context import serve_shop, shop
from returns_service.usecases import change_shop, change_staff, find_shop, people
from returns_service.usecases.create_key import create_key
from returns_service.usecases.create_staff import create_staff
from returns_service.usecases.draft_policy import TWO_PEOPLE
from returns_service.usecases.list_keys import list_keys
from returns_service.usecases.revoke_key import revoke_key
from returns_service.usecases.rotate_key import rotate_key

OVERLAP = timedelta(days=1)
SWITCHES = {
    "codes_required": N_("Everybody who signs in with a password needs a one-time code"),
    TWO_PEOPLE: N_("A change of the policy is published by a second person"),
}


def register(blueprint: Blueprint) -> None:
    blueprint.get("/people")(staff)
    blueprint.post("/people")(hire)
    blueprint.post("/people/<uuid:user_id>/<deed>")(change)
    blueprint.get("/keys")(keys)
    blueprint.post("/keys")(new_key)
    blueprint.post("/keys/<uuid:key_id>/revoke")(revoke)
    blueprint.post("/keys/<uuid:key_id>/rotate")(rotate)
    blueprint.get("/shop")(settings)
    blueprint.post("/shop")(save_settings)
    blueprint.get("/replies")(replies)
    blueprint.post("/replies")(save_replies)


@needs(Right.PEOPLE)
def staff(form: Form | None = None, *, secret: str = "", who: str = "", status: int = 200) -> Response:
    with runtime().db.read() as session:
        everyone = people.everyone(session, actor().shop_id)
    return show(
        "console/people.html",
        status,
        everyone=everyone,
        form=form or Form(),
        roles=ROLES,
        table=RIGHTS,
        secret=secret,
        who=who,
        words=words,
    )


@needs(Right.PEOPLE)
def hire() -> Response:
    """A person and their first password, shown once."""
    form = Submitted()
    try:
        with runtime().db.begin() as session:
            row, secret = create_staff(
                session,
                actor().shop_id,
                email=form.text("email", 200),
                name=form.text("name", 100),
                role=form.text("role", 20),
                password=None,
                now=now(),
            )
            name = row.name
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return staff(form, status=422)
    return staff(secret=secret, who=name)


@needs(Right.PEOPLE)
def change(user_id: UUID, deed: str) -> Response:
    form, secret = Submitted(), ""
    try:
        with runtime().db.begin() as session:
            if deed == "role":
                change_staff.change_role(session, user_id, form.text("role", 20), actor=actor(), now=now())
            elif deed == "disable":
                change_staff.disable(session, user_id, actor=actor(), now=now())
            elif deed == "enable":
                change_staff.enable(session, user_id, actor=actor())
            elif deed == "badge":
                badge, pin = form.text("badge", 60), form.text("pin", 12)
                change_staff.give_badge(session, user_id, badge=badge, pin=pin, actor=actor())
            elif deed == "password":
                secret = change_staff.new_password(session, user_id, actor=actor(), now=now())
            else:
                abort(404)
            name = people.one(session, actor().shop_id, user_id).name
    except Refusal as refusal:
        return staff(Form({}, {"": sentence(refusal)}), status=422)
    return staff(secret=secret, who=name) if secret else see_other("/console/people")


@needs(Right.KEYS)
def keys(form: Form | None = None, *, secret: str = "", status: int = 200) -> Response:
    with runtime().db.read() as session:
        rows = list_keys(session, actor=actor())
    return show("console/keys.html", status, rows=rows, scopes=SCOPES, form=form or Form(), secret=secret)


@needs(Right.KEYS)
def new_key() -> Response:
    form = Submitted()
    name = form.need("name", gettext("A name is needed."))
    if not form.ok:
        return keys(form, status=422)
    try:
        with runtime().db.begin() as session:
            _, secret = create_key(
                session, actor().shop_id, name=name[:100], scopes=form.list("scopes"), now=now()
            )
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return keys(form, status=422)
    return keys(secret=secret)


@needs(Right.KEYS)
def revoke(key_id: UUID) -> Response:
    with runtime().db.begin() as session:
        revoke_key(session, key_id, actor=actor(), now=now())
    return see_other("/console/keys")


@needs(Right.KEYS)
def rotate(key_id: UUID) -> Response:
    """A new key with the same rights; the old one works until tomorrow, so that the program can change over."""
    with runtime().db.begin() as session:
        _, secret = rotate_key(session, key_id, overlap=OVERLAP, actor=actor(), now=now())
    return keys(secret=secret)


@needs(Right.SHOP)
def settings(form: Form | None = None, status: int = 200) -> Response:
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
    )


def _values(served: find_shop.ShopFacts) -> dict[str, str]:
    brand = served.brand
    places = [
        "\n".join([f"{p['code']} | {p.get('name', '')} | {p.get('country', '')}", *p.get("lines", [])])
        for p in served.locations
    ]
    return {
        "name": served.name,
        "time_zone": served.time_zone,
        "colour": brand.get("colour", "#14503c"),
        "logo_url": brand.get("logo_url", ""),
        "support_email": brand.get("support_email", ""),
        "locations": "\n\n".join(places),
    }


@needs(Right.SHOP)
def save_settings() -> Response:
    form = Submitted()
    logo = form.text("logo_url", 500)
    if logo and not safe.web_url(logo):
        form.wrong("logo_url", gettext("This is not an address of a picture."))
    places = locations(form.text("locations", 8000), form)
    if not form.ok:
        return settings(form, 422)
    brand = {
        "colour": safe.colour(form.text("colour", 10), "#14503c"),
        "logo_url": logo or None,
        "support_email": form.text("support_email", 200) or None,
    }
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
            change_shop.change_settings(session, {name: form.flag(name) for name in SWITCHES}, actor=actor())
            fresh = find_shop.by_id(session, actor().shop_id)
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return settings(form, 422)
    serve_shop(fresh)
    return see_other("/console/shop")


def locations(text: str, form: Form) -> list[dict[str, Any]]:
    """Addresses as people write them: a blank line between two, `code | name | country` first, then the lines."""
    found = []
    for block in text.replace("\r", "").split("\n\n"):
        rows = [row.strip() for row in block.split("\n") if row.strip()]
        if not rows:
            continue
        head = [part.strip() for part in rows[0].split("|")]
        if len(head) != 3 or not head[0] or len(head[2]) != 2:
            form.wrong("locations", gettext("Begin each address with: code | name | country (two letters)."))
            continue
        found.append(
            {"code": head[0][:40], "name": head[1][:100], "country": head[2].upper(), "lines": rows[1:8]}
        )
    return found


@needs(Right.TALK)
def replies() -> Response:
    """Texts that are written again and again, with places for names and numbers."""
    served = shop()
    return show("console/replies.html", replies=served.settings.get("replies", []) if served else [])


@needs(Right.TALK)
def save_replies() -> Response:
    """Reply templates of the shop; an empty text takes one away."""
    form = Submitted()
    pairs = zip(form.list("reply-name"), form.list("reply-text"), strict=False)
    kept = [
        {"name": name.strip()[:80], "text": text.strip()[:4000]}
        for name, text in pairs
        if name.strip() and text.strip()
    ]
    with runtime().db.begin() as session:
        change_shop.change_settings(session, {"replies": kept[:50]}, actor=actor())
    return see_other("/console/replies")
