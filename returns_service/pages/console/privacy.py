"""Erasure of personal data: how long it is kept, what somebody asked for by letter, and what of it still waits."""

from flask import Blueprint, Response, request

from returns_service.domain.roles import Right
from returns_service.pages.console.door import actor, show
from returns_service.pages.doors import needs
from returns_service.pages.web import Form, Submitted, gettext, now, runtime, see_other
from returns_service.usecases.erase import request_erasure, requested
from returns_service.usecases.find_order import find_order
from returns_service.usecases.retention import MOST_MONTHS, retention, set_retention


def register(blueprint: Blueprint) -> None:
    blueprint.get("/privacy")(privacy)
    blueprint.post("/privacy")(erase)
    blueprint.post("/privacy/retention")(keep_for)


@needs(Right.REPAIR)
def privacy() -> Response:
    return _show(Form())


def _show(form: Form, status: int = 200) -> Response:
    with runtime().db.read() as session:
        kept, waiting = retention(session, actor=actor()), requested(session, actor=actor())
    done = request.args.get("did", "")
    return show(
        "console/privacy.html", status, form=form, kept=kept, most=MOST_MONTHS, waiting=waiting, did=done
    )


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
                return see_other("/console/privacy?did=asked")
        form.wrong("number", gettext("There is no order with this number and address."))
    return _show(form, 422)


@needs(Right.SHOP)
def keep_for() -> Response:
    """How long people are remembered; an empty field is for ever."""
    form = Submitted()
    wanted = form.text("months", 10)
    months = form.number("months") if wanted else None
    if months is not None and not 1 <= months <= MOST_MONTHS:
        form.wrong("months", gettext("Enter whole months, from 1 to %(most)s, or nothing.", most=MOST_MONTHS))
        return _show(form, 422)
    with runtime().db.begin() as session:
        set_retention(session, months, actor=actor())
    return see_other("/console/privacy?did=kept")
