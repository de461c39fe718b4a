"""Store credit as a means of payment: look at it, redeem it, give a redemption back."""

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope, takes_query
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import shop
from returns_service.usecases.spend_credit import (
    credit_body,
    give_back_credit,
    list_credits,
    redeem_credit,
    show_credit,
)

blp = Resource("credits", "Store credit: issued by returns, spent at the storefront.")


@blp.get("/credits")
@scope("returns:read")
@takes_query(shop.CreditQuery)
@answers(shapes.page_of(shop.Credit))
def list_store_credits(session: Session, call: Call) -> Response:
    """The credits of a customer."""
    found = list_credits(session, call.query["email"], actor=call.actor)
    return answer({"items": [credit_body(session, one) for one in found], "next": None, "has_more": False})


@blp.get("/credits/<ref:code>")
@scope("returns:read")
@answers(shop.Credit)
def get_store_credit(session: Session, call: Call, code: str) -> Response:
    """One credit with its moves."""
    return answer(credit_body(session, show_credit(session, code, actor=call.actor)))


@blp.post("/credits/<ref:code>/redeem")
@scope("returns:write")
@body(shop.RedeemBody, example={"amount": "10.00", "currency": "EUR", "reference": "order-1002"})
@answers(shop.Credit)
@idempotent("required")
def redeem_store_credit(session: Session, call: Call, code: str) -> Response:
    """Pay with it."""
    credit = redeem_credit(session, code, actor=call.actor, now=call.now, **call.body)
    session.flush()
    return answer(credit_body(session, credit))


@blp.post("/credits/<ref:code>/give-back")
@scope("returns:write")
@body(shop.GiveBackBody, example={"reference": "order-1002"})
@answers(shop.Credit)
@idempotent("required")
def give_store_credit_back(session: Session, call: Call, code: str) -> Response:
    """Undo a redemption, because its order was called off."""
    credit = give_back_credit(session, code, actor=call.actor, now=call.now, **call.body)
    session.flush()
    return answer(credit_body(session, credit))
