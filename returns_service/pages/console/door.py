"""The console's door, and the frame around its pages."""

from typing import Any

from flask import Response, g, request

from returns_service.domain.actor import Actor
from returns_service.domain.roles import Right
from returns_service.pages.console.words import VIEWS
from returns_service.pages.doors import Door, person, session_words
from returns_service.pages.web import now, page, runtime, see_other
from returns_service.pages.web.context import shop
from returns_service.usecases import queues

DOOR = Door("console", idle=1800, sign_in="/console/sign-in", kind="staff")


def actor() -> Actor:
    return DOOR.actor()


def codes_required() -> bool:
    """Whether the shop wants a one-time code of everybody who comes in with a password."""
    served = shop()
    return bool(served and served.settings.get("codes_required"))


def must_enrol() -> bool:
    """Nothing else is open to this person before they use codes."""
    return codes_required() and not person().has_code and not session_words().get("company")


def codes_first() -> Response | None:
    """To one's own page, from everywhere but there and the way out."""
    view = (request.endpoint or "").rpartition(".")[2]
    if "person" not in g or view in ("me", "codes", "sign_out") or not must_enrol():
        return None
    return see_other("/console/me")


def show(template: str, status: int = 200, /, **values: Any) -> Response:
    """A page with the frame: queues with their counts, and where else this person may go."""
    return page(
        template,
        status,
        me=person(),
        nav=_queues(),
        glance=queues.GLANCE,
        Right=Right,
        said=g.get("said", ""),
        **values,
    )


def _queues() -> list[tuple[str, str, int]]:
    if not person().may(Right.SEE_CASES):
        return []
    with runtime().db.read() as session:
        counts = queues.counts(session, actor=actor(), now=now())
    return [(view, text, counts[view]) for view, text in VIEWS.items()]
