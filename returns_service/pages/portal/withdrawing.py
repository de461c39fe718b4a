"""The statutory withdrawal in two steps, without a reason and without signing in; received to the second."""

import secrets

from flask import Blueprint, Response, abort, request

from returns_service.pages.portal.door import home, shop
from returns_service.pages.portal.finding import address
from returns_service.pages.web import Form, Submitted, gettext, language, limits, now, page, runtime
from returns_service.usecases.request_code import use_code
from returns_service.usecases.withdraw import Statement, acknowledge, withdraw

PER_BROWSER, PER_ADDRESS = "20/hour", "5/hour"


def register(made: Blueprint) -> None:
    made.get("/<slug>/withdraw")(ask)
    made.post("/<slug>/withdraw")(state)
    made.post("/<slug>/withdraw/confirm")(confirm)


def ask() -> Response:
    return page("portal/withdraw.html", form=Form({"number": request.args.get("number", "")}))


def _read() -> Submitted:
    form = Submitted()
    form.need("name", gettext("Enter your name."))
    form.need("number", gettext("Enter the order number. It is in your confirmation e-mail."))
    address(form)
    return form


def state() -> Response:
    """Step one: the statement, to be looked at once more; or back to it, with everything as it was typed."""
    form = _read()
    if "again" in request.args:
        return page("portal/withdraw.html", form=Form(form.values))
    if not form.ok:
        return page("portal/withdraw.html", 422, form=form)
    return page("portal/withdraw_confirm.html", form=form, once=secrets.token_urlsafe(12))


def confirm() -> Response:
    """Step two: it is received, once. The answer is the same whether or not such an order exists."""
    form = _read()
    if not form.ok:
        return page("portal/withdraw.html", 422, form=form)
    number, email, name = form.text("number", 80), form.text("email", 200), form.text("name", 100)
    spend = limits().spend
    if not spend(PER_BROWSER, "withdraw", request.remote_addr or "") or not spend(
        PER_ADDRESS, "withdraw", email.lower()
    ):
        abort(429)
    with runtime().db.begin() as session:
        said, once = Statement(number, email, name, language()), form.text("once", 40)
        first = not once or use_code(session, shop().id, f"withdraw-{once}", now=now())
        if first and withdraw(session, shop().id, said, now=now()) is None:
            acknowledge(session, shop().id, said, now=now())
    at = now() if first else None
    return page("portal/withdrawn.html", name=name, number=number, email=email, at=at, home=home())
