"""The statutory withdrawal in two steps, without a reason and without signing in; received to the second."""

import secrets
from typing import Any

from flask import Blueprint, Response, abort, request

from returns_service.pages.portal.door import home, shop
from returns_service.pages.portal.finding import address
from returns_service.pages.web import (
    Form,
    Submitted,
    gettext,
    language,
    limits,
    now,
    page,
    runtime,
    see_other,
)
from returns_service.pages.web.cookies import Cookie
from returns_service.usecases.request_code import use_code, used_at
from returns_service.usecases.withdraw import Statement, acknowledge, withdraw

PER_BROWSER, PER_ADDRESS = "20/hour", "5/hour"
SAID = Cookie("returns_withdrawal", seconds=3600, path="/portal")
"""What was stated, and when it was received: every step is a page that Back and a reload lead to."""


def register(made: Blueprint) -> None:
    made.get("/<slug>/withdraw")(ask)
    made.post("/<slug>/withdraw")(state)
    made.get("/<slug>/withdraw/confirm")(look_again)
    made.post("/<slug>/withdraw/confirm")(confirm)
    made.get("/<slug>/withdraw/received")(received)


def ask() -> Response:
    said = _said() if "again" in request.args else {"number": request.args.get("number", "")}
    return page("portal/withdraw.html", form=Form(said))


def _said() -> dict[str, Any]:
    said = SAID.read() or {}
    return said if said.get("shop") == shop().slug else {}


def _read() -> Submitted:
    form = Submitted()
    form.need("name", gettext("Enter your name."))
    form.need("number", gettext("Enter the order number. It is in your confirmation e-mail."))
    address(form)
    return form


def _to(step: str, said: dict[str, Any]) -> Response:
    answer = see_other(f"{_path()}/{step}")
    SAID.write(answer, {**said, "shop": shop().slug})
    return answer


def _path() -> str:
    return f"/portal/{shop().slug}/withdraw"


def state() -> Response:
    """Step one: the statement, to be looked at once more."""
    form = _read()
    if not form.ok:
        return page("portal/withdraw.html", 422, form=form)
    return _to("confirm", {**_stated(form), "once": secrets.token_urlsafe(12)})


def _stated(form: Submitted) -> dict[str, str]:
    longest = {"name": 100, "number": 80, "email": 200}
    return {name: form.text(name, most) for name, most in longest.items()}


def look_again() -> Response:
    """The statement, until it was received."""
    said = _said()
    if not said or "at" in said:
        return see_other(f"{_path()}/received" if said else _path())
    return page("portal/withdraw_confirm.html", form=Form(said), once=said["once"])


def confirm() -> Response:
    """Step two: it is received, once. The answer is the same whether or not such an order exists."""
    form = _read()
    if not form.ok:
        return page("portal/withdraw.html", 422, form=form)
    stated, once = _stated(form), form.text("once", 40)
    spend = limits().spend
    if not spend(PER_BROWSER, "withdraw", request.remote_addr or "") or not spend(
        PER_ADDRESS, "withdraw", stated["email"].lower()
    ):
        abort(429)
    with runtime().db.begin() as session:
        said = Statement(stated["number"], stated["email"], stated["name"], language())
        first = not once or use_code(session, shop().id, f"withdraw-{once}", now=now())
        at = now() if first else used_at(session, shop().id, f"withdraw-{once}")
        if first and withdraw(session, shop().id, said, now=now()) is None:
            acknowledge(session, shop().id, said, now=now())
    return _to("received", {**stated, "once": once, "at": at.isoformat() if at else ""})


def received() -> Response:
    said = _said()
    if "at" not in said:
        return see_other(_path())
    told = {name: said[name] for name in ("name", "number", "email", "at")}
    return page("portal/withdrawn.html", home=home(), **told)
