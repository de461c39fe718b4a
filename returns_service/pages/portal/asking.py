"""P3, P4 and P0: why, what it looks like, and why it cannot be. One question a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort

from returns_service.domain.errors import Invalid
from returns_service.pages import photos as pictures
from returns_service.pages.i18n import N_
from returns_service.pages.portal import drafts
from returns_service.pages.portal.choosing import bought, onward
from returns_service.pages.portal.door import actor, home, order, shop, signed_in
from returns_service.pages.portal.drafts import MOST_PHOTOS, Draft, DraftLine
from returns_service.pages.web import (
    Form,
    Submitted,
    gettext,
    language,
    limits,
    ngettext,
    now,
    page,
    runtime,
    see_other,
)
from returns_service.usecases.forget_draft import forget_photo
from returns_service.usecases.photos_of_case import describe, own_photos, told_of
from returns_service.usecases.portal_order import PortalOrder, foresee

PHOTOS = "120/hour"

GROUPS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "keep": (
        N_("I do not want to keep it"),
        N_("It does not fit, or you changed your mind"),
        ("remorse", "withdrawal"),
    ),
    "broken": (
        N_("Something is wrong with it"),
        N_("Broken, damaged, or not as described"),
        ("defect", "damaged", "not_as_described", "counterfeit"),
    ),
    "other": (
        N_("I did not get what I ordered"),
        N_("Wrong, missing, too late, or never arrived"),
        ("wrong_item", "missing", "late", "not_received"),
    ),
    "else": (N_("Something else"), N_("Tell us in your own words"), ("other",)),
}
"""First level of the reasons: address part -> title, explanation, kinds of the policy's reasons."""


def register(made: Blueprint) -> None:
    made.get("/<slug>/new/<draft_id>/why/<int:n>")(signed_in(why))
    made.get("/<slug>/new/<draft_id>/why/<int:n>/<group>")(signed_in(reason))
    made.post("/<slug>/new/<draft_id>/why/<int:n>/<group>")(signed_in(reasoned))
    made.get("/<slug>/new/<draft_id>/no/<int:n>")(signed_in(refused))
    made.post("/<slug>/new/<draft_id>/no/<int:n>")(signed_in(appealed))
    made.post("/<slug>/new/<draft_id>/photos/<int:n>")(signed_in(photographed))
    made.post("/<slug>/new/<draft_id>/photos/<int:n>/<uuid:photo_id>/remove")(signed_in(dropped))
    made.post("/<slug>/new/photos")(signed_in(uploaded))


def view(
    template: str, draft: Draft, n: int, found: PortalOrder, status: int = 200, **values: Any
) -> Response:
    """A page about one line of the draft."""
    line = draft.line(n)
    item = next((entry for entry in found.lines if entry["id"] == line.id), None)
    if item is None:
        abort(404)
    return page(
        f"portal/{template}.html", status, draft=draft, n=n, line=line, item=item, order=found, **values
    )


def why(draft_id: str, n: int) -> Response:
    draft = drafts.load(draft_id)
    found = bought()
    kinds = {reason["kind"] for reason in _reasons(found, draft.line(n))}
    groups = [
        {"href": home("new", draft.id, "why", n, code), "title": gettext(title), "text": gettext(text)}
        for code, (title, text, of) in GROUPS.items()
        if kinds & set(of)
    ]
    return view("why", draft, n, found, groups=groups, back_to=_before(draft, n))


def _reasons(found: PortalOrder, line: DraftLine) -> list[Mapping[str, str]]:
    """Those that are for this item."""
    fitting = next((entry["reasons"] for entry in found.lines if entry["id"] == line.id), ())
    return [reason for reason in found.reasons if reason["code"] in fitting]


def _before(draft: Draft, n: int) -> str:
    return home("new", draft.id, "wish", n - 1) if n else home("new", draft.id, "items")


def reason(draft_id: str, n: int, group: str) -> Response:
    draft = drafts.load(draft_id)
    line = draft.line(n)
    asked = {f"asked-{name}": _typed_back(value) for name, value in line.attributes.items()}
    shown = {f"shown-{type_}": str(next(iter(data.values()), "")) for type_, data in line.evidence.items()}
    typed = {"reason": line.reason, "condition": line.condition, "comment": line.comment}
    form = Form({**typed, **asked, **shown})
    return _reason(draft, n, group, form)


def _reason(
    draft: Draft, n: int, group: str, form: Form, status: int = 200, missing: Sequence[Mapping[str, Any]] = ()
) -> Response:
    """The question, and below it what the policy still wants to see."""
    if group not in GROUPS:
        abort(404)
    found = bought()
    title, _, kinds = GROUPS[group]
    reasons = [entry for entry in _reasons(found, draft.line(n)) if entry["kind"] in kinds]
    asked = found.policy.questions_about({entry["kind"] for entry in reasons}, language())
    return view(
        "reason", draft, n, found, status,
        form=form, conditions=[(entry["code"], entry["text"]) for entry in found.conditions], group=group, title=gettext(title), reasons=reasons, needed=[one["message"] for one in missing if one["type"] == "photo"], most_photos=MOST_PHOTOS, asked=asked, wanted=_wanted(draft.line(n), missing), told=_told(draft.line(n)),
    )  # fmt: skip


def _told(line: DraftLine) -> Mapping[str, Mapping[str, Any]]:
    """The photos so far, with what the customer said of each."""
    with runtime().db.read() as session:
        return told_of(session, shop().id, line.photos)


def _wanted(line: DraftLine, missing: Sequence[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    """Evidence in words that the policy asks for, or that was given."""
    found = {type_: {"type": type_, "message": ""} for type_ in line.evidence}
    return [
        *found.values(),
        *(
            {"type": one["type"], "message": one["message"]}
            for one in missing
            if one["type"] not in (*found, "photo")
        ),
    ]


def reasoned(draft_id: str, n: int, group: str) -> Response:
    draft, form = drafts.load(draft_id), Submitted()
    found = bought()
    kinds = GROUPS.get(group, ("", "", ()))[2]
    offered = [entry["code"] for entry in _reasons(found, draft.line(n)) if entry["kind"] in kinds]
    chosen = form.text("reason") or (offered[0] if len(offered) == 1 else "")
    if chosen not in offered:
        form.wrong("reason", gettext("Choose the reason that fits best."))
    if group == "else":
        form.need("comment", gettext("Tell us in a few words what it is."))
    kept = _kept_photos(form, draft.line(n))
    conditions = {entry["code"] for entry in found.conditions}
    condition = form.text("condition") if form.text("condition") in conditions else ""
    kind = next((entry["kind"] for entry in found.reasons if entry["code"] == chosen), "")
    attributes = _answers(form, found.policy.questions_about({kind}, language()))
    changed = {"comment": form.text("comment", 1000), "photos": kept, "evidence": _shown(form)}
    draft = draft.change(n, reason=chosen, condition=condition, attributes=attributes, **changed)
    if form.text("remove"):
        return _without(draft, n, form.text("remove"), see_other(home("new", draft.id, "why", n, group)))
    if not form.ok:
        return _reason(draft, n, group, form, 422)
    drafts.keep(draft)
    return _after_reason(draft, n, group, form)


def _without(draft: Draft, n: int, photo_id: str, then: Response) -> Response:
    """Take a photo out of the draft, and out of the world unless a return has it."""
    photos = draft.line(n).photos
    drafts.keep(draft.change(n, photos=tuple(one for one in photos if one != photo_id)))
    if photo_id in photos and not draft.case:
        with runtime().db.begin() as session:
            forget_photo(session, order().id, photo_id, files=runtime().files, actor=actor())
    return then


def _answers(form: Submitted, asked: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was answered to the policy's own questions, as the type that it declares."""
    found: dict[str, Any] = {}
    for ask in asked:
        said, known = form.text(f"asked-{ask['code']}", 200), {one["code"] for one in ask["answers"]}
        if ask["type"] == "boolean" and said in ("yes", "no"):
            found[ask["code"]] = said == "yes"
        elif ask["type"] == "number" and said:
            found[ask["code"]] = form.number(f"asked-{ask['code']}")
        elif ask["type"] == "text" and said and (said in known or not known):
            found[ask["code"]] = said
    return found


def _shown(form: Submitted) -> dict[str, dict[str, str]]:
    """Evidence in words: a serial number, the number of a report."""
    found = {
        name.removeprefix("shown-"): form.text(name, 500) for name in form.data if name.startswith("shown-")
    }
    return {
        type_: {"number" if type_.endswith("number") else "text": said}
        for type_, said in found.items()
        if said
    }


def _typed_back(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _kept_photos(form: Submitted, line: DraftLine) -> tuple[str, ...]:
    """Photos that were sent before, with what each shows, and those that came with the form where there is no script.

    A name that the browser made up is no photo, and no evidence.
    """
    with runtime().db.begin() as session:
        mine = {*line.photos, *own_photos(session, form.list("photos"), actor=actor())}
        kept = [entry for entry in form.list("photos") if entry in mine]
        for entry in kept[:MOST_PHOTOS]:
            describe(session, entry, alt=form.text(f"alt-{entry}", 200), actor=actor())
    sent, wrong = pictures.take_many("photos-file", actor())
    drafts.note_photos(sent)
    if wrong:
        form.wrong("photos", wrong)
    return tuple(dict.fromkeys([*kept, *sent]))[:MOST_PHOTOS]


def _after_reason(draft: Draft, n: int, group: str, form: Submitted) -> Response:
    """On to the wishes; back for photos that the policy needs; or to why it cannot be returned."""
    try:
        line = line_of(draft, n)
    except Invalid as refusal:
        form.refused(refusal, gettext("Some of the photos are no longer there. Add them again."))
        return _reason(draft.change(n, photos=()), n, group, form, 422)
    missing = [entry for entry in line["evidence"] if _is_missing(entry, draft.line(n), form)]
    photos = [entry["count"] for entry in missing if entry["type"] == "photo"]
    if photos:
        form.wrong("photos", _how_many(max(photos)))
    if missing:
        return _reason(draft, n, group, form, 422 if photos else 200, missing)
    if not line["eligible"] and not (draft.review and line["offers"]):
        return see_other(home("new", draft.id, "no", n))
    return see_other(home("new", draft.id, "wish", n))


def _how_many(count: int) -> str:
    return ngettext(
        "We need a photo to decide about this.", "We need %(num)s photos to decide about this.", count
    )


def _is_missing(entry: Mapping[str, Any], line: DraftLine, form: Submitted) -> bool:
    """Photos until there are enough; words are asked for once, and may stay unsaid."""
    if entry["type"] == "photo":
        return bool(entry["missing"]) and len(line.photos) < entry["count"]
    return bool(entry["missing"]) and f"shown-{entry['type']}" not in form.data


def line_of(draft: Draft, n: int) -> dict[str, Any]:
    """What the policy says to one line of the draft."""
    with runtime().db.read() as session:
        seen = foresee(
            session,
            order().id,
            draft.request(only=n),
            actor=actor(),
            now=now(),
            changing=draft.changing,
        )
    line: dict[str, Any] = seen["lines"][0]
    return line | {"quote": seen["quote"], "goods_return": seen["goods_return"]}


def refused(draft_id: str, n: int) -> Response:
    """P0: why not, and what else; a page, not an error."""
    draft = drafts.load(draft_id)
    seen = line_of(draft, n)
    return view("no", draft, n, bought(), seen=seen, back_to=home("new", draft.id, "why", n))


def appealed(draft_id: str, n: int) -> Response:
    """A person shall look at it."""
    draft = replace(drafts.load(draft_id), review=True).change(n, resolution="refund")
    drafts.keep(draft)
    return onward(draft)


def photographed(draft_id: str, n: int) -> Response:
    """One photo from the script, kept with the draft at once: a reload or a dead phone loses nothing."""
    drafts.load(draft_id).line(n)
    answer = _upload()
    if answer.status_code == 200:
        draft = drafts.load(draft_id)
        drafts.keep(draft.change(n, photos=(*draft.line(n).photos, (answer.json or {})["id"])))
    return answer


def dropped(draft_id: str, n: int, photo_id: UUID) -> Response:
    return _without(drafts.load(draft_id), n, str(photo_id), Response(status=204))


def uploaded() -> Response:
    """The same for an answer, a message or an objection that is being written."""
    answer = _upload()
    if answer.status_code == 200:
        drafts.note_photos([(answer.json or {})["id"]])
    return answer


def _upload() -> Response:
    """`{"id"}` or `{"message"}`."""
    if not limits().spend(PHOTOS, "portal-photos", shop().slug, order().id):
        abort(429)
    return pictures.take(actor())
