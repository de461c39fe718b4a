"""R8: work that waits, work that was given up, money in doubt, parcels without an owner, messages, webhooks."""

from uuid import UUID

from flask import Blueprint, Response, request

from returns_service.domain.errors import Refusal
from returns_service.domain.roles import Right
from returns_service.pages.console import words
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import needs
from returns_service.pages.web import Submitted, now, runtime, see_other
from returns_service.usecases import operations
from returns_service.usecases.keep_check import ask_for_check
from returns_service.usecases.keep_endpoints import endpoint_body, list_endpoints
from returns_service.usecases.list_notices import list_notices
from returns_service.usecases.resend_notice import resend_notice

TROUBLED = ("failed", "parked", "suppressed")


def register(blueprint: Blueprint) -> None:
    blueprint.get("/operations")(overview)
    blueprint.post("/operations/work/<uuid:row_id>/<deed>")(work)
    blueprint.post("/operations/parcels/<uuid:parcel_id>")(parcel)
    blueprint.get("/operations/messages")(messages)
    blueprint.post("/operations/messages/<uuid:notice_id>")(resend)
    blueprint.post("/operations/reconcile")(compare_books)


@needs(Right.SEE_OPERATIONS)
def overview(wrong: str = "", status: int = 200) -> Response:
    with runtime().db.read() as session:
        found = operations.overview(session, actor=actor(), now=now())
        endpoints = [endpoint_body(row) for row in list_endpoints(session, actor=actor())]
    return show(
        "console/operations.html",
        status,
        found=found,
        endpoints=endpoints,
        workers=runtime().bell.workers(),
        asked=request.args.get("asked", ""),
        wrong=wrong,
        words=words,
    )


@needs(Right.REPAIR)
def work(row_id: UUID, deed: str) -> Response:
    """Retry or park what was given up."""
    try:
        with runtime().db.begin() as session:
            if deed == "retry":
                operations.retry(session, row_id, actor=actor(), now=now())
            else:
                operations.park(session, row_id, actor=actor())
    except Refusal as refusal:
        return overview(sentence(refusal), 409)
    return see_other("/console/operations")


@needs(Right.REPAIR)
def compare_books() -> Response:
    """The books of the gateways beside ours, now instead of tonight; a worker does it."""
    with runtime().db.begin() as session:
        ask_for_check(session, actor=actor(), now=now())
    return see_other("/console/operations?asked=1#reconciled")


@needs(Right.REPAIR)
def parcel(parcel_id: UUID) -> Response:
    """A parcel without an owner was looked after."""
    with runtime().db.begin() as session:
        operations.close_parcel(session, parcel_id, note=Submitted().text("note", 500), actor=actor())
    return see_other("/console/operations#parcels")


@needs(Right.SEE_OPERATIONS)
def messages(wrong: str = "", status: int = 200) -> Response:
    """Messages by address, subject, number and state."""
    state, text = request.args.get("state", ""), request.args.get("q", "")[:200]
    states = TROUBLED if state == "troubled" else ((state,) if state in words.NOTICE_STATES else ())
    with runtime().db.read() as session:
        rows = list_notices(session, actor=actor(), text=text, states=states, limit=100)
    return show("console/messages.html", status, rows=rows, state=state, text=text, wrong=wrong, words=words)


@needs(Right.REPAIR)
def resend(notice_id: UUID) -> Response:
    try:
        with runtime().db.begin() as session:
            resend_notice(session, notice_id, actor=actor(), now=now())
    except Refusal as refusal:
        return messages(sentence(refusal), 409)
    return see_other("/console/operations/messages")
