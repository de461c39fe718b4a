"""Signed events that come in from gateways and carriers."""

from uuid import UUID

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
from returns_service.usecases.tracking_event import signing_secret, take_tracking_event

blp = Resource("hooks", "Signed events of gateways and carriers: taken once, in whatever order they arrive.")


@blp.post("/hooks/<ref:shop>/<ref:provider>")
@scope(OPEN)
@answers(shapes.Taken)
def take_hook(session: Session, call: Call, shop: str, provider: str) -> Response:
    """Take an event, signed as its provider signs."""
    shop_id, body = by_slug(session, shop).id, request.get_data(cache=True)
    try:
        if provider in call.runtime.gateways:
            taken = _of_gateway(session, call, shop_id, provider, body)
        elif provider in call.runtime.carriers:
            taken = _of_carrier(session, call, shop_id, provider, body)
        else:
            raise NotFound("provider")
    except BadSignature as refused:
        raise NoCredential("bad_signature", str(refused) or "The signature is not valid.") from None
    return answer({"taken": taken})


def _of_gateway(session: Session, call: Call, shop_id: UUID, provider: str, body: bytes) -> bool:
    event = call.runtime.gateways[provider].verify_event(dict(request.headers), body)
    return event is not None and take_gateway_event(session, shop_id, provider, event, now=call.now)


def _of_carrier(session: Session, call: Call, shop_id: UUID, provider: str, body: bytes) -> bool:
    secret = signing_secret(session, shop_id) or call.runtime.settings.carrier_secret
    if not secret:
        raise NotFound("provider")
    events = call.runtime.carriers[provider].verify_events(dict(request.headers), body, secret)
    taken = [take_tracking_event(session, shop_id, provider, event, now=call.now) for event in events]
    return any(taken)
