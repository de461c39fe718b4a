"""Orders: taking snapshots, and what of them may be returned."""

from flask import Response
from sqlmodel import Session

from returns_service.api import examples
from returns_service.api.answers import answer
from returns_service.api.bodies import snapshot_body
from returns_service.api.call import Call
from returns_service.api.decisions import shown
from returns_service.api.operation import Resource, answers, body, scope, takes_query
from returns_service.api.order_body import order_of
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas.decisions import Decision
from returns_service.api.schemas.orders import OrderBody
from returns_service.api.schemas.queries import ReturnableQuery
from returns_service.usecases.preview import returnable
from returns_service.usecases.show_order import order_body, show_order
from returns_service.usecases.take_order import take_order

blp = Resource("orders", "Snapshots of orders, and what of them may be returned.")


@blp.put("/orders/<ref:order_id>")
@scope("orders:write")
@body(OrderBody, example=examples.ORDER)
@answers(shapes.Order, 200, description="A revision was taken.")
@answers(shapes.Order, 201, description="The first snapshot was taken.")
def put_order(session: Session, call: Call, order_id: str) -> Response:
    """Take or revise the snapshot of an order.

    The first snapshot stamps the policy in force when the order was placed. A newer one can never take away
    units or money that a return already relies on.
    """
    order = order_of(call.body, order_id)
    row, new = take_order(session, order, snapshot_body(call.body), actor=call.actor, now=call.now)
    session.flush()
    return answer(order_body(session, row), 201 if new else 200, {"ETag": f'"{row.version}"'})


@blp.get("/orders/<ref:order_id>")
@scope("orders:write")
@answers(shapes.Order)
def get_order(session: Session, call: Call, order_id: str) -> Response:
    """The snapshot as it stands."""
    order = show_order(session, order_id, actor=call.actor)
    return answer(order, headers={"ETag": f'"{order["version"]}"'})


@blp.get("/orders/<ref:order_id>/returnable")
@scope("returns:read")
@takes_query(ReturnableQuery)
@answers(Decision)
def get_returnable(session: Session, call: Call, order_id: str) -> Response:
    """For every line what may be returned, until when, how, and if not why not."""
    language = call.query["language"] or call.actor.language or "en"
    decision = returnable(
        session, order_id, call.query["reason"], actor=call.actor, now=call.now, language=language
    )
    return answer(shown(decision, call))
