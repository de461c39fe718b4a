"""Returns: preview, open, read, list and search."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from sqlmodel import Session

from returns_service.api import examples
from returns_service.api.answers import answer, case_answer
from returns_service.api.bodies import request_of
from returns_service.api.call import Call
from returns_service.api.decisions import shown
from returns_service.api.operation import Resource, answers, body, idempotent, reads_only, scope, takes_query
from returns_service.api.paging import Position, page, position
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas.decisions import Decision
from returns_service.api.schemas.policies import CaseTrace
from returns_service.api.schemas.queries import CasesQuery, EventsQuery
from returns_service.api.schemas.requests import RequestBody
from returns_service.domain.errors import Forbidden, Invalid
from returns_service.usecases.list_cases import Wanted, list_cases
from returns_service.usecases.list_events import list_events
from returns_service.usecases.open_case import open_case
from returns_service.usecases.preview import preview
from returns_service.usecases.read_case import read_case
from returns_service.usecases.show_case import show
from returns_service.usecases.trace_case import trace_case

blp = Resource(
    "returns", "Cases: one customer intention over lines of one order, from the first question to the money."
)


@blp.post("/returns/preview")
@scope("returns:write")
@body(RequestBody, example=examples.REQUEST)
@answers(Decision)
@reads_only()
def preview_return(session: Session, call: Call) -> Response:
    """Decision and quote, without any effect."""
    request = request_of(call.body)
    decision = preview(session, call.body["order_id"], request, actor=call.actor, now=_at(call))
    return answer(shown(decision, call))


@blp.post("/returns")
@scope("returns:write")
@body(RequestBody, example=examples.REQUEST)
@answers(shapes.Case, 201, description="The case is open and its units are held.")
@idempotent("required")
def create_return(session: Session, call: Call) -> Response:
    """Open a case and hold its units.

    `request_review` opens it for a person to decide in spite of a refusal.
    """
    case = open_case(
        session,
        call.body["order_id"],
        request_of(call.body),
        actor=call.actor,
        now=_since(call),
        client_reference=call.body["client_reference"],
        request_review=call.body["request_review"],
    )
    return case_answer(show(case, actor=call.actor), 201)


def _at(call: Call) -> datetime:
    """Now, or the instant that staff asks about."""
    at: datetime | None = call.body["at"]
    if at is None:
        return call.now
    if not call.staff:
        raise Forbidden("missing_scope", "`at` is for staff only.", pointer="/at", scope="staff")
    return at


def _since(call: Call) -> datetime:
    """When the customer asked: now, or earlier where staff says so (a call, a letter)."""
    at = _at(call)
    if at > call.now:
        raise Invalid("instant", "A return cannot be opened in the future.", pointer="/at")
    return at


@blp.get("/returns")
@scope("returns:read")
@takes_query(CasesQuery)
@answers(shapes.page_of(shapes.CaseSummary))
def list_returns(session: Session, call: Call) -> Response:
    """List and search cases."""
    asked = {key: value for key, value in call.query.items() if key not in ("cursor", "limit", "state")}
    wanted = Wanted(states=call.query["state"] or (), **asked)
    found = list_cases(session, wanted, actor=call.actor, after=position(call), limit=call.query["limit"] + 1)
    return answer(page(call, found, lambda item: _place(item, wanted)))


def _place(item: Mapping[str, Any], wanted: Wanted) -> Position:
    return datetime.fromisoformat(item[wanted.sort.removeprefix("-")]), UUID(item["id"])


@blp.get("/returns/<id:return_id>")
@scope("returns:read")
@answers(shapes.Case)
def get_return(session: Session, call: Call, return_id: UUID) -> Response:
    """One case as it stands, with what the caller may do now."""
    return case_answer(show(read_case(session, return_id, actor=call.actor), actor=call.actor))


@blp.get("/returns/<id:return_id>/trace")
@scope("staff")
@answers(CaseTrace)
def get_return_trace(session: Session, call: Call, return_id: UUID) -> Response:
    """Why it came out as it did: every rule of policy and law that was looked at, and which fact failed it."""
    return answer(trace_case(session, return_id, actor=call.actor, now=call.now))


@blp.get("/returns/<id:return_id>/events")
@scope("returns:read")
@takes_query(EventsQuery)
@answers(shapes.page_of(shapes.Event))
def list_return_events(session: Session, call: Call, return_id: UUID) -> Response:
    """The history of a case, oldest first."""
    limit = call.query["limit"] or 200
    found = list_events(session, return_id, actor=call.actor, after=call.query["after"], limit=limit + 1)
    items, more = found[:limit], len(found) > limit
    return answer({"items": items, "next": str(items[-1]["seq"]) if more else None, "has_more": more})
