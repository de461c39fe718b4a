"""P8 and P9: where a return stands, what comes next and when, and everything the customer can still do."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request

from returns_service.domain.case import STAGES, read_number
from returns_service.domain.errors import Conflict, IllegalMove, Invalid, NotFound, StaleVersion
from returns_service.domain.lifecycle import ENDED, FINAL
from returns_service.pages import labels
from returns_service.pages.portal.door import actor, home, shop, signed_in, visitor
from returns_service.pages.portal.papers import calendar, qr
from returns_service.pages.portal.steps import steps
from returns_service.pages.web import Form, Submitted, gettext, language, now, page, runtime, see_other
from returns_service.usecases.answer import answer
from returns_service.usecases.cancel import cancel
from returns_service.usecases.choose import choose
from returns_service.usecases.find_order import FoundReturn, find_return
from returns_service.usecases.list_events import list_events
from returns_service.usecases.objections import list_objections, raise_objection
from returns_service.usecases.photos_of_case import attach_photo, list_photos, read_photo
from returns_service.usecases.portal_order import order_of_return
from returns_service.usecases.post_message import list_messages, post_message
from returns_service.usecases.rate import list_ratings, rate
from returns_service.usecases.read_case import read_case
from returns_service.usecases.ship import ship
from returns_service.usecases.show_case import show
from returns_service.usecases.show_parts import message_body, objection_body
from returns_service.usecases.slip_of import slip_of

OBJECTIONABLE = FINAL | ENDED | {"rejected", "settling", "inspected"}


def register(made: Blueprint) -> None:
    made.get("/<slug>/returns/<number>")(status)
    made.get("/<slug>/returns/<number>/slip.pdf")(signed_in(slip))
    made.get("/<slug>/returns/<number>/calendar.ics")(signed_in(dates))
    made.get("/<slug>/returns/<number>/qr.svg")(signed_in(code))
    made.get("/<slug>/photos/<uuid:photo_id>")(signed_in(photo))
    for name, deed in DEEDS.items():
        made.post(f"/<slug>/returns/<number>/{name}", endpoint=name)(signed_in(_doing(name, deed)))


def status(number: str) -> Response:
    """All of it for whoever holds the order; for others who have the number, the state alone."""
    found = _found(number)
    held = visitor()
    if held is None or held.id != found.order.id:
        return page(
            "portal/brief.html", found=found, stage=STAGES[found.state], next=home("returns", found.number)
        )
    return signed_in(_full)(found)


def _found(number: str) -> FoundReturn:
    proper = read_number(number)
    with runtime().db.read() as session:
        found = find_return(session, shop().id, proper) if proper else None
    if found is None:
        abort(404)
    return found


def _mine(number: str) -> FoundReturn:
    """A return of the order at hand. 404 for any other."""
    found, held = _found(number), visitor()
    if held is None or held.id != found.order.id:
        abort(404)
    return found


def _full(found: FoundReturn, form: Form | None = None, code: int = 200) -> Response:
    with runtime().db.read() as session:
        case = read_case(session, found.id, actor=actor())
        shown = show(case, actor=actor())
        values: dict[str, Any] = {
            "items": order_of_return(session, found.id, actor=actor()),
            "words": _words(case.policy),
            "steps": steps(list_events(session, found.id, actor=actor(), limit=500), shown, gettext),
            "talk": [_said(message_body(row)) for row in list_messages(session, found.id, actor=actor())],
            "objections": [objection_body(row) for row in list_objections(session, found.id, actor=actor())],
            "rated": {row.kind for row in list_ratings(session, found.id, actor=actor())},
            "pictures": [str(row.id) for row in list_photos(session, found.id, actor=actor())],
        }
    values["may_object"] = found.state in OBJECTIONABLE and not any(
        o["state"] == "open" for o in values["objections"]
    )
    values["open_choices"] = _choices(shown)
    values["late"] = [d for d in shown["deadlines"] if d["at"] < now().isoformat()]
    values["final"] = found.state in FINAL
    values["goes_to"] = lambda method: labels.payment(method, gettext)
    values["arrives"] = lambda method: labels.arrival(method, gettext)
    return page(
        "portal/status.html",
        code,
        case=shown,
        form=form or Form(),
        new="new" in request.args,
        did=request.args.get("did", ""),
        **values,
    )


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


Deed = Callable[[Any, UUID, Submitted], None]


def _doing(name: str, deed: Deed) -> Callable[[str], Response]:
    """A post on the page: do it, and show the page again; what went wrong is said there, with what was typed."""

    def view(number: str) -> Response:
        found, form = _mine(number), Submitted()
        if not form.text("message") and name in ("answer", "message", "objection"):
            form.wrong(f"{name}-message", gettext("Write what you want to say."))
            return _full(found, form, 422)
        try:
            with runtime().db.begin() as session:
                deed(session, found.id, form)
        except StaleVersion:
            form.wrong("", gettext("This return has changed in the meantime. This is how it stands now."))
            return _full(_found(number), form, 412)
        except (IllegalMove, Conflict):
            form.wrong("", gettext("This is not possible any more. This is how your return stands now."))
            return _full(_found(number), form, 409)
        except (Invalid, NotFound):
            form.wrong("", gettext("Something of what you entered cannot be used. Please look at it again."))
            return _full(_found(number), form, 422)
        return see_other(f"{home('returns', found.number)}?did={name}")

    return view


def _cancel(session: Any, case_id: UUID, form: Submitted) -> None:
    cancel(
        session, case_id, expected=form.version(), actor=actor(), now=now(), reason=form.text("reason", 500)
    )


def _ship(session: Any, case_id: UUID, form: Submitted) -> None:
    number = form.text("tracking_number", 80)
    if not number:
        raise Invalid("tracking_number", "Enter the number.")
    ship(
        session,
        case_id,
        expected=None,
        actor=actor(),
        now=now(),
        carrier=form.text("carrier", 40) or None,
        tracking_number=number,
    )


def _answer(session: Any, case_id: UUID, form: Submitted) -> None:
    photos = [entry for entry in form.list("photos") if entry]
    answer(
        session,
        case_id,
        expected=form.version(),
        actor=actor(),
        now=now(),
        message=form.text("message"),
        photos=photos,
    )


def _message(session: Any, case_id: UUID, form: Submitted) -> None:
    post_message(
        session,
        case_id,
        message=form.text("message"),
        photo_ids=[e for e in form.list("photos") if e],
        actor=actor(),
        now=now(),
    )


def _object(session: Any, case_id: UUID, form: Submitted) -> None:
    raise_objection(session, case_id, text=form.text("message"), actor=actor(), now=now())


def _choose(session: Any, case_id: UUID, form: Submitted) -> None:
    choose(
        session,
        case_id,
        expected=None,
        actor=actor(),
        now=now(),
        line_id=form.text("line_id"),
        resolution=form.text("resolution"),
    )


def _rate(session: Any, case_id: UUID, form: Submitted) -> None:
    rate(
        session,
        case_id,
        kind="csat",
        score=form.number("score"),
        comment=form.text("comment", 1000),
        actor=actor(),
        now=now(),
    )


def _photo(session: Any, case_id: UUID, form: Submitted) -> None:
    for entry in form.list("photos"):
        if entry:
            attach_photo(session, case_id, entry, alt="", actor=actor(), now=now())


DEEDS: Mapping[str, Deed] = {
    "cancel": _cancel,
    "ship": _ship,
    "answer": _answer,
    "message": _message,
    "objection": _object,
    "choose": _choose,
    "rating": _rate,
    "photos": _photo,
}


def slip(number: str) -> Response:
    found = _mine(number)
    with runtime().db.read() as session:
        case = read_case(session, found.id, actor=actor())
        context, _, offered = slip_of(case, public_url=runtime().settings.public_url or "")
    drawn = runtime().scribe.slip(context, language(), offered)
    answered = Response(drawn, content_type="application/pdf")
    answered.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    answered.headers["Cache-Control"] = "private, no-store"
    return answered


def dates(number: str) -> Response:
    """The deadline as a calendar file."""
    found = _mine(number)
    with runtime().db.read() as session:
        shown = show(read_case(session, found.id, actor=actor()), actor=actor())
    return calendar(shown, f"{runtime().settings.public_url}{home('returns', found.number)}", gettext, now())


def code(number: str) -> Response:
    return qr(_mine(number).number)


def photo(photo_id: UUID) -> Response:
    """A photo of the customer's own returns."""
    try:
        with runtime().db.read() as session:
            row, data = read_photo(session, photo_id, files=runtime().files, actor=actor())
    except NotFound:
        abort(404)
    if row.actor.get("name") != actor().name:
        abort(404)
    answered = Response(data, content_type=row.content_type)
    answered.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answered
