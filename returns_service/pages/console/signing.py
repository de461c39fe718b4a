"""Sign-in with password and one-time code; one's own password, codes and language."""

import base64

from flask import Blueprint, Response, g, request

from returns_service.domain.errors import Refusal
from returns_service.domain.roles import Right
from returns_service.pages import tenants
from returns_service.pages.barcodes import qr_svg
from returns_service.pages.console import door
from returns_service.pages.console.door import DOOR, show
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import person
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
from returns_service.pages.web.context import shop
from returns_service.usecases import change_staff, people
from returns_service.usecases.sign_in import SignInRefused, with_password

TRIES = "6/15 minutes"
FROM_ONE_PLACE = "30/15 minutes"


def register(blueprint: Blueprint) -> None:
    blueprint.get("/sign-in")(sign_in)
    blueprint.post("/sign-in")(signed_in)
    blueprint.post("/sign-out")(sign_out)
    blueprint.get("/me")(me)
    blueprint.post("/me/password")(password)
    blueprint.post("/me/codes")(codes)


def sign_in() -> Response:
    return _form(Form({"shop": request.args.get("shop", "")}))


def _form(form: Form, status: int = 200, *, code: bool = False) -> Response:
    tenants.of_sign_in(form.value("shop"))
    next_ = local_path(request.values.get("next"), "/console/")
    company = runtime().identity
    return page(
        "console/sign_in.html",
        status,
        form=form,
        several=tenants.several(),
        code=code,
        next=next_,
        company=(company.name or gettext("your company's account")) if company else "",
    )


def refused_form(field: str, say: str, status: int) -> Response:
    """The form again, with what stood against a sign-in that was not made with it."""
    return _form(Form({"shop": request.args.get("shop", "")}, {field: say}), status)


def signed_in() -> Response:
    form = Submitted()
    shop_facts = tenants.of_sign_in(form.text("shop"))
    email = form.need("email", gettext("Enter your e-mail address."))
    secret = request.form.get("password", "")
    if not secret:
        form.wrong("password", gettext("Enter your password."))
    if shop_facts is None:
        form.wrong("shop", gettext("Enter the short name of your shop."))
    if not form.ok or shop_facts is None:
        return _form(form, 422)
    who, place = f"{shop_facts.id}:{email.lower()}", request.remote_addr or ""
    if limits().spent(TRIES, "console", who) or limits().spent(FROM_ONE_PLACE, "console-from", place):
        form.wrong("password", gettext("Too many tries. Wait 15 minutes, or ask an administrator."))
        return _form(form, 429)
    try:
        with runtime().db.begin() as session:
            someone = with_password(
                session, shop_facts.id, email=email, password=secret, code=form.text("code"), now=now()
            )
    except SignInRefused as refusal:
        return _refused(form, refusal, who, place)
    if not someone.rights - {Right.RECEIVE}:
        form.wrong("email", gettext("Your role works at the bench. Sign in there."))
        return _form(form, 403)
    limits().forgive(TRIES, "console", who)
    return DOOR.open(see_other(local_path(form.text("next"), "/console/")), someone)


def _refused(form: Submitted, refusal: SignInRefused, who: str, place: str) -> Response:
    if refusal.code == "code_needed":
        return _form(form, 200, code=True)
    limits().spend(TRIES, "console", who)
    limits().spend(FROM_ONE_PLACE, "console-from", place)
    if refusal.code == "code_wrong":
        form.wrong("code", gettext("The one-time code is not right."))
        return _form(form, 403, code=True)
    form.wrong("password", gettext("The e-mail address or the password is not right."))
    return _form(form, 403)


def sign_out() -> Response:
    return DOOR.close(see_other("/console/sign-in"))


def me(form: Form | None = None, status: int = 200) -> Response:
    """One's own page."""
    secret = change_staff.fresh_secret()
    served = shop()
    address = change_staff.secret_address(secret, person().email, served.name if served else "Returns")
    code = "data:image/svg+xml;base64," + base64.b64encode(qr_svg(address).encode()).decode()
    return show(
        "console/me.html",
        status,
        form=form or Form(),
        secret=secret,
        qr=code,
        required=door.codes_required(),
        must=door.must_enrol(),
    )


def password() -> Response:
    form = Submitted()
    try:
        with runtime().db.begin() as session:
            change_staff.change_password(
                session,
                person().shop_id,
                person().id,
                old=request.form.get("old", ""),
                new=request.form.get("password", ""),
                now=now(),
            )
            fresh = people.one(session, person().shop_id, person().id)
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return me(form, 422)
    g.said = gettext("Your password is changed. Other sessions have ended.")
    return DOOR.open(see_other("/console/me"), fresh)


def codes() -> Response:
    """One-time codes from now on, once the first one was right."""
    form = Submitted()
    try:
        with runtime().db.begin() as session:
            secret, code = form.text("secret", 64), form.text("code", 12)
            who = (session, person().shop_id, person().id)
            given = request.form.get("codes_password", "")
            if form.text("deed") == "stop" and not door.codes_required():
                change_staff.stop_codes(*who, password=given)
            else:
                change_staff.use_codes(*who, password=given, secret=secret, code=code, now=now())
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return me(form, 422)
    return see_other("/console/me")
