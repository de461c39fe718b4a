"""Bodies and answers about a shop's own payment gateways."""

from returns_service.api.schemas.base import Body
from returns_service.api.schemas.fields import Line
from returns_service.api.schemas.shapes import Shape, flag, words


class SecretsBody(Body):
    """What the gateway's dashboard shows: its secret key, and what it signs its events with."""

    key = Line(300, shortest=1, required=True)
    webhook_secret = Line(300, shortest=1, required=True)


class Gateway(Shape):
    name = words()
    configured = flag()
    webhook_path = words()
