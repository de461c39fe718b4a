"""R1 and R6: queues, saved views whose address is the view, search."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from returns_service.domain.case import read_number
from returns_service.domain.lifecycle import STATES
from returns_service.domain.roles import Right
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.words import SORTS, VIEWS
from returns_service.pages.doors import needs, person
from returns_service.pages.web import Submitted, now, runtime, see_other
from returns_service.pages.web.context import shop, zone
from returns_service.usecases import change_shop, people, queues
from returns_service.usecases.queues import MOST, PAGE, Filters

NAMES = ("q", "state", "assignee", "after", "until", "sort")


def register(blueprint: Blueprint) -> None:
    blueprint.get("/")(start)
    blueprint.get("/queues/<view>")(queue)
    blueprint.get("/search")(search)
    blueprint.post("/views")(save_view)
    blueprint.post("/views/forget")(forget_view)


def start() -> Response:
    return see_other("/console/queues/needs_decision" if person().may(Right.SEE_CASES) else "/console/me")


@needs(Right.SEE_CASES)
def queue(view: str) -> Response:
    """One page of a queue; the address says everything about it."""
    args = request.args
    number = max(1, args.get("page", 1, type=int))
    wanted = filters(view, args)
    with runtime().db.read() as session:
        rows, total = queues.page(session, view, wanted, number=number, actor=actor(), now=now())
        staff = people.everyone(session, actor().shop_id)
        near = queues.near_names(session, args["q"], actor=actor()) if args.get("q") and not rows else []
    asked = {name: args[name] for name in NAMES if args.get(name)}
    if number > 1 and not rows:  # the queue has become shorter since that page was offered
        return see_other(address(view, asked))
    return show(
        "console/queue.html",
        view=view,
        views=VIEWS,
        sorts=SORTS,
        sort=wanted.sort,
        most=MOST,
        states=STATES,
        rows=rows,
        total=total,
        number=number,
        pages=(total + PAGE - 1) // PAGE or 1,
        asked=asked,
        address=address(view, asked),
        page_address=lambda n: address(view, {**asked, "page": str(n)}),
        query=urlencode({"view": view, **asked}),
        saved=saved_views(),
        near=near,
        staff=[someone for someone in staff if not someone.disabled],
        done=args.get("done", ""),
    )


def filters(view: str, args: Mapping[str, str]) -> Filters:
    """What the address asks for; what it says wrongly is left out."""
    states = tuple(state for state in args.get("state", "").split(",") if state in STATES)
    return Filters(
        q=args.get("q", "")[:200],
        states=states,
        assignee=args.get("assignee", "")[:200],
        created_after=_midnight(args.get("after", "")),
        created_before=_midnight(args.get("until", ""), days=1),
        sort=args["sort"] if args.get("sort") in SORTS else usual_sort(view),
    )


def usual_sort(view: str) -> str:
    """What waits is done by its deadline; what is looked up among all returns is mostly new."""
    return "newest" if view == "all" else "deadline"


def _midnight(day: str, days: int = 0) -> datetime | None:
    """The beginning of a day of the shop, or of one so many days later; None for what is no day."""
    try:
        wanted = date.fromisoformat(day) + timedelta(days=days)
        return datetime.combine(wanted, time(), ZoneInfo(zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def address(view: str, asked: Mapping[str, str]) -> str:
    return f"/console/queues/{view}" + (f"?{urlencode(asked)}" if asked else "")


@needs(Right.SEE_CASES)
def search() -> Response:
    """A return's number goes straight to it; everything else is a list."""
    text = request.args.get("q", "").strip()
    proper = read_number(text)
    with runtime().db.read() as session:
        there = proper and queues.is_there(session, proper, actor=actor())
    return see_other(f"/console/cases/{proper}" if there else address("all", {"q": text} if text else {}))


def saved_views() -> list[dict[str, Any]]:
    """One's own and those of the shop: name, address, whether shared."""
    served = shop()
    shared = served.settings.get("views", []) if served else []
    own = person().preferences.get("views", [])
    return [{**view, "shared": True} for view in shared] + [{**view, "shared": False} for view in own]


@needs(Right.SEE_CASES)
def save_view() -> Response:
    """Keep the address under a name, for oneself or for all."""
    form = Submitted()
    name, path = form.text("name", 60), form.text("address", 500)
    if not name or not path.startswith("/console/queues/"):
        return see_other("/console/")
    view = {"name": name, "address": path}
    with runtime().db.begin() as session:
        if form.flag("shared"):
            change_shop.change_views(session, name, view, actor=actor())
        else:
            mine = [v for v in person().preferences.get("views", []) if v["name"] != name]
            people.prefer(session, person(), views=[*mine, view])
    return see_other(path)


@needs(Right.SEE_CASES)
def forget_view() -> Response:
    form = Submitted()
    name = form.text("name", 60)
    with runtime().db.begin() as session:
        if form.flag("shared"):
            change_shop.change_views(session, name, None, actor=actor())
        else:
            mine = [v for v in person().preferences.get("views", []) if v["name"] != name]
            people.prefer(session, person(), views=mine)
    return see_other("/console/")
