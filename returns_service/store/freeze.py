"""Domain values as JSON and back; only values that were valid once are thawed."""

from typing import Any

from pydantic import TypeAdapter

from returns_service.domain.order import Order
from returns_service.domain.request import ReturnRequest

_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_REQUEST: TypeAdapter[ReturnRequest] = TypeAdapter(ReturnRequest)


def order(value: Order) -> dict[str, Any]:
    frozen: dict[str, Any] = _ORDER.dump_python(value, mode="json")
    return frozen


def thaw_order(frozen: dict[str, Any]) -> Order:
    return _ORDER.validate_python(frozen)


def request(value: ReturnRequest) -> dict[str, Any]:
    frozen: dict[str, Any] = _REQUEST.dump_python(value, mode="json")
    return frozen


def thaw_request(frozen: dict[str, Any]) -> ReturnRequest:
    return _REQUEST.validate_python(frozen)
