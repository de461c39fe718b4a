"""A gateway in this process that does what a test tells it to, with books of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from returns_service.domain.ports import BadSignature, GatewayEvent, GatewayRefund, RefundIntent, RefundResult


@dataclass
class ScriptedGateway:
    """`next` holds what the following calls get: "", timeout, timeout_after_paying, decline, pending, other_amount."""

    name: str = "sandbox"
    key_life: timedelta = timedelta(hours=24)
    moves_money: bool = True
    next: list[str] = field(default_factory=list)
    booked: dict[str, GatewayRefund] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    away: bool = False

    def refund(self, intent: RefundIntent) -> RefundResult:
        self.calls.append(intent.key)
        if self.away:
            return RefundResult("unknown", reason="away")
        kind = self.next.pop(0) if self.next else ""
        if kind == "timeout":
            return RefundResult("unknown", reason="timed out")
        if kind == "decline":
            return RefundResult("declined", reason="card: closed")
        if intent.key not in self.booked:
            amount = intent.amount - 1 if kind == "other_amount" else intent.amount
            state = "pending" if kind == "pending" else "succeeded"
            reference = f"re_{len(self.booked) + 1}_{intent.key[-14:]}"
            self.booked[intent.key] = GatewayRefund(
                reference, intent.payment, amount, intent.currency, state, intent.key
            )
        if kind == "timeout_after_paying":
            return RefundResult("unknown", reason="timed out")
        return self.found(intent.key)

    def found(self, key: str) -> RefundResult:
        made = self.booked[key]
        return RefundResult(
            "declined" if made.state == "failed" else made.state, made.reference, "", made.amount
        )

    def find(self, intent: RefundIntent) -> RefundResult | None:
        if self.away:
            return RefundResult("unknown", reason="away")
        return self.found(intent.key) if intent.key in self.booked else None

    def books(self, payment: str, currency: str) -> Sequence[GatewayRefund] | None:
        return None if self.away else [refund for refund in self.booked.values() if refund.payment == payment]

    def verify_event(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
        raise BadSignature("tests hand events over directly")
