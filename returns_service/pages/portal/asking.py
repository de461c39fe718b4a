"""P3 to P6: why, what it looks like, what the customer would like instead, how it comes back. One question a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort

from returns_service.domain.errors import Invalid
from returns_service.pages import photos as pictures
from returns_service.pages.i18n import N_
from returns_service.pages.portal import drafts
from returns_service.pages.portal.choosing import bought
from returns_service.pages.portal.door import actor, home, order, signed_in
from returns_service.pages.portal.drafts import MOST_PHOTOS, Draft
from returns_service.pages.web import Form, Submitted, gettext, language, now, page, runtime, see_other
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
    draft, found = drafts.load(draft_id), bought()
    kinds = {reason["kind"] for reason in found.reasons}
    groups = [
        {"href": home("new", draft.id, "why", n, code), "title": gettext(title), "text": gettext(text)}
        for code, (title, text, of) in GROUPS.items()
        if kinds & set(of)
    ]
    return view("why", draft, n, found, groups=groups, back_to=_before(draft, n))


def _before(draft: Draft, n: int) -> str:
    return home("new", draft.id, "wish", n - 1) if n else home("items")


def reason(draft_id: str, n: int, group: str) -> Response:
    draft = drafts.load(draft_id)
    line = draft.line(n)
    form = Form({"reason": line.reason, "condition": line.condition, "comment": line.comment})
    return _reason(draft, n, group, form)


def _reason(
    draft: Draft, n: int, group: str, form: Form, status: int = 200, needed: Sequence[str] = ()
) -> Response:
    if group not in GROUPS:
        abort(404)
    found = bought()
    title, _, kinds = GROUPS[group]
    reasons = [entry for entry in found.reasons if entry["kind"] in kinds]
    return view(
        "reason", draft, n, found, status,
        form=form, conditions=[(entry["code"], entry["text"]) for entry in found.conditions], group=group, title=gettext(title), reasons=reasons, needed=needed, most_photos=MOST_PHOTOS,
    )  # fmt: skip


def reasoned(draft_id: str, n: int, group: str) -> Response:
    draft, form, found = drafts.load(draft_id), Submitted(), bought()
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
    draft = draft.change(
        n, reason=chosen, condition=condition, comment=form.text("comment", 1000), photos=kept
    )
    if not form.ok:
        return _reason(draft, n, group, form, 422)
    drafts.keep(draft)
    return _after_reason(draft, n, group, form)


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
    asked = [entry["message"] for entry in missing if "photo" in entry["type"]]
    if asked and not draft.line(n).photos:
        form.wrong("photos", gettext("We need a photo to decide about this."))
        return _reason(draft, n, group, form, 422, needed=asked)
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
            language=language(),
        )
    line: dict[str, Any] = seen["lines"][0]
    return line | {"quote": seen["quote"], "goods_return": seen["goods_return"]}


def refused(draft_id: str, n: int) -> Response:
    """P0: why not, and what else; a page, not an error."""
    draft = drafts.load(draft_id)
    return view("no", draft, n, bought(), seen=_foresee(draft, n), back_to=home("new", draft.id, "why", n))


def appealed(draft_id: str, n: int) -> Response:
    """A person shall look at it."""
    draft = replace(drafts.load(draft_id), review=True).change(n, resolution="refund")
    drafts.keep(draft)
    return _next_line(draft, n)


def wish(draft_id: str, n: int) -> Response:
    draft = drafts.load(draft_id)
    line = draft.line(n)
    return _wish(draft, n, Form({"resolution": line.resolution, "exchange_for": line.exchange_for}))


def _wish(draft: Draft, n: int, form: Form, status: int = 200) -> Response:
    if not draft.line(n).reason:
        return see_other(home("new", draft.id, "why", n))
    seen, found = _foresee(draft, n), bought()
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
    seen, found = _foresee(draft, n), bought()
    offered = {offer["resolution"] for offer in seen["offers"]}
    chosen, variant = form.text("resolution"), form.text("exchange_for")
    if chosen not in offered:
        form.wrong("resolution", gettext("Choose what you would like."))
    item = next(entry for entry in found.lines if entry["id"] == draft.line(n).id)
    if chosen == "exchange" and variant not in {o["sku"] for o in item.get("exchange_options") or []}:
        form.wrong("exchange_for", gettext("Choose what you would like to have instead."))
    if not form.ok:
        return _wish(draft, n, form, 422)
    draft = draft.change(n, resolution=chosen, exchange_for=variant if chosen == "exchange" else "")
    drafts.keep(draft)
    return _next_line(draft, n)


def _next_line(draft: Draft, n: int) -> Response:
    if n + 1 < len(draft.lines):
        return see_other(home("new", draft.id, "why", n + 1))
    return see_other(
        home("new", draft.id, "send") if len(methods(draft)) > 1 else home("new", draft.id, "check")
    )


def methods(draft: Draft) -> list[Mapping[str, Any]]:
    """Ways to send it back that every line offers, each with what it costs."""
    shared: list[Mapping[str, Any]] | None = None
    for n, line in enumerate(draft.lines):
        ways = {o["method"]: o for o in _foresee(draft, n)["offers"] if o["resolution"] == line.resolution}
        if not draft.review:
            shared = (
                [o for o in (shared or list(ways.values())) if o["method"] in ways]
                if shared is not None
                else list(ways.values())
            )
    return shared or []


def send(draft_id: str) -> Response:
    draft = drafts.load(draft_id)
    return page(
        "portal/send.html",
        draft=draft,
        form=Form({"method": draft.method}),
        methods=methods(draft),
        order=bought(),
        back_to=home("new", draft.id, "wish", len(draft.lines) - 1),
    )


def sending(draft_id: str) -> Response:
    draft, form = drafts.load(draft_id), Submitted()
    ways = methods(draft)
    if form.text("method") not in {way["method"] for way in ways}:
        form.wrong("method", gettext("Choose how you would like to send it back."))
        return page(
            "portal/send.html",
            422,
            draft=draft,
            form=form,
            methods=ways,
            order=bought(),
            back_to=home("new", draft.id, "wish", len(draft.lines) - 1),
        )
    drafts.keep(replace(draft, method=form.text("method")))
    return see_other(home("new", draft.id, "check"))


def upload() -> Response:
    """One photo from the script: `{"id"}` or `{"message"}`."""
    return pictures.take(actor())
