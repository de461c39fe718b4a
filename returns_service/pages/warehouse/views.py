"""The two screens that everything at the bench comes back to: ready for a scan, and one parcel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request

from returns_service.domain.case import read_number
from returns_service.domain.errors import NotFound
from returns_service.pages.barcodes import bars
from returns_service.pages.warehouse.door import actor, show
from returns_service.pages.web import gettext, language, now, runtime
from returns_service.pages.web.context import zone
from returns_service.usecases import bench

UNDECIDED = ("requested", "info_requested")
NOTHING_TO_DO = ("undecided", "again", "done")
COUNTABLE = frozenset(
    {"approved", "shipped_back", "received", "inspected", "settling", "requested", "info_requested"}
)


def ready(
    *, sound: str = "", say: str = "", status: int = 200, unknown: str = "", finished: Any = None
) -> Response:
    """W1: waiting for a scan."""
    with runtime().db.read() as session:
        figures = bench.shift(session, actor=actor(), since=begin_of_day(), now=now())
    values = {"figures": figures, "unknown": unknown, "finished": finished}
    values["label_bars"] = bars(finished["number"]) if finished else []
    return show("warehouse/ready.html", "/warehouse/", sound=sound, say=say, status=status, **values)


def begin_of_day() -> datetime:
    """Midnight on the shop's clocks; a shift is counted from there."""
    local = now().astimezone(ZoneInfo(zone()))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def find(number: str) -> Mapping[str, Any]:
    """The case of a number. Raises NotFound."""
    proper = read_number(number)
    with runtime().db.read() as session:
        found = bench.find(session, proper, actor=actor()) if proper else []
    if not found:
        raise NotFound("return")
    return found[0]


def parcel(
    number: str, *, sound: str = "", say: str = "", status: int = 200, conflict: Any = None
) -> Response:
    """W2 to W5, by the number of a return. Raises NotFound."""
    return parcel_of(UUID(find(number)["id"]), sound=sound, say=say, status=status, conflict=conflict)


def counted(number: str) -> Response:
    """The parcel after a count, and where it goes now."""
    case_id = UUID(find(number)["id"])
    with runtime().db.read() as session:
        case = bench.parcel(session, case_id, actor=actor(), language=language())
    if phase(case) == "inspect":
        return parcel_of(case_id, sound="ok", say=gettext("Counted. Now inspect."))
    undecided = case["state"] in UNDECIDED
    later, theirs = (
        gettext("Counted. It is inspected after the decision."),
        gettext("Counted. The people of the console see it."),
    )
    return parcel_of(case_id, sound="attention", say=later if undecided else theirs)


def parcel_of(
    case_id: UUID, *, sound: str = "", say: str = "", status: int = 200, conflict: Any = None
) -> Response:
    """W2 to W5: what should be in it, what is in it, one unit after the other."""
    with runtime().db.read() as session:
        case = bench.parcel(session, case_id, actor=actor(), language=language())
    waits, missing = _waits(case), _missing(case)
    values = {
        "case": case,
        "phase": "count" if request.args.get("count") and missing else phase(case),
        "waits": waits,
        "missing": missing,
        "conflict": conflict,
        "last": _last(case),
        "label_bars": bars(case["number"]),
    }
    if values["phase"] in NOTHING_TO_DO and not say and sound != "stop":
        sound, say = "attention", gettext("Nothing is to be done here")
    return show(
        "warehouse/parcel.html",
        f"/warehouse/parcels/{case['number']}",
        sound=sound,
        say=say,
        status=status,
        **values,
    )


def _waits(case: Mapping[str, Any]) -> list[Any]:
    return [line for line in case["lines"] if line["inspected"] < line["received"]]


def _missing(case: Mapping[str, Any]) -> list[Any]:
    return [line for line in case["lines"] if line["received"] < line["quantity"]]


def phase(case: Mapping[str, Any]) -> str:
    """inspect what lies on the bench first; count what may still be in the parcel; else there is nothing to do."""
    missing = _missing(case)
    if _waits(case) and case["state"] in ("received", "inspected"):
        return "inspect"
    if missing and case["state"] in COUNTABLE:
        return "count"
    if case["state"] in UNDECIDED:
        return "undecided"
    return "again" if missing else "done"


def _last(case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Who else counted last."""
    if not case["receipts"]:
        return None
    last: Mapping[str, Any] = case["receipts"][-1]
    return None if last["who"] == actor().name else last
