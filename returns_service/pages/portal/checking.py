"""P7: everything on one page before it counts, with the exact amount; the button says the deed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from returns_service.domain.errors import (
    Conflict,
    IllegalMove,
    Invalid,
    NotEligible,
    Refusal,
    StaleVersion,
    UnitsHeld,
)
from returns_service.pages.portal import drafts
from returns_service.pages.portal.choosing import bought
from returns_service.pages.portal.door import actor, home, order, signed_in
from returns_service.pages.portal.drafts import Draft
from returns_service.pages.portal.wishing import methods
from returns_service.pages.shares import shares
from returns_service.pages.web import Form, gettext, now, page, runtime, see_other
from returns_service.usecases.change import change
from returns_service.usecases.open_case import open_case
from returns_service.usecases.portal_order import foresee
from returns_service.usecases.read_case import number_of


def register(made: Blueprint) -> None:
    made.get("/<slug>/new/<draft_id>/check")(signed_in(check))
    made.post("/<slug>/new/<draft_id>/check")(signed_in(submit))


def check(draft_id: str) -> Response:
    draft = drafts.load(draft_id)
    return see_other(home("returns", draft.number)) if draft.done else _check(draft, Form())


def _check(draft: Draft, form: Form, status: int = 200) -> Response:
    left = draft.unanswered()
    if left is not None:
        return see_other(home("new", draft.id, "why", left))
    ways = methods(draft)
    if len(ways) > 1 and draft.method not in {way["method"] for way in ways}:
        return see_other(home("new", draft.id, "send"))
    with runtime().db.read() as session:
        seen = foresee(
            session, order().id, draft.request(), actor=actor(), now=now(), changing=draft.changing
        )
    if not draft.method:
        drafts.keep(draft := replace(draft, method=seen["return_method"]))
    found = bought()
    values: dict[str, Any] = {
        "items": {line["id"]: line for line in found.lines},
        "reasons": {reason["code"]: reason["text"] for reason in found.reasons},
        "why": _why(seen["quote"]["figures"]),
        "shares": shares(seen["quote"]),
        "seen": seen,
        "order": found,
        "several": len(ways) > 1,
    }
    return page("portal/check.html", status, draft=draft, form=form, **values)


def _why(figures: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """Every sentence that a rule says to a figure, once: items of one return may differ."""
    said: dict[str, dict[str, None]] = {}
    for figure in figures:
        if figure["rule"]:
            said.setdefault(figure["part"], {})[figure["message"]] = None
    return {part: " ".join(messages) for part, messages in said.items()}


def submit(draft_id: str) -> Response:
    """Pressed twice it is one return: the draft's id is the client reference, a change names the version it changes."""
    draft, form = drafts.load(draft_id), Form()
    if not draft.done and not draft.method:
        return check(draft_id)
    try:
        number = draft.number if draft.done else _sent(draft)
    except UnitsHeld:
        form.wrong("", gettext("Another return already holds one of these items. Choose again."))
        return _check(draft, form, 409)
    except StaleVersion:
        did = "change" if drafts.load(draft.id).done else "stale"
        return see_other(f"{home('returns', draft.number)}?did={did}")
    except IllegalMove:
        return see_other(home("returns", draft.number) + "?did=late")
    except (NotEligible, Invalid) as refusal:
        form.wrong("", _sentence(refusal))
        return _check(draft, form, 422)
    return see_other(home("returns", number) + ("?did=change" if draft.changing else "?new=1"))


def _sent(draft: Draft) -> str:
    """The number of the return that the draft becomes or changes."""
    number = _changed(draft, draft.changing) if draft.changing else _opened(draft)
    drafts.keep(replace(draft, done=True, number=number))
    return number


def _opened(draft: Draft) -> str:
    """The number of the return that the draft becomes, or became before."""
    try:
        with runtime().db.begin() as session:
            case = open_case(
                session,
                order().id,
                draft.request(),
                actor=actor(),
                now=now(),
                client_reference=draft.reference,
                request_review=draft.review,
            )
            return case.row.number
    except UnitsHeld:
        raise
    except Conflict as refusal:
        known = refusal.extra.get("existing_id")
        if known is None:
            raise
        with runtime().db.read() as session:
            return number_of(session, known, actor=actor())


def _changed(draft: Draft, case_id: UUID) -> str:
    with runtime().db.begin() as session:
        change(
            session,
            case_id,
            draft.request(),
            expected=draft.version,
            actor=actor(),
            now=now(),
            request_review=draft.review,
        )
    return draft.number


def _sentence(refusal: Refusal) -> str:
    """Something changed between looking and pressing."""
    lines = refusal.extra.get("lines") or []
    found = [entry["message"] for line in lines for entry in line["refusals"]]
    return (
        found[0]
        if found
        else gettext("This can no longer be returned as entered. Look at your answers again.")
    )
