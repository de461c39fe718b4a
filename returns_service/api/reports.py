"""The figures behind the manager's charts, as JSON and as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, scope, takes_query
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import shop
from returns_service.domain.errors import NotFound
from returns_service.usecases.figures import REPORTS

blp = Resource("reports", "The figures behind the manager's charts.")
USUAL_DAYS = 90
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _about(name: str) -> str:
    return (REPORTS[name].__doc__ or "").strip()


@blp.get("/reports")
@scope("staff")
@answers(shapes.page_of(shop.ReportName))
def list_reports(_session: Session, _call: Call) -> Response:
    """The reports there are, and what each counts."""
    items = [{"name": name, "about": _about(name)} for name in REPORTS]
    return answer({"items": items, "next": None, "has_more": False})


@blp.get("/reports/<ref:name>")
@scope("staff")
@takes_query(shop.ReportQuery)
@answers(shop.Report)
def get_report(session: Session, call: Call, name: str) -> Response:
    """One report over the days up to now; `format=csv` for a table."""
    if name not in REPORTS:
        raise NotFound("report")
    days = call.query["days"] or USUAL_DAYS
    rows = REPORTS[name](session, actor=call.actor, now=call.now, days=days)
    if call.query["format"] == "csv":
        response = Response(_table(rows), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    return answer({"name": name, "about": _about(name), "days": days, "rows": rows})


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """RFC 4180; a text that a spreadsheet would run is quoted."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
