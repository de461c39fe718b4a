"""Bodies of webhook endpoints."""

from marshmallow import fields

from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import Count, Id, Instant, Line, ListOf, OneOf
from returns_service.api.schemas.shapes import (
    Shape,
    count,
    flag,
    instant,
    list_of,
    maybe_instant,
    maybe_words,
    words,
)


class EndpointBody(Body):
    """Where to send events; no list of types means all of them, `refund.*` a family."""

    url = Line(2000, shortest=1, required=True)
    events = ListOf(Line(64, shortest=1), most=100, load_default=list)
    format = OneOf("standard", "cloudevents", load_default="standard")


class ChangeEndpointBody(Body):
    """What is to change; the rest stays."""

    url = Line(2000, shortest=1)
    events = ListOf(Line(64, shortest=1), most=100)
    format = OneOf("standard", "cloudevents")
    state = OneOf("active", "disabled")


class RotateEndpointBody(Body):
    overlap_hours = Count(0, 24 * 30, load_default=24)


class ReplayBody(Body):
    """One event again, or all since an instant."""

    event_id = Id(allow_none=True, load_default=None)
    since = Instant(allow_none=True, load_default=None)


class Endpoint(Shape):
    id = words()
    url = words()
    events = list_of(fields.String())
    format = words()
    state = words()
    disabled_reason = words()
    failing_since = maybe_instant()
    created_at = instant()


class NewEndpoint(Endpoint):
    """The only answer that holds the signing secret; null in a repeat of it."""

    secret = maybe_words()


class Delivery(Shape):
    id = words()
    event_id = words()
    type = words()
    replay = flag()
    state = words()
    attempts = count()
    last_status = fields.Integer(required=True, allow_none=True)
    last_response = words()
    created_at = instant()
    delivered_at = maybe_instant()


class Replayed(Shape):
    """How many events are sent again."""

    events = count()
