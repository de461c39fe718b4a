"""The console's door, and the frame around its pages."""

from typing import Any

from flask import Response, g

from returns_service.domain.actor import Actor
from returns_service.domain.roles import Right
from returns_service.pages.console.words import VIEWS
from returns_service.pages.doors import Door, person
from returns_service.pages.web import now, page, runtime
from returns_service.usecases import queues

DOOR = Door("console", idle=1800, sign_in="/console/sign-in", kind="staff")


def actor() -> Actor:
    return DOOR.actor()


def show(template: str, status: int = 200, /, **values: Any) -> Response:
    """A page with the frame: queues with their counts, and where else this person may go."""
    return page(template, status, me=person(), nav=_queues(), Right=Right, said=g.get("said", ""), **values)


def _queues() -> list[tuple[str, str, int]]:
    if not person().may(Right.SEE_CASES):
        return []
    with runtime().db.read() as session:
        counts = queues.counts(session, actor=actor(), now=now())
    return [(view, text, counts[view]) for view, text in VIEWS.items()]
