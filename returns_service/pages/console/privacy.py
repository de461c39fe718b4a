"""Erasure of personal data that somebody asked for by letter or telephone, and what of it still waits."""

from flask import Blueprint, Response, request

from returns_service.domain.roles import Right
from returns_service.pages.console.door import actor, show
from returns_service.pages.doors import needs
from returns_service.pages.web import Form, Submitted, gettext, now, runtime, see_other
from returns_service.usecases.erase import request_erasure, requested
from returns_service.usecases.find_order import find_order


def register(blueprint: Blueprint) -> None:
    blueprint.get("/privacy")(privacy)
    blueprint.post("/privacy")(erase)


@needs(Right.REPAIR)
def privacy() -> Response:
    return _show(Form())


def _show(form: Form, status: int = 200) -> Response:
    with runtime().db.read() as session:
        waiting = requested(session, actor=actor())
    return show("console/privacy.html", status, form=form, waiting=waiting, did="did" in request.args)


@needs(Right.REPAIR)
def erase() -> Response:
    """Number and address together name the order, so that a slip of the pen erases nobody."""
    form = Submitted()
    number = form.need("number", gettext("Enter the order number."))
    email = form.need("email", gettext("Enter the e-mail address of the order."))
    if form.ok:
        with runtime().db.begin() as session:
            found = find_order(session, actor().shop_id, number, email)
            if found is not None:
                request_erasure(session, found.id, actor=actor(), now=now())
                return see_other("/console/privacy?did=1")
        form.wrong("number", gettext("There is no order with this number and address."))
    return _show(form, 422)
