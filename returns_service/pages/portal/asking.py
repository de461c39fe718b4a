"""P3 to P6: why, what it looks like, what the customer would like instead, how it comes back. One question a page."""

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
from returns_service.pages.portal.drafts import MOST_PHOTOS, Draft
from returns_service.pages.web import (
    Form,
    Submitted,
    gettext,
    language,
    ngettext,
    now,
    page,
    runtime,
    see_other,
)
from returns_service.usecases.forget_draft import forget_photo
from returns_service.usecases.portal_order import PortalOrder, foresee

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
    made.get("/<slug>/new/<draft_id>/wish/<int:n>")(signed_in(wish))
    made.post("/<slug>/new/<draft_id>/wish/<int:n>")(signed_in(wished))
    made.get("/<slug>/new/<draft_id>/send")(signed_in(send))
    made.post("/<slug>/new/<draft_id>/send")(signed_in(sending))
    made.post("/<slug>/new/<draft_id>/photos/<int:n>")(signed_in(photographed))
    made.post("/<slug>/new/<draft_id>/photos/<int:n>/<uuid:photo_id>/remove")(signed_in(dropped))
    made.post("/<slug>/new/photos")(signed_in(upload))


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
    found = bought(draft)
    kinds = {reason["kind"] for reason in found.reasons}
    groups = [
        {"href": home("new", draft.id, "why", n, code), "title": gettext(title), "text": gettext(text)}
        for code, (title, text, of) in GROUPS.items()
        if kinds & set(of)
    ]
    return view("why", draft, n, found, groups=groups, back_to=_before(draft, n))


def _before(draft: Draft, n: int) -> str:
    return home("new", draft.id, "wish", n - 1) if n else home("new", draft.id, "items")


def reason(draft_id: str, n: int, group: str) -> Response:
    draft = drafts.load(draft_id)
    line = draft.line(n)
    asked = {f"asked-{name}": _typed_back(value) for name, value in line.attributes.items()}
    form = Form({"reason": line.reason, "condition": line.condition, "comment": line.comment, **asked})
    return _reason(draft, n, group, form)


def _reason(
    draft: Draft, n: int, group: str, form: Form, status: int = 200, needed: Sequence[str] = ()
) -> Response:
    if group not in GROUPS:
        abort(404)
    found = bought(draft)
    title, _, kinds = GROUPS[group]
    reasons = [entry for entry in found.reasons if entry["kind"] in kinds]
    asked = found.policy.questions_about({entry["kind"] for entry in reasons}, language())
    return view(
        "reason", draft, n, found, status,
        form=form, conditions=[(entry["code"], entry["text"]) for entry in found.conditions], group=group, title=gettext(title), reasons=reasons, needed=needed, most_photos=MOST_PHOTOS, asked=asked,
    )  # fmt: skip


def reasoned(draft_id: str, n: int, group: str) -> Response:
    draft, form = drafts.load(draft_id), Submitted()
    found = bought(draft)
    offered = [
        entry["code"] for entry in found.reasons if entry["kind"] in GROUPS.get(group, ("", "", ()))[2]
    ]
    chosen = form.text("reason") or (offered[0] if len(offered) == 1 else "")
    if chosen not in offered:
        form.wrong("reason", gettext("Choose the reason that fits best."))
    if group == "else":
        form.need("comment", gettext("Tell us in a few words what it is."))
    kept = _kept_photos(form)
    conditions = {entry["code"] for entry in found.conditions}
    condition = form.text("condition") if form.text("condition") in conditions else ""
    kind = next((entry["kind"] for entry in found.reasons if entry["code"] == chosen), "")
    attributes = _answers(form, found.policy.questions_about({kind}, language()))
    comment = form.text("comment", 1000)
    draft = draft.change(
        n, reason=chosen, condition=condition, comment=comment, photos=kept, attributes=attributes
    )
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
            forget_photo(session, shop().id, photo_id, files=runtime().files)
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


def _typed_back(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _kept_photos(form: Submitted) -> tuple[str, ...]:
    """Photos that a script sent before, and those that came with the form where there is no script."""
    kept = [entry for entry in form.list("photos") if entry]
    sent, wrong = pictures.take_many("photos-file", actor())
    if wrong:
        form.wrong("photos", wrong)
    return tuple(dict.fromkeys([*kept, *sent]))[:MOST_PHOTOS]


def _after_reason(draft: Draft, n: int, group: str, form: Submitted) -> Response:
    """On to the wishes; back for photos that the policy needs; or to why it cannot be returned."""
    try:
        line = _foresee(draft, n)
    except Invalid as refusal:
        form.refused(refusal, gettext("Some of the photos are no longer there. Add them again."))
        return _reason(draft.change(n, photos=()), n, group, form, 422)
    missing = [entry for entry in line["evidence"] if entry["missing"]]
    lacking = [
        entry for entry in missing if entry["type"] == "photo" and len(draft.line(n).photos) < entry["count"]
    ]
    if lacking:
        most = max(entry["count"] for entry in lacking)
        form.wrong(
            "photos",
            ngettext(
                "We need a photo to decide about this.", "We need %(num)s photos to decide about this.", most
            ),
        )
        return _reason(draft, n, group, form, 422, needed=[entry["message"] for entry in lacking])
    if not line["eligible"] and not line["offers"]:
        return see_other(home("new", draft.id, "no", n))
    if not line["eligible"] and not draft.review:
        return see_other(home("new", draft.id, "no", n))
    return see_other(home("new", draft.id, "wish", n))


def _foresee(draft: Draft, n: int, **changed: Any) -> dict[str, Any]:
    with runtime().db.read() as session:
        seen = foresee(
            session,
            order().id,
            draft.request(only=n, **changed),
            actor=actor(),
            now=now(),
            changing=draft.changing,
        )
    line: dict[str, Any] = seen["lines"][0]
    return line | {"quote": seen["quote"], "goods_return": seen["goods_return"]}


def refused(draft_id: str, n: int) -> Response:
    """P0: why not, and what else; a page, not an error."""
    draft = drafts.load(draft_id)
    seen = _foresee(draft, n)
    return view("no", draft, n, bought(draft), seen=seen, back_to=home("new", draft.id, "why", n))


def appealed(draft_id: str, n: int) -> Response:
    """A person shall look at it."""
    draft = replace(drafts.load(draft_id), review=True).change(n, resolution="refund")
    drafts.keep(draft)
    return onward(draft)


def wish(draft_id: str, n: int) -> Response:
    draft = drafts.load(draft_id)
    line = draft.line(n)
    return _wish(draft, n, Form({"resolution": line.resolution, "exchange_for": line.exchange_for}))


def _wish(draft: Draft, n: int, form: Form, status: int = 200) -> Response:
    if not draft.line(n).reason:
        return see_other(home("new", draft.id, "why", n))
    seen, found = _foresee(draft, n), bought(draft)
    back = home("new", draft.id, "why", n)
    return view("wish", draft, n, found, status, form=form, seen=seen, offers=_offers(seen), back_to=back)


def _offers(seen: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each resolution once, as it costs least."""
    best: dict[str, Mapping[str, Any]] = {}
    for offer in seen["offers"]:
        best.setdefault(offer["resolution"], offer)
    return list(best.values())


def wished(draft_id: str, n: int) -> Response:
    draft, form = drafts.load(draft_id), Submitted()
    seen, found = _foresee(draft, n), bought(draft)
    offered = {offer["resolution"] for offer in seen["offers"]}
    chosen, variant = form.text("resolution"), form.text("exchange_for")
    if chosen not in offered:
        form.wrong("resolution", gettext("Choose what you would like."))
    item = next(entry for entry in found.lines if entry["id"] == draft.line(n).id)
    stocked = {o["sku"] for o in item["exchange_options"] if o["available"] != 0}
    if chosen == "exchange" and variant not in stocked:
        form.wrong("exchange_for", gettext("Choose what you would like to have instead."))
    if not form.ok:
        return _wish(draft, n, form, 422)
    draft = draft.change(n, resolution=chosen, exchange_for=variant if chosen == "exchange" else "")
    drafts.keep(draft)
    return onward(draft)


def methods(draft: Draft) -> list[Mapping[str, Any]]:
    """Ways to send it back that every line offers whose goods come back, each with what it costs."""
    shared: list[Mapping[str, Any]] | None = None
    for n, line in enumerate(() if draft.review else draft.lines):
        ways = {o["method"]: o for o in _foresee(draft, n)["offers"] if o["resolution"] == line.resolution}
        if set(ways) - {"keep"}:
            shared = [way for way in shared or ways.values() if way["method"] in ways]
    return shared or []


def send(draft_id: str) -> Response:
    """Asked where there is something to choose."""
    draft = drafts.load(draft_id)
    ways = methods(draft)
    if len(ways) < 2:
        drafts.keep(replace(draft, method=ways[0]["method"] if ways else ""))
        return see_other(home("new", draft.id, "check"))
    return _send(draft, ways, Form({"method": draft.method}))


def _send(draft: Draft, ways: Sequence[Mapping[str, Any]], form: Form, status: int = 200) -> Response:
    back = home("new", draft.id, "wish", len(draft.lines) - 1)
    found = bought(draft)
    return page("portal/send.html", status, draft=draft, form=form, methods=ways, order=found, back_to=back)


def sending(draft_id: str) -> Response:
    draft, form = drafts.load(draft_id), Submitted()
    ways = methods(draft)
    if form.text("method") not in {way["method"] for way in ways}:
        form.wrong("method", gettext("Choose how you would like to send it back."))
        return _send(draft, ways, form, 422)
    drafts.keep(replace(draft, method=form.text("method")))
    return see_other(home("new", draft.id, "check"))


def photographed(draft_id: str, n: int) -> Response:
    """One photo from the script, kept with the draft at once: a reload or a dead phone loses nothing."""
    draft = drafts.load(draft_id)
    draft.line(n)
    answer = pictures.take(actor())
    if answer.status_code == 200:
        draft = drafts.load(draft_id)
        drafts.keep(draft.change(n, photos=(*draft.line(n).photos, (answer.json or {})["id"])))
    return answer


def dropped(draft_id: str, n: int, photo_id: UUID) -> Response:
    return _without(drafts.load(draft_id), n, str(photo_id), Response(status=204))


def upload() -> Response:
    """One photo from the script for an answer or a message: `{"id"}` or `{"message"}`."""
    return pictures.take(actor())
