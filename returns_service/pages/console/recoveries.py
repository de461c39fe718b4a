"""What the merchant may ask back of carriers, suppliers and customers, case by case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from returns_service.domain.roles import Right
from returns_service.pages.console.door import actor, show
from returns_service.pages.doors import needs
from returns_service.pages.web import runtime
from returns_service.usecases.list_recoveries import list_recoveries

PARTIES = ("carrier", "supplier", "customer")
PAGE = 50


def register(blueprint: Blueprint) -> None:
    blueprint.get("/recoveries")(recoveries)


@needs(Right.SETTLE)
def recoveries() -> Response:
    """Open ones first asked for; `?all=1` shows what was met or let go too."""
    party = request.args.get("party", "")
    asked: dict[str, Any] = {
        "party": party if party in PARTIES else None,
        "only_open": request.args.get("all", "") != "1",
    }
    with runtime().db.read() as session:
        found = list_recoveries(session, actor=actor(), limit=PAGE + 1, before=_before(), **asked)
    rows, more = found[:PAGE], len(found) > PAGE
    after = f"{rows[-1]['created_at']}_{rows[-1]['return_id']}" if more else ""
    return show("console/recoveries.html", rows=rows, parties=PARTIES, asked=asked, after=after)


def _before() -> tuple[datetime, UUID] | None:
    """The last row of the page before; anything else begins at the beginning."""
    at, _, case_id = request.args.get("after", "").partition("_")
    try:
        return datetime.fromisoformat(at), UUID(case_id)
    except ValueError:
        return None
