"""The shop's own payment gateways: their secrets, written once and never shown."""

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import gateways as bodies
from returns_service.usecases.gateways import forget_secrets, keep_secrets, list_gateways

blp = Resource("gateways", "Payment gateways for which the shop keeps its own secrets.")


@blp.get("/gateways")
@scope("admin")
@answers(shapes.page_of(bodies.Gateway))
def list_shop_gateways(session: Session, call: Call) -> Response:
    """Whether each gateway has its secrets, and where it sends its events."""
    return answer({"items": list_gateways(session, actor=call.actor), "next": None, "has_more": False})


@blp.put("/gateways/<ref:name>")
@scope("admin")
@body(bodies.SecretsBody, example={"key": "sk_live_...", "webhook_secret": "whsec_..."})
@answers(bodies.Gateway)
def put_gateway_secrets(session: Session, call: Call, name: str) -> Response:
    """Put these secrets in place of the former ones."""
    return answer(keep_secrets(session, name, call.body, vault=call.runtime.vault, actor=call.actor))


@blp.delete("/gateways/<ref:name>")
@scope("admin")
@answers(bodies.Gateway)
def delete_gateway_secrets(session: Session, call: Call, name: str) -> Response:
    """Forget them: refunds through this gateway wait for a person from now on."""
    return answer(forget_secrets(session, name, actor=call.actor))
