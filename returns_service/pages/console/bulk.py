"""R4: one thing to many cases; first what would happen, then a result for each."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from returns_service.domain.errors import Refusal
from returns_service.domain.roles import Right
from returns_service.pages.console import words
from returns_service.pages.console.case import fill, kept_replies, placeholders
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.queue import filters
from returns_service.pages.console.refusals import sentence
from returns_service.pages.doors import needs, person
from returns_service.pages.i18n import N_
from returns_service.pages.web import Submitted, gettext, now, runtime
from returns_service.usecases import people, queues
from returns_service.usecases.approve import approve
from returns_service.usecases.ask import ask
from returns_service.usecases.post_message import post_message
from returns_service.usecases.read_case import Case, read_case
from returns_service.usecases.reject import reject
from returns_service.usecases.show_case import allowed

MOST = 200
DEEDS = {
    "approve": N_("Approve"),
    "reject": N_("Decline"),
    "ask": N_("Ask the customer"),
    "assign": N_("Assign"),
    "note": N_("Write a note"),
}
NEEDS_TEXT = frozenset({"reject", "ask", "note"})


def register(blueprint: Blueprint) -> None:
    blueprint.post("/bulk")(bulk)


@needs(Right.DECIDE)
def bulk() -> Response:
    """Without `sure`: a dry run. With it: each case in its own transaction, with its own result."""
    form = Submitted()
    deed = form.text("deed", 20)
    if deed not in DEEDS:
        deed = "approve"
    if deed in NEEDS_TEXT and form.flag("sure"):
        form.need("text", gettext("Write a sentence here."))
    sure = form.flag("sure") and form.ok
    chosen = _chosen(form)
    rows = [_do(number, deed, form) if sure else _foresee(number, deed) for number in chosen[:MOST]]
    with runtime().db.read() as session:
        staff = [
            someone.name for someone in people.everyone(session, actor().shop_id) if not someone.disabled
        ]
    return show(
        "console/bulk.html",
        207 if sure else 200,
        rows=rows,
        deed=deed,
        deeds=DEEDS,
        words=words,
        templates=kept_replies() if deed in ("reject", "ask") else [],
        done=sure,
        form=form,
        needs_text=deed in NEEDS_TEXT,
        left=max(0, len(chosen) - MOST),
        staff=staff,
        back=form.text("back", 500) if form.text("back", 500).startswith("/console/") else "/console/",
    )


def _values(case: Case) -> dict[str, str]:
    """What the placeholders of a text stand for in this case."""
    return placeholders(
        name=case.order.customer.name,
        number=case.row.number,
        order=case.order.number,
        item=case.lines[0].title if case.lines else "",
        total=case.row.quote.get("total", ""),
        currency=case.row.currency,
    )


def _chosen(form: Submitted) -> list[str]:
    """The ticked ones, or all that the queue holds; no more than MOST of them are done at once."""
    if not form.flag("every"):
        return form.list("number")
    with runtime().db.read() as session:
        view = form.text("view", 40)
        return queues.every_number(session, view, filters(view, form.values), actor=actor(), now=now())


def _foresee(number: str, deed: str) -> dict[str, Any]:
    """What would happen, without doing it."""
    with runtime().db.read() as session:
        try:
            case = read_case(session, queues.case_id(session, number, actor=actor()), actor=actor())
        except Refusal as refusal:
            return {"number": number, "ok": False, "why": sentence(refusal), "version": 0, "state": ""}
        possible = deed in ("assign", "note") or deed in allowed(case, actor())
        why = "" if possible else gettext("Not possible in its present state.")
        row = case.row
        return {
            "number": number,
            "ok": possible,
            "why": why,
            "version": row.version,
            "state": row.state,
            "total": row.quote.get("total", "0"),
            "currency": row.currency,
            "title": case.lines[0].title if case.lines else "",
            "more": max(len(case.lines) - 1, 0),
            "email": row.email,
        }


def _do(number: str, deed: str, form: Submitted) -> dict[str, Any]:
    expected = form.number(f"version-{number}") or None
    try:
        with runtime().db.begin() as session:
            _carry_out(session, number, deed, expected, form)
    except Refusal as refusal:
        return {"number": number, "ok": False, "why": sentence(refusal)}
    return {"number": number, "ok": True, "why": ""}


def _carry_out(session: Session, number: str, deed: str, expected: int | None, form: Submitted) -> None:
    case, text = queues.case_id(session, number, actor=actor()), form.text("text")
    if "{" in text:
        text = fill(text, _values(read_case(session, case, actor=actor())))
    told: dict[str, Any] = {"expected": expected, "actor": actor(), "now": now()}
    if deed == "approve":
        approve(session, case, **told)
    elif deed == "reject":
        reject(session, case, **told, code=form.text("code", 60) or "not_as_claimed", message=text)
    elif deed == "ask":
        ask(session, case, **told, message=text)
    elif deed == "assign":
        queues.assign(session, case, form.text("assignee", 200) or person().name, actor=actor())
    else:
        post_message(session, case, message=text, internal=True, actor=actor(), now=now())
