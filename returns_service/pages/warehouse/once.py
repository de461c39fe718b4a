"""What a device sends twice is done once: every post of the bench carries an id that the device made."""

import re

from sqlmodel import Session

from returns_service.domain.errors import Conflict
from returns_service.pages.warehouse.door import actor
from returns_service.pages.web import Submitted, now
from returns_service.usecases.remember_answer import GivenAnswer, remember_answer

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def first(session: Session, form: Submitted, route: str) -> bool:
    """True for the first post with this id; written in the transaction of its effect. Without an id every post is the first."""
    client_id = form.text("client_id", 80)
    if not client_id:
        return True
    if not _ID.fullmatch(client_id):
        raise Conflict("client_id", "The device sent an id that cannot be read.")
    given = GivenAnswer(actor().shop_id, f"bench:{client_id}", route, "", 200, {}, "")
    return remember_answer(session, given, now=now())
