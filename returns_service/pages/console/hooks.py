"""Where the shop's programs listen: addresses, their secrets, what was sent there, and sending it again."""

from uuid import UUID

from flask import Blueprint, Response, abort

from returns_service.domain.errors import Refusal
from returns_service.domain.roles import Right
from returns_service.pages.console import words
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import needs, person
from returns_service.pages.web import Form, Submitted, now, runtime, see_other
from returns_service.usecases import keep_endpoints

HOME = "/console/operations/webhooks"


def register(blueprint: Blueprint) -> None:
    blueprint.get("/operations/webhooks")(webhooks)
    blueprint.post("/operations/webhooks")(add_webhook)
    blueprint.post("/operations/webhooks/<uuid:endpoint_id>/<deed>")(change_webhook)
    blueprint.get("/operations/webhooks/<uuid:endpoint_id>")(deliveries)
    blueprint.post("/operations/webhooks/<uuid:endpoint_id>")(send_again)


@needs(Right.SEE_OPERATIONS)
def webhooks(form: Form | None = None, *, secret: str = "", status: int = 200) -> Response:
    with runtime().db.read() as session:
        rows = [
            keep_endpoints.endpoint_body(row) for row in keep_endpoints.list_endpoints(session, actor=actor())
        ]
    return show("console/webhooks.html", status, rows=rows, form=form or Form(), secret=secret)


@needs(Right.KEYS)
def add_webhook() -> Response:
    """A new address and its secret, shown once."""
    form = Submitted()
    types = form.text("events", 1000).replace(",", " ").split()
    try:
        _check(form.text("url", 500))
        with runtime().db.begin() as session:
            _, secret = keep_endpoints.add_endpoint(
                session, form.text("url", 500), types=types, actor=actor(), now=now()
            )
    except Refusal as refusal:
        form.refused(refusal, sentence(refusal))
        return webhooks(form, status=422)
    return webhooks(secret=secret)


@needs(Right.SEE_OPERATIONS)
def change_webhook(endpoint_id: UUID, deed: str) -> Response:
    if not person().may(Right.REPAIR if deed == "enable" else Right.KEYS):
        abort(403)
    with runtime().db.begin() as session:
        if deed in ("enable", "disable"):
            state = {"state": "active" if deed == "enable" else "disabled"}
            keep_endpoints.change_endpoint(session, endpoint_id, state, actor=actor())
        elif deed == "rotate":
            _, secret = keep_endpoints.rotate_endpoint(session, endpoint_id, actor=actor(), now=now())
        elif deed == "remove":
            keep_endpoints.remove_endpoint(session, endpoint_id, actor=actor())
        else:
            abort(404)
    return webhooks(secret=secret) if deed == "rotate" else see_other(HOME)


@needs(Right.SEE_OPERATIONS)
def deliveries(endpoint_id: UUID, wrong: str = "", status: int = 200) -> Response:
    """The delivery log of one address."""
    with runtime().db.read() as session:
        rows = keep_endpoints.list_deliveries(session, endpoint_id, before=None, limit=100, actor=actor())
    return show("console/deliveries.html", status, rows=rows, endpoint=endpoint_id, wrong=wrong, words=words)


@needs(Right.REPAIR)
def send_again(endpoint_id: UUID) -> Response:
    """One event is sent once more."""
    event = Submitted().text("event_id", 60)
    try:
        with runtime().db.begin() as session:
            keep_endpoints.replay(
                session, endpoint_id, event_id=_uuid(event), since=None, actor=actor(), now=now()
            )
    except Refusal as refusal:
        return deliveries(endpoint_id, sentence(refusal), 409)
    return see_other(f"{HOME}/{endpoint_id}")


def _check(url: str) -> None:
    """Raises Invalid for an address that may not be called."""
    hooks = runtime().hooks
    if hooks is not None:
        hooks.check(url)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)
