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
from returns_service.domain.ports import BadSignature, PaymentGateway
from returns_service.usecases.find_shop import by_slug
from returns_service.usecases.gateway_event import take_gateway_event
from returns_service.usecases.gateways import gateway_of
from returns_service.usecases.tracking_event import signing_secret, take_tracking_event

blp = Resource("hooks", "Signed events of gateways and carriers: taken once, in whatever order they arrive.")


@blp.post("/hooks/<ref:shop>/<ref:provider>")
@scope(OPEN)
@answers(shapes.Taken)
def take_hook(session: Session, call: Call, shop: str, provider: str) -> Response:
    """Take an event, signed as its provider signs."""
    shop_id = by_slug(session, shop).id
    try:
        gateway = gateway_of(call.runtime, session, shop_id, provider)
        if gateway is not None:
            return answer({"taken": _from_gateway(session, call, shop_id, gateway)})
        if provider in call.runtime.carriers:
            return answer({"taken": _from_carrier(session, call, shop_id, provider)})
    except BadSignature as refused:
        raise NoCredential("bad_signature", str(refused) or "The signature is not valid.") from None
    raise NotFound("provider")


def _from_gateway(session: Session, call: Call, shop_id: UUID, gateway: PaymentGateway) -> bool:
    event = gateway.verify_event(dict(request.headers), request.get_data(cache=True))
    return event is not None and take_gateway_event(session, shop_id, gateway.name, event, now=call.now)


def _from_carrier(session: Session, call: Call, shop_id: UUID, provider: str) -> bool:
    secret, body = signing_secret(session, shop_id), request.get_data(cache=True)
    events = call.runtime.carriers[provider].verify_events(dict(request.headers), body, secret)
    taken = [take_tracking_event(session, shop_id, provider, event, now=call.now) for event in events]
    return any(taken)
