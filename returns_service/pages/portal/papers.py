"""What a customer takes along: the deadline for the calendar, the number as a picture for a counter."""

import io
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import segno
from flask import Response

from returns_service.domain.case import read_number


def calendar(case: Mapping[str, Any], url: str, gettext: Callable[[str], str], now: datetime) -> Response:
    """An iCalendar file with the day by which the parcel must be on its way."""
    due = next((d["on"] for d in case["deadlines"] if d["for"] == "ship"), None)
    title = gettext("Send return %(number)s") % {"number": case["number"]}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//returns-service//portal//EN"]
    if due:
        day = datetime.fromisoformat(due)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{case['number']}-ship@returns-service",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(title)}",
            f"URL:{url}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(title)}",
            "TRIGGER:-P1D",
            "END:VALARM",
            "END:VEVENT",
        ]
    answer = Response("\r\n".join([*lines, "END:VCALENDAR", ""]), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{read_number(case["number"])}.ics"'
    return answer


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", " ")


def qr(text: str) -> Response:
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", border=2, light="#ffffff", xmldecl=False, svgns=True
    )
    return Response(drawn.getvalue(), content_type="image/svg+xml")
