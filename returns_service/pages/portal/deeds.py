"""P9: what a customer does on the page of a return. Each post does one thing and shows the page again."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from returns_service.domain.errors import Conflict, IllegalMove, Invalid, NotFound, StaleVersion
from returns_service.pages import photos as pictures
from returns_service.pages.i18n import N_
from returns_service.pages.portal import drafts
from returns_service.pages.portal.door import actor, home, signed_in
from returns_service.pages.portal.drafts import DraftLine
from returns_service.pages.portal.status import find, mine, whole
from returns_service.pages.web import Submitted, gettext, now, runtime, see_other
from returns_service.usecases.answer import answer
from returns_service.usecases.cancel import cancel
from returns_service.usecases.choose import choose
from returns_service.usecases.objections import raise_objection
from returns_service.usecases.photos_of_case import attach_photo
from returns_service.usecases.post_message import post_message
from returns_service.usecases.rate import rate
from returns_service.usecases.read_case import read_case
from returns_service.usecases.ship import ship

Photos = list[str]
Deed = Callable[[Any, UUID, Submitted, Photos], None]
WRITTEN = ("answer", "message", "objection")
"""Forms that are nothing without words."""
WITH_PHOTOS = (*WRITTEN, "photos")
FORGOTTEN = {
    "tracking_number": ("tracking_number", N_("Enter the tracking number.")),
    "score": ("rating", N_("Choose an answer first.")),
}
"""Where what is missing belongs, and how it is said."""
RATED = {"csat": "score", "ces": "ease"}
"""What is asked for, by the field that it is asked in."""


def register(made: Blueprint) -> None:
    made.post("/<slug>/returns/<number>/change", endpoint="change")(signed_in(change))
    for name, deed in DEEDS.items():
        made.post(f"/<slug>/returns/<number>/{name}", endpoint=name)(signed_in(_doing(name, deed)))


def _doing(name: str, deed: Deed) -> Callable[[str], Response]:
    """Do it, and show the page again; what went wrong is said there, with what was typed."""

    def view(number: str) -> Response:
        found, form = mine(number), Submitted()
        photos = _photos(form, name) if name in WITH_PHOTOS else []
        if form.text("remove"):
            return whole(found, form, 200, name, photos)
        if name in WRITTEN and not form.text("message"):
            form.wrong(f"{name}-message", gettext("Write what you want to say."))
        if name == "photos" and not photos:
            form.wrong("photos-file", gettext("Choose a photo first."))
        status = 422 if not form.ok else _done(deed, found.id, form, photos)
        if status:
            return whole(find(number), form, status, name, photos)
        return see_other(f"{home('returns', found.number)}?did={name}")

    return view


def _done(deed: Deed, case_id: UUID, form: Submitted, photos: Photos) -> int:
    """0, or the status of why not; the form says it in words."""
    try:
        with runtime().db.begin() as session:
            deed(session, case_id, form, photos)
    except StaleVersion:
        form.wrong("", gettext("This return has changed in the meantime. This is how it stands now."))
        return 412
    except (IllegalMove, Conflict):
        form.wrong("", gettext("This is not possible any more. This is how your return stands now."))
        return 409
    except (Invalid, NotFound) as refusal:
        field, said = FORGOTTEN.get(
            refusal.code, ("", N_("Something of what you entered cannot be used. Please look at it again."))
        )
        form.wrong(field, gettext(said))
        return 422
    return 0


def _photos(form: Submitted, name: str) -> Photos:
    """Those that a script sent before, and those that came with the form."""
    field = name if name == "photos" else f"{name}-photos"
    sent, wrong = pictures.take_many(f"{field}-file", actor())
    drafts.note_photos(sent)
    if wrong:
        form.wrong(f"{field}-file", wrong)
    kept = [entry for entry in dict.fromkeys([*form.list(field), *sent]) if entry != form.text("remove")]
    return [entry for entry in kept if entry][: drafts.MOST_PHOTOS]


def change(number: str) -> Response:
    """What was asked becomes a draft again, to be changed on the page that checks it."""
    found = mine(number)
    with runtime().db.read() as session:
        case = read_case(session, found.id, actor=actor())
        lines = [_as_asked(line) for line in case.row.request["lines"]]
        review = any(not line.decision.get("eligible", True) for line in case.lines)
        method = str(case.row.request.get("return_method") or "")
    draft = drafts.begin(
        lines, case=str(found.id), number=found.number, version=found.version, review=review, method=method
    )
    return see_other(home("new", draft.id, "check"))


def _as_asked(line: Mapping[str, Any]) -> DraftLine:
    return DraftLine(
        id=line["order_line_id"],
        quantity=line["quantity"],
        reason=line["reason"],
        condition=line["condition"] or "",
        comment=line["comment"],
        photos=tuple(line["photos"]),
        resolution=line["resolution"],
        exchange_for=line["exchange_for"] or "",
        attributes=line["attributes"],
        evidence={shown["type"]: shown["data"] for shown in line.get("evidence") or ()},
    )


def _cancel(session: Any, case_id: UUID, form: Submitted, _: Photos) -> None:
    reason = form.text("reason", 500)
    cancel(session, case_id, expected=form.version(), actor=actor(), now=now(), reason=reason)


def _ship(session: Any, case_id: UUID, form: Submitted, _: Photos) -> None:
    number = form.text("tracking_number", 80)
    if not number:
        raise Invalid("tracking_number", "Enter the number.")
    carrier = form.text("carrier", 40) or None
    ship(session, case_id, expected=None, actor=actor(), now=now(), carrier=carrier, tracking_number=number)


def _answer(session: Any, case_id: UUID, form: Submitted, photos: Photos) -> None:
    message, expected = form.text("message"), form.version()
    answer(session, case_id, expected=expected, actor=actor(), now=now(), message=message, photos=photos)


def _message(session: Any, case_id: UUID, form: Submitted, photos: Photos) -> None:
    post_message(session, case_id, message=form.text("message"), photo_ids=photos, actor=actor(), now=now())


def _object(session: Any, case_id: UUID, form: Submitted, photos: Photos) -> None:
    raise_objection(session, case_id, text=form.text("message"), photo_ids=photos, actor=actor(), now=now())


def _choose(session: Any, case_id: UUID, form: Submitted, _: Photos) -> None:
    choose(
        session,
        case_id,
        expected=None,
        actor=actor(),
        now=now(),
        line_id=form.text("line_id"),
        resolution=form.text("resolution"),
    )


def _rate(session: Any, case_id: UUID, form: Submitted, _: Photos) -> None:
    said = {kind: form.number(name) for kind, name in RATED.items() if form.text(name)}
    if not said:
        raise Invalid("score", "Choose an answer.")
    for kind, score in said.items():
        comment = form.text("comment", 1000) if kind == next(iter(said)) else ""
        rate(session, case_id, kind=kind, score=score, comment=comment, actor=actor(), now=now())


def _photo(session: Any, case_id: UUID, form: Submitted, photos: Photos) -> None:
    for entry in photos:
        attach_photo(session, case_id, entry, alt=form.text("alt", 200), actor=actor(), now=now())


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
