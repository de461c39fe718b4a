"""P7: everything on one page before it counts, with the exact amount; the button says the deed."""

from typing import Any

from flask import Blueprint, Response

from returns_service.domain.errors import Conflict, Invalid, NotEligible, Refusal, UnitsHeld
from returns_service.pages.portal import drafts
from returns_service.pages.portal.asking import methods
from returns_service.pages.portal.choosing import bought
from returns_service.pages.portal.door import actor, home, order, signed_in
from returns_service.pages.portal.drafts import Draft
from returns_service.pages.web import Form, gettext, language, now, page, runtime, see_other
from returns_service.usecases.open_case import open_case
from returns_service.usecases.portal_order import foresee
from returns_service.usecases.read_case import number_of


def register(made: Blueprint) -> None:
    made.get("/<slug>/new/<draft_id>/check")(signed_in(check))
    made.post("/<slug>/new/<draft_id>/check")(signed_in(submit))


def check(draft_id: str) -> Response:
    return _check(drafts.load(draft_id), Form())


def _check(draft: Draft, form: Form, status: int = 200) -> Response:
    unanswered = next((n for n, line in enumerate(draft.lines) if not line.resolution), None)
    if unanswered is not None:
        return see_other(home("new", draft.id, "why", unanswered))
    with runtime().db.read() as session:
        seen = foresee(session, order().id, draft.request(), actor=actor(), now=now(), language=language())
    found = bought()
    items = {line["id"]: line for line in found.lines}
    reasons = {reason["code"]: reason["text"] for reason in found.reasons}
    several = len(methods(draft)) > 1
    values: dict[str, Any] = {
        "items": items,
        "reasons": reasons,
        "seen": seen,
        "order": found,
        "several": several,
    }
    why = {figure["part"]: figure["message"] for figure in seen["quote"]["figures"] if figure["rule"]}
    return page("portal/check.html", status, draft=draft, form=form, why=why, **values)


def submit(draft_id: str) -> Response:
    """Pressed twice it is one return: the draft's id is the client reference."""
    draft, form = drafts.load(draft_id), Form()
    try:
        with runtime().db.begin() as session:
            case = open_case(
                session,
                order().id,
                draft.request(),
                actor=actor(),
                now=now(),
                client_reference=f"portal-{draft.id}",
                request_review=draft.review,
            )
            number = case.row.number
    except UnitsHeld:
        form.wrong("", gettext("Another return already holds one of these items. Choose again."))
        return _check(draft, form, 409)
    except Conflict as refusal:
        known = refusal.extra.get("existing_id")
        if known is None:
            raise
        with runtime().db.read() as session:
            number = number_of(session, known, actor=actor())
    except (NotEligible, Invalid) as refusal:
        form.wrong("", _sentence(refusal))
        return _check(draft, form, 422)
    return see_other(home("returns", number) + "?new=1")


def _sentence(refusal: Refusal) -> str:
    """Something changed between looking and pressing."""
    lines = refusal.extra.get("lines") or []
    found = [entry["message"] for line in lines for entry in line["refusals"]]
    return (
        found[0]
        if found
        else gettext("This can no longer be returned as entered. Look at your answers again.")
    )
