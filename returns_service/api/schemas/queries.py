"""Query parameters: every one is known and checked."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from returns_service.api.paging import PageQuery, PageSize
from returns_service.api.schemas.base import Body, Checked, wrong
from returns_service.api.schemas.fields import Code, Instant, Line, OneOf
from returns_service.domain.errors import Fault, InvalidMany
from returns_service.domain.lifecycle import STATES


class StateList(Checked, fields.String):
    """States separated by commas."""

    def __init__(self) -> None:
        known = "|".join(STATES)
        shown = {"pattern": f"^({known})(,({known}))*$", "description": "States, separated by commas."}
        super().__init__(load_default=None, metadata=shown)

    def check(self, value: Any) -> tuple[str, ...]:
        states = tuple(str(value).split(","))
        unknown = [state for state in states if state not in STATES]
        if unknown:
            raise wrong("not_allowed", f"{unknown[0]!r} is not a state. There are {', '.join(STATES)}.")
        return states


class Digits(Checked, fields.Integer):
    """A whole number in a query."""

    def __init__(self, most: int = 2**31 - 1) -> None:
        self.most = most
        super().__init__(load_default=0, metadata={"minimum": 0, "maximum": most})

    def check(self, value: Any) -> int:
        digits = str(value)
        if not digits.isascii() or not digits.isdigit() or len(digits) > 12 or int(digits) > self.most:
            raise wrong("out_of_range", f"This is a number from 0 to {self.most}.")
        return int(digits)


class CasesQuery(PageQuery):
    """Filters of the list of cases."""

    state = StateList()
    order_id = Line(100, shortest=1, load_default=None)
    email = Line(254, shortest=1, load_default=None)
    q = Line(
        200,
        load_default=None,
        metadata={"description": "Number, order, e-mail, SKU, serial or tracking number."},
    )
    assignee = Line(100, shortest=1, load_default=None)
    created_after = Instant(load_default=None)
    created_before = Instant(load_default=None)
    sort = OneOf("-created_at", "created_at", "-updated_at", "updated_at", load_default="-created_at")


class ReturnableQuery(Body):
    reason = Code(load_default="changed_mind")
    language = Line(35, load_default=None)


class EventsQuery(Body):
    """After which number of the case's history, and how many."""

    after = Digits()
    limit = Digits(200)


class DeliveriesQuery(Body):
    limit = PageSize()
    cursor = Line(40, load_default=None, metadata={"description": "`next` of the previous page."})


def uuid_or_none(text: str | None, pointer: str = "?cursor") -> UUID | None:
    """The id in a text. Raises InvalidMany."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidMany([Fault(pointer, "cursor", "This is not the id of anything here.")]) from None


class FeedQuery(Body):
    """The shop's events behind one of them."""

    limit = PageSize()
    after = Line(40, load_default=None, metadata={"description": "The id of the last event you have."})
