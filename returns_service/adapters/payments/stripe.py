"""Stripe through its own library, with its own idempotency keys and signed events."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from json import JSONDecodeError
from typing import Any

import stripe

from returns_service.adapters.payments.sandbox import result_of
from returns_service.domain import doubts, money
from returns_service.domain.ports import BadSignature, GatewayEvent, GatewayRefund, RefundIntent, RefundResult

ANSWER = 20.0
"""Seconds; well below the lease of a piece of work."""

DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where Stripe counts other decimals than ISO 4217."""

STATES = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}
"""Any other status (pending, requires_action) is on its way."""

EVENTS = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")

UNDECIDED = (401, 403, 408, 409, 429)


class StripeGateway:
    name = "stripe"
    key_life = timedelta(hours=24)
    moves_money = True

    def __init__(
        self, key: str, webhook_secret: str, *, url: str | None = None, answer_within: float = ANSWER
    ) -> None:
        """`url` is another server than Stripe's own, for tests."""
        self._secret = webhook_secret
        self._stripe = stripe.StripeClient(
            key,
            base_addresses={"api": url} if url else {},
            max_network_retries=0,  # repeating is the protocol's business: it writes down before it asks
            http_client=stripe.RequestsClient(timeout=answer_within),
        )

    def refund(self, intent: RefundIntent) -> RefundResult:
        params: dict[str, Any] = {
            **_payment(intent.payment),
            "amount": to_stripe(intent.amount, intent.currency),
            "metadata": {**intent.metadata, "key": intent.key},
        }
        try:
            made = self._stripe.v1.refunds.create(params, {"idempotency_key": intent.key})  # type: ignore[arg-type]
        except stripe.StripeError as why:
            return _refused(why)
        except (JSONDecodeError, AttributeError, TypeError, KeyError) as why:
            return RefundResult("unknown", reason=f"{type(why).__name__}: {why}")
        return result_of(_refund(made), _reason(made))

    def find(self, intent: RefundIntent) -> RefundResult | None:
        found = self.books(intent.payment, intent.currency)
        if found is None:
            return RefundResult("unknown", reason=doubts.UNASKED)
        ours = next((refund for refund in found if refund.key == intent.key), None)
        return result_of(ours) if ours else None

    def books(self, payment: str, currency: str) -> Sequence[GatewayRefund] | None:
        params: dict[str, Any] = {**_payment(payment), "limit": 100}
        try:
            pages = self._stripe.v1.refunds.list(params)  # type: ignore[arg-type]
            return [_refund(refund) for refund in pages.auto_paging_iter()]
        except (stripe.StripeError, JSONDecodeError, AttributeError, TypeError, KeyError):
            return None

    def verify_event(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
        signature = {name.lower(): value for name, value in headers.items()}.get("stripe-signature", "")
        try:
            event = self._stripe.construct_event(body, signature, self._secret)
        except (stripe.SignatureVerificationError, ValueError) as why:
            raise BadSignature(str(why)) from why
        if event.type not in EVENTS:
            return None
        told = event.data.object
        return GatewayEvent(event.id, _refund(told), _reason(told))


@lru_cache(maxsize=256)
def _made(key: str, webhook_secret: str) -> StripeGateway:
    return StripeGateway(key, webhook_secret)


def of_shop(secrets: Mapping[str, str]) -> StripeGateway:
    """The gateway of the account that these secrets belong to."""
    return _made(secrets["key"], secrets["webhook_secret"])


def to_stripe(amount: int, currency: str) -> int:
    """An amount in the unit in which Stripe counts this currency."""
    more = DIGITS.get(currency, money.exponent(currency)) - money.exponent(currency)
    return amount * 10**more if more >= 0 else money.divide(amount, 10**-more)


def from_stripe(amount: int, currency: str) -> int:
    more = DIGITS.get(currency, money.exponent(currency)) - money.exponent(currency)
    return money.divide(amount, 10**more) if more >= 0 else amount * int(10**-more)


def _payment(reference: str) -> dict[str, str]:
    return {"charge" if reference.startswith(("ch_", "py_")) else "payment_intent": reference}


def _refund(refund: Any) -> GatewayRefund:
    currency, metadata = str(refund["currency"]).upper(), refund["metadata"] or {}
    return GatewayRefund(
        reference=str(refund["id"]),
        payment=str(_get(refund, "payment_intent") or _get(refund, "charge")),
        amount=from_stripe(int(refund["amount"]), currency),
        currency=currency,
        state=STATES.get(str(refund["status"]), "pending"),
        key=_get(metadata, "key"),
    )


def _reason(refund: Any) -> str:
    return str(_get(refund, "failure_reason") or "")


def _get(thing: Any, name: str) -> Any:
    """A member of one of Stripe's objects, which are no mappings."""
    return getattr(thing, name, None)


def _refused(why: stripe.StripeError) -> RefundResult:
    status = why.http_status
    said = f"{why.code or type(why).__name__}: {why.user_message or ''}".strip()
    if status is None or status >= 500 or status in UNDECIDED:
        seconds = str((why.headers or {}).get("retry-after", ""))
        pause = timedelta(seconds=min(int(seconds), 3600)) if seconds.isdecimal() else None
        return RefundResult("unknown", reason=said, retry_after=pause)
    return RefundResult("declined", reason=said)
