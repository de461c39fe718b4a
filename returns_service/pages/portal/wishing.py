"""P5 and P6: what the customer would like instead, with exact amounts, and how it comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from returns_service.domain.policy import Policy
from returns_service.pages.portal import drafts
from returns_service.pages.portal.asking import line_of, view
from returns_service.pages.portal.choosing import bought, onward
from returns_service.pages.portal.door import actor, home, order, signed_in
from returns_service.pages.portal.drafts import Draft
from returns_service.pages.web import Form, Submitted, gettext, now, page, runtime, see_other
from returns_service.usecases.portal_order import foresee, ways_back

MOST_PRICED = 12
"""Other goods for which it is reckoned what they cost more; of more than these the price is shown alone."""


def register(made: Blueprint) -> None:
    made.get("/<slug>/new/<draft_id>/wish/<int:n>")(signed_in(wish))
    made.post("/<slug>/new/<draft_id>/wish/<int:n>")(signed_in(wished))
    made.get("/<slug>/new/<draft_id>/send")(signed_in(send))
    made.post("/<slug>/new/<draft_id>/send")(signed_in(sending))


def wish(draft_id: str, n: int) -> Response:
    draft = drafts.load(draft_id)
    line = draft.line(n)
    return _wish(draft, n, Form({"resolution": line.resolution, "exchange_for": line.exchange_for}))


def _wish(draft: Draft, n: int, form: Form, status: int = 200) -> Response:
    if not draft.line(n).reason:
        return see_other(home("new", draft.id, "why", n))
    seen, found = line_of(draft, n), bought()
    back, offers = home("new", draft.id, "why", n), _offers(seen)
    item = next(entry for entry in found.lines if entry["id"] == draft.line(n).id)
    swaps = any(offer["resolution"] == "exchange" for offer in offers)
    values = {
        "free": _free_way(draft, n) if any(Decimal(offer["freight"]) > 0 for offer in offers) else "",
        "costs": _costs(draft, n, item["exchange_options"]) if swaps else {},
        "once": len(draft.lines) > 1 and _charged_once(found.policy),
    }
    return view("wish", draft, n, found, status, form=form, seen=seen, offers=offers, back_to=back, **values)


def _costs(draft: Draft, n: int, options: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, str]]:
    """What is to pay or comes back for each of the other goods, by SKU."""
    wanted = [option["sku"] for option in options if option["available"] != 0][:MOST_PRICED]
    tried = {sku: draft.request(only=n, resolution="exchange", exchange_for=sku) for sku in wanted}
    with runtime().db.read() as session:
        return {
            sku: foresee(session, order().id, one, actor=actor(), now=now(), changing=draft.changing)["quote"]
            for sku, one in tried.items()
        }


def _free_way(draft: Draft, n: int) -> str:
    """A way that costs nothing, where the one that is reckoned with does."""
    with runtime().db.read() as session:
        ways = ways_back(session, order().id, draft.request(only=n), actor=actor(), now=now())
    return next((way["method"] for way in ways if Decimal(way["freight"]) == 0), "")


def _charged_once(policy: Policy) -> bool:
    """Whether the way back is paid for the whole return, however many items it has."""
    return all(rule.answer["per"] == "case" for rule in policy.questions["charges.freight"].rules)


def _offers(seen: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each resolution once, as it costs least."""
    best: dict[str, Mapping[str, Any]] = {}
    for offer in seen["offers"]:
        best.setdefault(offer["resolution"], offer)
    return list(best.values())


def wished(draft_id: str, n: int) -> Response:
    draft, form = drafts.load(draft_id), Submitted()
    seen, found = line_of(draft, n), bought()
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


def methods(draft: Draft) -> list[dict[str, Any]]:
    """Ways to send it back, each with what it costs; none where nothing is sent yet or at all."""
    if draft.review:
        return []
    with runtime().db.read() as session:
        request = draft.request()
        return ways_back(session, order().id, request, actor=actor(), now=now(), changing=draft.changing)


def send(draft_id: str) -> Response:
    """Asked where there is something to choose."""
    draft = drafts.load(draft_id)
    ways = methods(draft)
    if len(ways) < 2:
        drafts.keep(replace(draft, method=""))
        return see_other(home("new", draft.id, "check"))
    return _send(draft, ways, Form({"method": draft.method}))


def _send(draft: Draft, ways: Sequence[Mapping[str, Any]], form: Form, status: int = 200) -> Response:
    back = home("new", draft.id, "wish", len(draft.lines) - 1)
    found = bought()
    return page("portal/send.html", status, draft=draft, form=form, methods=ways, order=found, back_to=back)


def sending(draft_id: str) -> Response:
    draft, form = drafts.load(draft_id), Submitted()
    ways = methods(draft)
    if form.text("method") not in {way["method"] for way in ways}:
        form.wrong("method", gettext("Choose how you would like to send it back."))
        return _send(draft, ways, form, 422)
    drafts.keep(replace(draft, method=form.text("method")))
    return see_other(home("new", draft.id, "check"))
