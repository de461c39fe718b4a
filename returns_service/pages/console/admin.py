"""People, keys and reply templates, so that nobody needs the command line for daily work."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, request

from returns_service.domain.errors import Refusal
from returns_service.domain.roles import RIGHTS, ROLES, Right
from returns_service.pages.console import words
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import needs
from returns_service.pages.web import Form, Submitted, gettext, now, runtime, see_other
from returns_service.pages.web.context import shop
from returns_service.usecases import change_shop, change_staff, people
from returns_service.usecases.create_key import create_key
from returns_service.usecases.create_staff import create_staff
from returns_service.usecases.list_keys import list_keys
from returns_service.usecases.revoke_key import revoke_key
from returns_service.usecases.rotate_key import rotate_key

OVERLAP = timedelta(days=1)


def register(blueprint: Blueprint) -> None:
    blueprint.get("/people")(staff)
    blueprint.post("/people")(hire)
    blueprint.post("/people/<uuid:user_id>/<deed>")(change)
    blueprint.get("/keys")(keys)
    blueprint.post("/keys")(new_key)
    blueprint.post("/keys/<uuid:key_id>/revoke")(revoke)
    blueprint.post("/keys/<uuid:key_id>/rotate")(rotate)
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
    return show(
        "console/keys.html", status, rows=rows, scopes=words.SCOPES, form=form or Form(), secret=secret
    )


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


@needs(Right.TALK)
def replies() -> Response:
    """Texts that are written again and again, with places for names and numbers."""
    served = shop()
    kept = served.settings.get("replies", []) if served else []
    return show("console/replies.html", replies=kept, done=request.args.get("done", ""))


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
    return see_other("/console/replies?done=1")
