"""The storefront moves the money itself: it hears `refund.requested` and reports back over the API."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from returns_service.domain.ports import BadSignature, GatewayEvent, GatewayRefund, RefundIntent, RefundResult


class StorefrontGateway:
    name = "storefront"
    key_life = timedelta(days=3650)
    moves_money = False

    def refund(self, intent: RefundIntent) -> RefundResult:
        """Nothing to call: the webhook of the request is the order to pay."""
        return RefundResult("pending")

    def find(self, intent: RefundIntent) -> RefundResult | None:
        return RefundResult("pending")

    def books(self, payment: str, currency: str) -> Sequence[GatewayRefund] | None:
        return None

    def verify_event(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
        raise BadSignature("The storefront reports over the API.")
