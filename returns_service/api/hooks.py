"""Signed events that come in from gateways and carriers."""

from flask import Response, request
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import OPEN, Call
from returns_service.api.operation import Resource, answers, scope
from returns_service.api.refusals import NoCredential
from returns_service.api.schemas import answers as shapes
from returns_service.domain.errors import NotFound
from returns_service.domain.ports import BadSignature
from returns_service.usecases.find_shop import by_slug
from returns_service.usecases.gateway_event import take_gateway_event

blp = Resource("hooks", "Signed events of gateways and carriers: taken once, in whatever order they arrive.")


@blp.post("/hooks/<ref:shop>/<ref:provider>")
@scope(OPEN)
@answers(shapes.Taken)
def take_hook(session: Session, call: Call, shop: str, provider: str) -> Response:
    """Take an event, signed as its provider signs."""
    shop_id = by_slug(session, shop).id
    gateway = call.runtime.gateways.get(provider)
    if gateway is None:
        raise NotFound("provider")
    try:
        event = gateway.verify_event(dict(request.headers), request.get_data(cache=True))
    except BadSignature as refused:
        raise NoCredential("bad_signature", str(refused) or "The signature is not valid.") from None
    taken = event is not None and take_gateway_event(session, shop_id, provider, event, now=call.now)
    return answer({"taken": taken})
