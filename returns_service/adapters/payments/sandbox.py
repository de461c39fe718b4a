"""The sandbox gateway as the service sees it: HTTP, an idempotency key per attempt, signed events."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from returns_service.adapters.tls import trust
from returns_service.domain import doubts, money
from returns_service.domain.errors import Invalid
from returns_service.domain.ports import BadSignature, GatewayEvent, GatewayRefund, RefundIntent, RefundResult

CONNECT, ANSWER = 2.0, 10.0
"""Seconds; together well below the lease of a piece of work."""

UNDECIDED = (401, 403, 408, 409, 425, 429)
"""Refusals that say nothing about this refund: busy, too often, or our own credentials."""


class SandboxGateway:
    name = "sandbox"
    key_life = timedelta(hours=24)
    moves_money = True

    def __init__(self, url: str, secret: str, *, answer_within: float = ANSWER) -> None:
        timeout = httpx.Timeout(answer_within, connect=CONNECT)
        self._http = httpx.Client(base_url=url, timeout=timeout, trust_env=False, verify=trust())
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
            answer = self._http.post("/refunds", json=body, headers={"Idempotency-Key": intent.key})
            return _result(answer)
        except (httpx.HTTPError, JSONDecodeError, KeyError, TypeError, Invalid) as why:
            return RefundResult("unknown", reason=f"{type(why).__name__}: {why}")

    def find(self, intent: RefundIntent) -> RefundResult | None:
        found = self.books(intent.payment, intent.currency)
        if found is None:
            return RefundResult("unknown", reason=doubts.UNASKED)
        ours = next((refund for refund in found if refund.key == intent.key), None)
        return result_of(ours) if ours else None

    def books(self, payment: str, currency: str) -> Sequence[GatewayRefund] | None:
        try:
            answer = self._http.get("/refunds", params={"payment": payment})
            answer.raise_for_status()
            return [_refund(refund) for refund in answer.json()["refunds"]]
        except (httpx.HTTPError, JSONDecodeError, KeyError, TypeError, Invalid):
            return None

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


def _result(answer: httpx.Response) -> RefundResult:
    if answer.is_success:
        return result_of(_refund(answer.json()))
    if answer.is_server_error or answer.status_code in UNDECIDED:
        return RefundResult(
            "unknown", reason=doubts.STATUS.format(status=answer.status_code), retry_after=_pause(answer)
        )
    error = answer.json()["error"]
    return RefundResult("declined", reason=f"{error['code']}: {error['message']}")


def _pause(answer: httpx.Response) -> timedelta | None:
    seconds = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(seconds), 3600)) if seconds.isdecimal() else None
