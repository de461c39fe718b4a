"""P2: the items of the order, each with its deadline and amount, or the reason why not and what else can be done."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from returns_service.pages.portal import drafts
from returns_service.pages.portal.door import actor, home, order, shop, signed_in
from returns_service.pages.portal.drafts import Draft, DraftLine
from returns_service.pages.web import Form, Submitted, gettext, now, page, runtime, see_other
from returns_service.usecases.find_order import returns_of
from returns_service.usecases.portal_order import PortalOrder, judged_order, portal_order


def register(made: Blueprint) -> None:
    made.get("/<slug>/items")(signed_in(items))
    made.post("/<slug>/items")(signed_in(chosen))
    made.get("/<slug>/new/<draft_id>/items")(signed_in(items_of))
    made.post("/<slug>/new/<draft_id>/items")(signed_in(chosen_anew))


def bought() -> PortalOrder:
    with runtime().db.read() as session:
        return portal_order(session, order().id, actor=actor(), now=now())


def _judged(draft: Draft | None = None) -> PortalOrder:
    """With what may come back of it."""
    with runtime().db.read() as session:
        changing = draft.changing if draft else None
        return judged_order(session, order().id, actor=actor(), now=now(), changing=changing)


def items() -> Response:
    found = _judged()
    every = "all" in request.args
    wanted = {f"quantity-{i}": str(most(line)) for i, line in enumerate(found.lines) if every and most(line)}
    return _show(found, Form(wanted))


def _show(found: PortalOrder, form: Form, status: int = 200, draft: Draft | None = None) -> Response:
    had = _had(draft)
    lines = [
        {**line, "most": most(line, had.get(line["id"], 0)), "closes_on": closes_on(line)}
        for line in found.lines
    ]
    with runtime().db.read() as session:
        returns = returns_of(session, shop().id, order()) if draft is None else ()
    return page(
        "portal/items.html",
        status,
        form=form,
        order=found,
        lines=lines,
        returns=returns,
        draft=draft,
        gone="gone" in request.args,
    )


def _had(draft: Draft | None) -> Mapping[str, int]:
    return {line.id: line.quantity for line in draft.lines} if draft else {}


def most(line: Mapping[str, Any], had: int = 0) -> int:
    """How many may be chosen: what may come back for some reason, or was asked for already."""
    may = line["may"]
    if may["eligible"]:
        return max(int(may["returnable_quantity"]), had)
    held = any(refusal["code"] == "units_held" for refusal in may["refusals"])
    other = any(reason["eligible"] for reason in may.get("reasons", ()))
    return int(line["quantity"]) if other and not held else had


def closes_on(line: Mapping[str, Any]) -> str:
    """The last day for the usual reason, else the latest day for any reason that still holds."""
    may = line["may"]
    if may["eligible"]:
        return str((may["window"] or {}).get("closes_on") or "")
    return max(
        (str(r["closes_on"]) for r in may.get("reasons", ()) if r["eligible"] and r["closes_on"]), default=""
    )


def chosen() -> Response:
    form, found = Submitted(), _judged()
    wanted = _wanted(form, found, {})
    if not form.ok:
        return _show(found, form, 422)
    draft = drafts.begin([DraftLine(id_, quantity) for id_, quantity in wanted.items()])
    return see_other(home("new", draft.id, "why", 0))


def _wanted(form: Submitted, found: PortalOrder, had: Mapping[str, int]) -> dict[str, int]:
    """Quantity by line, as far as it can be had."""
    wanted: dict[str, int] = {}
    for i, line in enumerate(found.lines):
        quantity, limit = form.number(f"quantity-{i}"), most(line, had.get(line["id"], 0))
        if quantity > limit or quantity < 0:
            said = gettext(
                "Of “%(title)s” at most %(count)s can be sent back.", title=line["title"], count=limit
            )
            form.wrong(f"quantity-{i}", said)
        elif quantity:
            wanted[line["id"]] = quantity
    if not wanted and form.ok:
        form.wrong("quantity-0", gettext("Choose at least one item."))
    return wanted


def items_of(draft_id: str) -> Response:
    """The same page for a draft that was begun."""
    draft = drafts.load(draft_id)
    found, had = _judged(draft), _had(draft)
    values = {f"quantity-{i}": str(had.get(line["id"], 0)) for i, line in enumerate(found.lines)}
    return _show(found, Form(values), draft=draft)


def chosen_anew(draft_id: str) -> Response:
    """Other items; what was answered about the ones that stay is not asked again."""
    draft, form = drafts.load(draft_id), Submitted()
    found = _judged(draft)
    wanted = _wanted(form, found, _had(draft))
    if not form.ok:
        return _show(found, form, 422, draft)
    draft = draft.choose(wanted)
    drafts.keep(draft)
    return onward(draft)


def onward(draft: Draft) -> Response:
    """To the first question that is still open; then how it comes back, and the whole to check."""
    left = draft.unanswered()
    if left is not None:
        return see_other(home("new", draft.id, "why", left))
    return see_other(home("new", draft.id, "check" if draft.method else "send"))
