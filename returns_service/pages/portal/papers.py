"""What a customer takes along: the deadline for the calendar, the number as a picture for a counter."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response

from returns_service.domain.case import read_number
from returns_service.pages.barcodes import qr_svg
from returns_service.pages.i18n import N_

TITLES = {
    "ship": N_("Send return %(number)s"),
    "answer": N_("Answer about return %(number)s"),
    "choose": N_("Choose for return %(number)s"),
    "pay": N_("Pay for return %(number)s"),
}


def dates_of(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Deadlines that the customer has to keep."""
    return [deadline for deadline in case["deadlines"] if deadline["for"] in TITLES]


def calendar(case: Mapping[str, Any], url: str, gettext: Callable[[str], str], now: datetime) -> Response:
    """An iCalendar file with the days by which the customer has something to do, with a reminder the day before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//returns-service//portal//EN"]
    for deadline in dates_of(case):
        said = TITLES[deadline["for"]]
        title = _escaped(gettext(said) % {"number": case["number"]})
        day = datetime.fromisoformat(deadline["on"])
        lines += [
            "BEGIN:VEVENT",
            f"UID:{case['number']}-{deadline['for']}@returns-service",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{title}",
            f"URL:{url}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{title}",
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
    return Response(qr_svg(text), content_type="image/svg+xml")
