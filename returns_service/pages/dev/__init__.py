"""Pages for those who build: the living page of the design system, and the mails of the default run."""

from types import SimpleNamespace

from flask import Blueprint, Response, g

from returns_service.pages.dev import mailbox
from returns_service.pages.web import Form, blueprint, page


def pages() -> Blueprint:
    made = blueprint("dev", "/dev")
    made.get("/components")(components)
    mailbox.add(made)
    return made


def components() -> Response:
    g.all_languages = True
    form = Form(
        {"name": "Ana Keller", "reason": "too_small"},
        {"email": "Enter an e-mail address, such as ana@example.com."},
    )
    return page("dev/components.html", form=form, quote=_QUOTE, history=_HISTORY, option=SimpleNamespace)


_QUOTE = {"goods": "52.40", "surcharges": "4.00", "return_freight": "-4.90", "total": "51.50"}
_HISTORY = [
    {"at": "2026-11-18T09:30:00Z", "text": "Requested", "who": "Ana Keller", "detail": "", "kind": ""},
    {"at": "2026-11-18T09:30:01Z", "text": "Approved", "who": "standard v3", "detail": "", "kind": ""},
    {"at": "2026-11-20T14:07:17Z", "text": "Arrived", "who": "Ben", "detail": "1 / 1", "kind": "now"},
    {"at": "", "text": "Refunded", "who": "", "detail": "", "kind": "next"},
]
