"""P2: the items of the order, each with its deadline and amount, or the reason why not and what else can be done."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from returns_service.pages.portal import drafts
from returns_service.pages.portal.door import actor, home, order, shop, signed_in
from returns_service.pages.portal.drafts import DraftLine
from returns_service.pages.web import Form, Submitted, gettext, language, now, page, runtime, see_other
from returns_service.usecases.find_order import returns_of
from returns_service.usecases.own_data import own_data
from returns_service.usecases.portal_order import PortalOrder, portal_order


def register(made: Blueprint) -> None:
    made.get("/<slug>/items")(signed_in(items))
    made.post("/<slug>/items")(signed_in(chosen))
    made.get("/<slug>/data.json")(signed_in(data))


def bought() -> PortalOrder:
    with runtime().db.read() as session:
        return portal_order(session, order().id, actor=actor(), now=now(), language=language())


def items() -> Response:
    return _show(Form())


def _show(form: Form, status: int = 200) -> Response:
    found = bought()
    with runtime().db.read() as session:
        returns = returns_of(session, shop().id, order())
    lines = [{**line, "most": most(line), "closes_on": closes_on(line)} for line in found.lines]
    return page("portal/items.html", status, form=form, order=found, lines=lines, returns=returns)


def most(line: Mapping[str, Any]) -> int:
    """How many may be chosen: what may come back for some reason."""
    may = line["may"]
    if may["eligible"]:
        return int(may["returnable_quantity"])
    held = any(refusal["code"] == "units_held" for refusal in may["refusals"])
    other = any(reason["eligible"] for reason in may.get("reasons", ()))
    return int(line["quantity"]) if other and not held else 0


def closes_on(line: Mapping[str, Any]) -> str:
    """The last day for the usual reason, else the latest day for any reason that still holds."""
    may = line["may"]
    if may["eligible"]:
        return str((may["window"] or {}).get("closes_on") or "")
    return max(
        (str(r["closes_on"]) for r in may.get("reasons", ()) if r["eligible"] and r["closes_on"]), default=""
    )


def chosen() -> Response:
    form = Submitted()
    lines = []
    for i, line in enumerate(bought().lines):
        wanted = form.number(f"quantity-{i}")
        if wanted > most(line) or wanted < 0:
            form.wrong(
                f"quantity-{i}",
                gettext(
                    "Of “%(title)s” at most %(count)s can be sent back.",
                    title=line["title"],
                    count=most(line),
                ),
            )
        elif wanted:
            lines.append(DraftLine(line["id"], wanted))
    if not lines and form.ok:
        form.wrong("quantity-0", gettext("Choose at least one item."))
    if not form.ok:
        return _show(form, 422)
    draft = drafts.begin(tuple(lines))
    return see_other(home("new", draft.id, "why", 0))


def data() -> Response:
    """Everything that is kept about this order and its returns, to take away."""
    with runtime().db.read() as session:
        kept = own_data(session, order().id, actor=actor())
    answer = Response(json.dumps(kept, ensure_ascii=False, indent=1), content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
