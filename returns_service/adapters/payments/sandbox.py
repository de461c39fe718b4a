"""The sandbox gateway as the service sees it: HTTP, an idempotency key per attempt, signed events."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from json import dumps, loads
from typing import Any
from urllib.parse import urlencode

import httpcore
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from returns_service.adapters.tls import trust
from returns_service.adapters.waiting import retry_after
from returns_service.domain import doubts, money
from returns_service.domain.errors import Invalid
from returns_service.domain.ports import BadSignature, GatewayEvent, GatewayRefund, RefundIntent, RefundResult

AN_HOUR = 3600
CONNECT, ANSWER = 2.0, 10.0
"""Seconds; together well below the lease of a piece of work."""

UNDECIDED = (401, 403, 408, 409, 425, 429)
"""Refusals that say nothing about this refund: busy, too often, or our own credentials."""


_UNCLEAR = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    ValueError,
    KeyError,
    TypeError,
    Invalid,
)
"""No answer, or one that nobody understands: what became of the refund is not known."""


class SandboxGateway:
    name = "sandbox"
    key_life = timedelta(hours=24)
    moves_money = True

    def __init__(self, url: str, secret: str, *, answer_within: float = ANSWER) -> None:
        self._url, self._connections = url.rstrip("/"), httpcore.ConnectionPool(ssl_context=trust())
        self._patience = {"connect": CONNECT, "read": answer_within, "write": answer_within, "pool": CONNECT}
        self._signer = Webhook(secret)

    def refund(self, intent: RefundIntent) -> RefundResult:
        body = {
            "payment": intent.payment,
            "amount": money.text(intent.amount, intent.currency),
            "currency": intent.currency,
            "captured": money.text(intent.captured, intent.currency),
            "metadata": dict(intent.metadata),
        }
        try:
            headers = {"Content-Type": "application/json", "Idempotency-Key": intent.key}
            return _result(self._ask("POST", "/refunds", headers=headers, content=dumps(body).encode()))
        except _UNCLEAR as why:
            return RefundResult("unknown", reason=f"{type(why).__name__}: {why}")

    def find(self, intent: RefundIntent) -> RefundResult | None:
        found = self.books(intent.payment, intent.currency)
        if found is None:
            return RefundResult("unknown", reason=doubts.UNASKED)
        ours = next((refund for refund in found if refund.key == intent.key), None)
        return result_of(ours) if ours else None

    def books(self, payment: str, currency: str) -> Sequence[GatewayRefund] | None:
        try:
            answer = self._ask("GET", f"/refunds?{urlencode({'payment': payment})}")
            return [_refund(refund) for refund in loads(answer.content)["refunds"]] if _well(answer) else None
        except _UNCLEAR:
            return None

    def _ask(self, method: str, path: str, **more: Any) -> httpcore.Response:
        return self._connections.request(
            method, self._url + path, extensions={"timeout": self._patience}, **more
        )

    def verify_event(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
        try:
            event = self._signer.verify(body, dict(headers))
            if not str(event["type"]).startswith("refund."):
                return None
            return GatewayEvent(
                str(event["id"]), _refund(event["data"]), str(event["data"].get("reason", ""))
            )
        except (WebhookVerificationError, ValueError, KeyError, TypeError, Invalid) as why:
            raise BadSignature(str(why)) from why


def _refund(body: Mapping[str, Any]) -> GatewayRefund:
    currency = str(body["currency"])
    return GatewayRefund(
        reference=str(body["id"]),
        payment=str(body["payment"]),
        amount=money.parse(body["amount"], currency),
        currency=currency,
        state=str(body["state"]),
        key=body.get("idempotency_key"),
    )


def result_of(refund: GatewayRefund, reason: str = "") -> RefundResult:
    """A refund in a gateway's books as the outcome of an attempt."""
    state = "declined" if refund.state == "failed" else refund.state
    return RefundResult(state, refund.reference, reason, refund.amount)


def _well(answer: httpcore.Response) -> bool:
    return 200 <= answer.status < 300


def _result(answer: httpcore.Response) -> RefundResult:
    if _well(answer):
        return result_of(_refund(loads(answer.content)))
    if answer.status >= 500 or answer.status in UNDECIDED:
        return RefundResult(
            "unknown",
            reason=doubts.STATUS.format(status=answer.status),
            retry_after=retry_after(answer, most=AN_HOUR),
        )
    error = loads(answer.content)["error"]
    return RefundResult("declined", reason=f"{error['code']}: {error['message']}")
