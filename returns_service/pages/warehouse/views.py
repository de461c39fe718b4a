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
from returns_service.pages.web import language, now, runtime
from returns_service.pages.web.context import zone
from returns_service.usecases import bench

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


def parcel_of(
    case_id: UUID, *, sound: str = "", say: str = "", status: int = 200, conflict: Any = None
) -> Response:
    """W2 to W5: what should be in it, what is in it, one unit after the other."""
    with runtime().db.read() as session:
        case = bench.parcel(session, case_id, actor=actor(), language=language())
    waits = [line for line in case["lines"] if line["inspected"] < line["received"]]
    missing = [line for line in case["lines"] if line["received"] < line["quantity"]]
    values = {
        "case": case,
        "phase": "count" if request.args.get("count") and missing else phase(case, waits, missing),
        "waits": waits,
        "missing": missing,
        "conflict": conflict,
        "last": _last(case),
        "label_bars": bars(case["number"]),
    }
    if values["phase"] == "done" and not say and not sound:
        sound = "attention"
    return show(
        "warehouse/parcel.html",
        f"/warehouse/parcels/{case['number']}",
        sound=sound,
        say=say,
        status=status,
        **values,
    )


def phase(case: Mapping[str, Any], waits: list[Any], missing: list[Any]) -> str:
    """inspect what lies on the bench first; count what may still be in the parcel; else there is nothing to do."""
    if waits and case["state"] in ("received", "inspected"):
        return "inspect"
    if missing and case["state"] in COUNTABLE:
        return "count"
    return "again" if case["state"] in ("rejected", "cancelled", "expired") else "done"


def _last(case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Who else counted last."""
    if not case["receipts"]:
        return None
    last: Mapping[str, Any] = case["receipts"][-1]
    return None if last["who"] == actor().name else last
