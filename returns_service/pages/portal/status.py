"""P8 and P9: where a return stands, what comes next and when, and everything the customer can still do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, jsonify, request

from returns_service.domain import lifecycle
from returns_service.domain.case import STAGES, read_number
from returns_service.domain.errors import NotFound
from returns_service.domain.lifecycle import FINAL
from returns_service.pages import labels
from returns_service.pages.portal.door import actor, home, order, shop, signed_in, visitor
from returns_service.pages.portal.papers import calendar, dates_of, qr
from returns_service.pages.portal.steps import steps
from returns_service.pages.shares import shares
from returns_service.pages.web import Form, gettext, language, now, page, runtime
from returns_service.pages.web.context import zone
from returns_service.usecases.find_order import FoundReturn, find_return
from returns_service.usecases.list_events import list_events
from returns_service.usecases.objections import list_objections, may_object
from returns_service.usecases.photos_of_case import list_photos, photos_in, read_photo, shown_with, told_of
from returns_service.usecases.portal_order import order_of_return
from returns_service.usecases.post_message import list_messages
from returns_service.usecases.rate import list_ratings
from returns_service.usecases.read_case import Case, read_case
from returns_service.usecases.reading import in_words_of
from returns_service.usecases.show_case import show
from returns_service.usecases.show_parts import message_body, objection_body
from returns_service.usecases.slip_of import slip_of

OURS = ("review", "inspect", "settle", "refund", "collect")
"""Deadlines that the shop has to keep."""


def register(made: Blueprint) -> None:
    made.get("/<slug>/returns/<number>")(status)
    made.get("/<slug>/returns/<number>/version.json")(signed_in(version))
    made.get("/<slug>/returns/<number>/slip.pdf")(signed_in(slip))
    made.get("/<slug>/returns/<number>/calendar.ics")(signed_in(dates))
    made.get("/<slug>/returns/<number>/qr.svg")(signed_in(code))
    made.get("/<slug>/photos/<uuid:photo_id>")(signed_in(photo))


def status(number: str) -> Response:
    """All of it for whoever holds the order; for others who have the number, the state alone."""
    found, held = find(number), visitor()
    if held is None or held.id != found.order.id:
        return page(
            "portal/brief.html", found=found, stage=STAGES[found.state], next=home("returns", found.number)
        )
    return signed_in(whole)(found)


def find(number: str) -> FoundReturn:
    proper = read_number(number)
    with runtime().db.read() as session:
        found = find_return(session, shop().id, proper) if proper else None
    if found is None:
        abort(404)
    return found


def mine(number: str) -> FoundReturn:
    """A return of the order at hand. 404 for any other."""
    found, held = find(number), visitor()
    if held is None or held.id != found.order.id:
        abort(404)
    return found


def whole(
    found: FoundReturn,
    form: Form | None = None,
    code: int = 200,
    posted: str = "",
    photos: Sequence[str] = (),
) -> Response:
    """Everything on one page. `posted` names the form that `form` is, with its photos, when it could not be done."""
    with runtime().db.read() as session:
        case = read_case(session, found.id, actor=actor())
        shown = in_words_of(case, show(case, actor=actor()), language())
        values = {**_told(session, case, shown), **_possible(session, case, shown, posted)}
    return page(
        "portal/status.html",
        code,
        case=shown,
        form=form or Form(),
        posted=posted,
        kept=[{"id": id_, "url": home("photos", id_), "alt": gettext("Your photo")} for id_ in photos],
        new="new" in request.args,
        did=request.args.get("did", "") if code == 200 else "",
        goes_to=lambda method: labels.payment(method, gettext),
        arrives=lambda method: labels.arrival(method, gettext),
        days_to=lambda day: (date.fromisoformat(day) - now().astimezone(ZoneInfo(zone())).date()).days,
        over=case.state in FINAL,
        shares=shares(shown["quote"]),
        **values,
    )


def _gave_up(case: Case, events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the customer cancelled: there is no decision of ours to object to."""
    ends = [event["actor"]["kind"] for event in events if event["type"] == "return.cancelled"]
    return case.state == "cancelled" and ends[-1:] == ["customer"]


def _told(session: Any, case: Case, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What happened, and what was said."""
    events = list_events(session, case.id, actor=actor(), limit=None)
    return {
        "items": order_of_return(session, case.id, actor=actor()),
        "words": _words(case.policy),
        "steps": steps(events, shown, gettext, now().isoformat()),
        "talk": [_said(message_body(row)) for row in list_messages(session, case.id, actor=actor())],
        "objections": [objection_body(row) for row in list_objections(session, case.id, actor=actor())],
        "added": _added(case, list_photos(session, case.id, actor=actor())),
        "told": told_of(session, shop().id, photos_in(session, case)),
        "late": [d for d in shown["deadlines"] if d["for"] in OURS and d["at"] < now().isoformat()],
        "pay_when": case.row.pay_when,
        "gave_up": _gave_up(case, events),
    }


def _added(case: Case, attached: list[Any]) -> list[str]:
    """Photos that came after the request."""
    given = [photo for line in case.lines for photo in line.photos]
    return [str(row.id) for row in attached if str(row.id) not in given]


def _possible(session: Any, case: Case, shown: Mapping[str, Any], posted: str) -> dict[str, Any]:
    """What the customer can still do. Right after the request it is asked how easy it was; at the end, both."""
    over = case.state in FINAL
    fresh = "new" in request.args or posted == "rating"
    rated = {row.kind for row in list_ratings(session, case.id, actor=actor())}
    return {
        "object_until": may_object(session, case.id, actor=actor(), now=now()),
        "may_change": lifecycle.can(case.situation(), "change"),
        "may_photograph": case.state in ("requested", "info_requested", "approved", "shipped_back"),
        "may_rate": over and "csat" not in rated,
        "may_tell_ease": (over or fresh) and "ces" not in rated,
        "open_choices": _choices(shown),
        "has_dates": bool(dates_of(shown)),
    }


def _words(policy: Any) -> Mapping[str, Mapping[str, str]]:
    tables = {"reasons": policy.reason_table, "findings": policy.findings}
    return {
        name: {code: one.words(language()) for code, one in table.items()} for name, table in tables.items()
    }


def _said(message: Mapping[str, Any]) -> dict[str, Any]:
    mine = message["author"].get("kind") in ("customer", "storefront")
    return {
        "who": gettext("You") if mine else shop().name,
        "body": message["message"],
        "at": message["at"],
        "kind": "mine" if mine else "",
        "photos": message["photos"] if mine else [],
    }


def _choices(case: Mapping[str, Any]) -> list[dict[str, str]]:
    """Lines whose goods cannot go out as wished."""
    if "choose" not in case["actions"]:
        return []
    waiting = [r for r in case["replacements"] if r["state"] in ("failed", "awaiting_payment")]
    return [
        {"line_id": part["line_id"], "sku": part["sku"], "state": r["state"], "due": r["due"]}
        for r in waiting
        for part in r["lines"]
    ]


def version(number: str) -> Response:
    """Whether the page at hand still shows how it stands."""
    answer = jsonify(version=mine(number).version)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def slip(number: str) -> Response:
    found = mine(number)
    with runtime().db.read() as session:
        case = read_case(session, found.id, actor=actor())
        context, _, offered = slip_of(case, public_url=runtime().settings.public_url or "")
    drawn = runtime().scribe.slip(context, language(), offered)
    answered = Response(drawn, content_type="application/pdf")
    answered.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    answered.headers["Cache-Control"] = "private, no-store"
    return answered


def dates(number: str) -> Response:
    """The deadlines as a calendar file."""
    found = mine(number)
    with runtime().db.read() as session:
        shown = show(read_case(session, found.id, actor=actor()), actor=actor())
    if not dates_of(shown):
        abort(404)
    return calendar(shown, f"{runtime().settings.public_url}{home('returns', found.number)}", gettext, now())


def code(number: str) -> Response:
    return qr(mine(number).number)


def photo(photo_id: UUID) -> Response:
    """A photo that this customer sent, or that the shop took with their request."""
    try:
        with runtime().db.read() as session:
            row, data = read_photo(session, photo_id, files=runtime().files, actor=actor())
            own = row.actor.get("name") == actor().name
            own = own or shown_with(session, order().id, photo_id, actor=actor())
    except NotFound:
        abort(404)
    if not own:
        abort(404)
    answered = Response(data, content_type=row.content_type)
    answered.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answered.headers["Cache-Control"] = "private, max-age=3600"
    return answered
