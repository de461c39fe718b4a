"""W3 and W4: answers of the policy's questions; grade and disposition follow, or a person says why not."""

import re
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from sqlmodel import Session

from returns_service.domain.errors import Invalid, Refusal
from returns_service.domain.request import InspectedUnit
from returns_service.pages.i18n import N_
from returns_service.pages.warehouse import once, views
from returns_service.pages.warehouse.door import actor, done, wants_part
from returns_service.pages.warehouse.words import DISPOSITIONS, sentence
from returns_service.pages.web import Submitted, gettext, language, now, runtime
from returns_service.usecases import bench
from returns_service.usecases.inspect import inspect
from returns_service.usecases.take_back import take_back


def register(blueprint: Blueprint) -> None:
    blueprint.post("/parcels/<number>/unit")(unit)
    blueprint.post("/undo")(undo)
    blueprint.get("/parcels/<number>/proposal")(proposal)


def proposal(number: str) -> Response:
    """What the rules say to the answers so far."""
    case = views.find(number)
    answers = {name[2:]: value for name, value in request.args.items() if name.startswith("q-")}
    with runtime().db.read() as session:
        said = bench.proposal(
            session,
            UUID(case["id"]),
            request.args.get("line_id", ""),
            answers,
            _numbers(request.args.get("serial_numbers", "")),
            actor=actor(),
        )
        words = bench.words(session, UUID(case["id"]), said, actor=actor(), language=language())
    place = gettext(DISPOSITIONS[said.disposition]) if said.disposition in DISPOSITIONS else ""
    return jsonify(grade=said.grade, disposition=said.disposition, place=place, **words)


def unit(number: str) -> Response:
    """Units of one line that were found alike."""
    form = Submitted()
    case = views.find(number)
    try:
        with runtime().db.begin() as session:
            if once.first(session, form, f"unit {number}"):
                _inspect(session, UUID(case["id"]), form)
    except Invalid as refusal:
        return _refused(number, refusal)
    except Refusal as refusal:
        return views.parcel(number, sound="stop", say=sentence(refusal), status=409)
    return _next(number)


NOT_UNDONE = {
    "nothing_done": N_("Nothing of the last ten minutes can be taken back."),
    "already_inspected": N_("Units of this count were inspected since."),
    "illegal_move": N_("The money is on its way already. Tell the people of the console."),
    "money_moved": N_("The money is on its way already. Tell the people of the console."),
    "looked_after": N_("Somebody has looked after this parcel already."),
}
UNDONE = {
    "count": N_("The count was taken back. Count again."),
    "inspection": N_("The inspection was taken back. Look again."),
    "parcel": N_("The record of the unknown parcel was taken back."),
}


def undo() -> Response:
    """W6: the last act of this person, by a fact of its own, until money moved. Sent again, it takes nothing more."""
    form = Submitted()
    try:
        with runtime().db.begin() as session:
            new = once.first(session, form, "undo")
            taken = take_back(session, actor=actor(), now=now()) if new else None
    except Refusal as refusal:
        say = gettext(NOT_UNDONE.get(refusal.code, refusal.detail))
        return views.ready(sound="stop", say=say, status=409)
    say = gettext(UNDONE[taken.what]) if taken else gettext("Taken back")
    if taken is None or taken.case_id is None:
        return views.ready(sound="attention", say=say)
    return views.parcel_of(taken.case_id, sound="attention", say=say)


def _numbers(text: str) -> tuple[str, ...]:
    """Serial numbers as scanned or typed: one for each unit, with blanks or commas between."""
    return tuple(number[:100] for number in re.split(r"[\s,;]+", text) if number)[:100]


def _inspect(session: Session, case_id: UUID, form: Submitted) -> None:
    line_id = form.text("line_id")
    asked = InspectedUnit(
        order_line_id=bench.order_line(session, case_id, line_id, actor=actor()),
        quantity=max(1, form.number("quantity", 1)),
        answers={name[2:]: value for name, value in form.values.items() if name.startswith("q-") and value},
        grade=form.text("grade") or None,
        disposition=form.text("disposition") or None,
        findings=tuple(form.list("findings")),
        note=form.text("note", 1000),
        photos=tuple(form.list("photos")),
        serial_numbers=_numbers(form.text("serial_numbers")),
    )
    if (asked.grade or asked.disposition) and not asked.note:
        raise Invalid("note_needed", gettext("Say why you decide otherwise than the rules."), pointer="/note")
    if not asked.answers and not asked.findings:
        raise Invalid("answers_needed", gettext("Answer the questions first."), pointer="/answers")
    inspect(session, case_id, expected=None, actor=actor(), now=now(), lines=[(line_id, [asked])])


def _refused(number: str, refusal: Invalid) -> Response:
    if refusal.code == "quantity":
        return views.parcel(
            number, sound="stop", say=gettext("These units are inspected already."), status=409
        )
    return views.parcel(number, sound="attention", say=sentence(refusal), status=422)


def _next(number: str) -> Response:
    """On to the next unit; after the last one, ready for the next parcel."""
    with runtime().db.read() as session:
        case = bench.parcel(session, UUID(views.find(number)["id"]), actor=actor(), language=language())
    rest = any(line["inspected"] < line["received"] for line in case["lines"])
    if not wants_part():
        return done(f"/warehouse/parcels/{number}" if rest else "/warehouse/")
    if rest:
        return views.parcel(number, sound="ok", say=gettext("Saved. Next unit."))
    return views.ready(sound="ok", say=gettext("%(number)s is done.", number=number), finished=case)
