"""Parcels that arrived without a known case."""

from flask import Response
from sqlmodel import Session

from returns_service.api.answers import answer
from returns_service.api.call import Call
from returns_service.api.operation import Resource, answers, body, idempotent, scope
from returns_service.api.schemas import answers as shapes
from returns_service.api.schemas import moves
from returns_service.usecases.record_parcel import record_parcel
from returns_service.usecases.show_parts import parcel_body

blp = Resource("parcels", "Parcels that arrived without a known case.")


@blp.post("/parcels")
@scope("warehouse")
@body(
    moves.ParcelBody,
    example={
        "carrier": "dhl",
        "tracking_number": "0034000",
        "location": "BER1",
        "lines": [{"sku": "SHIRT-M"}],
    },
)
@answers(shapes.Parcel, 201)
@idempotent("required")
def record_unknown_parcel(session: Session, call: Call) -> Response:
    """Keep a parcel apart until a person finds its case."""
    row = record_parcel(session, actor=call.actor, now=call.now, **call.body)
    return answer(parcel_body(row), 201)
