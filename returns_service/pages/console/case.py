"""R2: one case on one page."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from returns_service.domain.lifecycle import OVER
from returns_service.domain.roles import Right
from returns_service.pages import money_words
from returns_service.pages.console import proof, words
from returns_service.pages.console.door import actor, show
from returns_service.pages.console.queue import NAMES, filters
from returns_service.pages.doors import needs
from returns_service.pages.i18n import format_amount
from returns_service.pages.photos import show as show_photo
from returns_service.pages.photos import take as take_photo
from returns_service.pages.web import Form, gettext, language, now, runtime
from returns_service.pages.web.context import shop
from returns_service.usecases import case_page, people, queues

TYPED = (
    "note",
    "reject_message",
    "ask_message",
    "reason",
    "cancel_reason",
    "lost_reason",
    "message",
    "internal",
    "objection_answer",
    "resolve_note",
    "evidence_note",
)
"""Fields with sentences of the reviewer's own: they are shown again, even where their form is gone."""


def register(blueprint: Blueprint) -> None:
    blueprint.get("/cases/<number>")(case)
    blueprint.get("/photos/<uuid:photo_id>")(photo)
    blueprint.post("/photos")(upload)


@needs(Right.SEE_CASES)
def case(number: str) -> Response:
    return one(number)


def one(
    number: str, status: int = 200, *, form: Form | None = None, wrong: str = "", since: int | None = None
) -> Response:
    """The page of a case. After a stale post: what changed since that version, and all that was typed."""
    with runtime().db.read() as session:
        found = queues.case_id(session, number, actor=actor())
        data = case_page.case_page(session, found, actor=actor(), language=language())
        changes = case_page.changes_since(session, found, since, actor=actor()) if since is not None else []
        staff = [someone for someone in people.everyone(session, actor().shop_id) if not someone.disabled]
        view, asked = _view()
        before, after = queues.neighbours(
            session, view, filters(view, asked), data["number"], actor=actor(), now=now()
        )
    query = urlencode({"view": view, **{k: v for k, v in asked.items() if k in NAMES and v}}) if view else ""
    return show(
        "console/case.html",
        status,
        case=data,
        form=form or Form(),
        wrong=wrong,
        changes=_history({"events": changes, "currency": data["currency"]}),
        stale=since is not None,
        typed=[text for name, text in (form or Form()).values.items() if text and name in TYPED],
        staff=staff,
        history=_history(data),
        proof=[proof.facts(one["data"]) for one in data["evidence"]],
        goes_out=_goes_out(data),
        rules=[_rules(line) for line in data["lines"]],
        templates=replies(data),
        before=before,
        after=after,
        query=f"?{query}" if query else "",
        words=words,
        done=request.args.get("done", ""),
    )


def _view() -> tuple[str, Mapping[str, str]]:
    """The queue the reader came from; its address travels with the case's."""
    asked = {
        key: value
        for key, value in request.values.items()
        if key in (*NAMES, "view") and isinstance(value, str)
    }
    return asked.get("view", ""), asked


def _history(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Events in words, oldest first; the words come from the templates' labels."""
    return [
        {
            "at": event["at"],
            "type": event["type"],
            "who": event["actor"],
            "detail": _detail({**event["data"], "currency": data["currency"]}),
            "from": event["data"].get("from", ""),
            "to": event["data"].get("to", ""),
        }
        for event in data["events"]
    ]


def _detail(said: Mapping[str, Any]) -> str:
    """What a person wrote or a figure that matters; the rest is in the other parts of the page."""
    reason = money_words.told(said.get("reason") or "", gettext)
    parts = (said.get("message"), said.get("note"), reason, said.get("answer"), said.get("tracking_number"))
    return " · ".join(str(part) for part in (_amount(said), *parts, _place(said.get("location"))) if part)


def _amount(said: Mapping[str, Any]) -> str:
    if not said.get("amount"):
        return ""
    return format_amount(str(said["amount"]), said["currency"], language())


def _place(code: str | None) -> str:
    served = shop()
    known = {place["code"]: place.get("name") for place in (served.locations if served else ())}
    return known.get(code) or code or ""


def _goes_out(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Lines for which goods are to be sent, as long as nothing was sent: the money alone does not tell of them."""
    goods = ("replacement", "exchange", "repair")
    wished = [line for line in data["lines"] if line["resolution"] in goods and line["accepted"]]
    return [] if data["replacements"] or data["state"] in OVER else wished


def _rules(line: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The trace of a line by question: what fired first, then what did not and why."""
    trace = line["decision"].get("trace") or []
    ordered = sorted(trace, key=lambda step: step["question"])
    return [
        (question, sorted(steps, key=lambda step: not step["held"]))
        for question, steps in (
            (key, list(group)) for key, group in groupby(ordered, key=lambda step: step["question"])
        )
    ]


def replies(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Reply templates with their placeholders filled in for this case."""
    values = placeholders(
        name=data["customer"]["name"],
        number=data["number"],
        order=data["order_number"],
        item=data["lines"][0]["title"] if data["lines"] else "",
        total=data["quote"].get("total", ""),
        currency=data["currency"],
    )
    return [{"name": one["name"], "text": fill(one["text"], values)} for one in kept_replies()]


def kept_replies() -> list[dict[str, str]]:
    """The shop's reply templates as they were written."""
    served = shop()
    return list(served.settings.get("replies", [])) if served else []


def placeholders(*, total: str, currency: str, **said: str | None) -> dict[str, str]:
    """What stands for the words in braces."""
    return {
        **{name: value or "" for name, value in said.items()},
        "total": f"{total} {currency}",
        "me": actor().name,
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """{name}, {number}, {order}, {item}, {total}, {me}; anything else in braces stays as it is."""
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text


@needs(Right.SEE_CASES)
def photo(photo_id: UUID) -> Response:
    return show_photo(photo_id, actor())


@needs(Right.SEE_CASES)
def upload() -> Response:
    return take_photo(actor())
