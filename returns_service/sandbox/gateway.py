"""What the gateway does: takes refunds once per key, keeps its books, and misbehaves when told to."""

import hashlib
import json
import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any

from returns_service.domain import money
from returns_service.domain.errors import Invalid
from returns_service.sandbox.ledger import Ledger, Misbehaviour

KINDS = (
    "timeout_after_paying",
    "timeout",
    "500",
    "500_after_paying",
    "decline",
    "pending",
    "fail_later",
    "slow",
    "busy",
    "limited",
    "other_amount",
    "late",
)
"""What `POST /control` may ask of the next refunds; "nothing" clears what is still ordered.

"late": no answer, and the money moves only after the caller has given up."""

MOODS = {"latency": 60.0, "copies": 10.0, "jumble": 60.0}
"""What `POST /control` may set until it is set anew, and the most it may be: seconds before each answer, how often each
webhook is sent, and seconds within which webhooks leave in any order."""

KEY_LIFE = 24 * 3600.0


@dataclass(frozen=True)
class Timing:
    """Seconds: how long a time-out hangs, how slow slow is, when pending and failing refunds turn."""

    hang: float = 30.0
    slow: float = 3.0
    turn: float = 2.0


@dataclass(frozen=True)
class Answer:
    """`wait` is for how long the answer is held back; without `status` there is no answer at all."""

    status: int | None
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0


class Gateway:
    def __init__(self, ledger: Ledger, timing: Timing, clock: Callable[[], float] = time.time) -> None:
        self._ledger = ledger
        self._timing = timing
        self._clock = clock

    def refund(self, key: str, body: Mapping[str, Any]) -> Answer:
        """One refund per key: the same key and body again get the first answer, another body is refused."""
        fingerprint = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        with self._ledger.transaction():
            self._ledger.note_call(key, self._clock())
            known = self._ledger.one("SELECT * FROM keys WHERE key = ?", key)
            if known and known["used_at"] > self._clock() - KEY_LIFE:
                return _again(known, fingerprint)
            order = self._ledger.next_misbehaviour()
            if order.kind == "late":
                later = threading.Timer(self._timing.hang, self.refund, (key, body))
                later.daemon = True
                later.start()
                return Answer(None, {}, wait=self._timing.hang)
            refused = _REFUSES.get(order.kind)
            if refused:
                return refused(self._timing)
            answer = self._decide(key, body, order)
            if answer.status is not None:
                self._ledger.remember(key, fingerprint, answer.status, dict(answer.body), self._clock())
        return _delivered(answer, order, self._timing)

    def _decide(self, key: str, body: Mapping[str, Any], order: Misbehaviour) -> Answer:
        if order.kind == "decline":
            return _error(402, "declined", "The customer's bank does not take the refund.")
        try:
            amount = money.parse(body["amount"], body["currency"])
            captured = (
                money.parse(body["captured"], body["currency"]) if body.get("captured") is not None else None
            )
        except Invalid as wrong:
            return _error(422, wrong.code, wrong.detail)
        payment = self._ledger.payment(body["payment"])
        if payment is None and captured is None:
            return _error(404, "unknown_payment", "No such payment; name what was captured to open it.")
        if payment is None:
            self._ledger.open_payment(body["payment"], body["currency"], captured or 0)
            payment = self._ledger.payment(body["payment"])
            assert payment is not None  # noqa: S101  just written
        if payment["currency"] != body["currency"]:
            return _error(422, "currency", f"The payment was made in {payment['currency']}.")
        if amount <= 0 or payment["refunded"] + amount > payment["captured"]:
            return _error(402, "amount_too_large", "More than what is left of the payment.")
        return Answer(201, self._book(key, body, amount, order))

    def _book(self, key: str, body: Mapping[str, Any], amount: int, order: Misbehaviour) -> Mapping[str, Any]:
        pending, fails = order.kind == "pending", order.kind == "fail_later"
        turns_to = "succeeded" if pending else "failed" if fails else None
        refund = {
            "id": f"re_{secrets.token_hex(12)}",
            "payment": body["payment"],
            "amount": amount - 1 if order.kind == "other_amount" and amount > 1 else amount,
            "currency": body["currency"],
            "state": "pending" if pending else "succeeded",
            "idempotency_key": key,
            "metadata": body.get("metadata") or {},
            "created_at": self._clock(),
            "turns_to": turns_to,
            "turns_at": self._clock() + self._timing.turn if turns_to else None,
        }
        self._ledger.add_refund(refund)
        row = self._ledger.one("SELECT * FROM refunds WHERE id = ?", refund["id"])
        assert row is not None  # noqa: S101  just written
        if order.webhooks:
            self._announce(row)
        return shown(row)

    def turn_due(self) -> None:
        """Carry out what was put off: pending refunds come through, announced ones fail."""
        due = "SELECT * FROM refunds WHERE turns_at IS NOT NULL AND turns_at <= ?"
        for refund in self._ledger.all(due, self._clock()):
            with self._ledger.transaction():
                reason = "The customer's account is closed." if refund["turns_to"] == "failed" else ""
                self._ledger.turn(refund["id"], refund["turns_to"], reason)
                row = self._ledger.one("SELECT * FROM refunds WHERE id = ?", refund["id"])
                assert row is not None  # noqa: S101  just written
                self._announce(row)

    def _announce(self, refund: Row) -> None:
        shop = json.loads(refund["metadata"]).get("shop")
        if shop:
            event_id = f"evt_{secrets.token_hex(12)}"
            body = {"id": event_id, "type": f"refund.{refund['state']}", "data": shown(refund)}
            after = random.uniform(0, self._ledger.mood("jumble"))  # noqa: S311  an order of events, not a secret
            self._ledger.add_event(event_id, shop, json.dumps(body), self._clock() + after)

    def refunds(self, payment: str) -> Mapping[str, Any]:
        rows = self._ledger.all("SELECT * FROM refunds WHERE payment = ? ORDER BY created_at, id", payment)
        return {"refunds": [shown(row) for row in rows]}

    def books(self) -> Mapping[str, Any]:
        """Everything, for whoever checks."""
        payments = self._ledger.all("SELECT * FROM payments ORDER BY reference")
        refunds = self._ledger.all("SELECT * FROM refunds ORDER BY created_at, id")
        return {
            "payments": [
                {
                    "reference": row["reference"],
                    "currency": row["currency"],
                    "captured": money.text(row["captured"], row["currency"]),
                    "refunded": money.text(row["refunded"], row["currency"]),
                }
                for row in payments
            ],
            "refunds": [shown(row) for row in refunds],
            "waiting": self._ledger.waiting(),
            "calls": [dict(row) for row in self._ledger.all("SELECT key, at FROM calls ORDER BY n")],
        }

    def control(self, kind: str, count: int, webhooks: bool, mood: Mapping[str, float]) -> None:
        """Order the next misbehaviour and set the mood; "nothing" ends both."""
        self._ledger.misbehave(kind, count, webhooks)
        self._ledger.set_mood({**(dict.fromkeys(MOODS, 0.0) if kind == "nothing" else {}), **mood})

    def latency(self) -> float:
        """Seconds before each answer."""
        return self._ledger.mood("latency")


def shown(refund: Row) -> Mapping[str, Any]:
    """A refund as callers see it."""
    return {
        "id": refund["id"],
        "payment": refund["payment"],
        "amount": money.text(refund["amount"], refund["currency"]),
        "currency": refund["currency"],
        "state": refund["state"],
        "reason": refund["reason"],
        "idempotency_key": refund["idempotency_key"],
        "metadata": json.loads(refund["metadata"]),
    }


def _again(known: Row, fingerprint: str) -> Answer:
    if known["fingerprint"] != fingerprint:
        return _error(422, "key_reused", "This idempotency key was used with another body.")
    return Answer(known["status"], json.loads(known["answer"]), {"Idempotency-Replayed": "true"})


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}})


def _busy(_: Timing) -> Answer:
    return _error(409, "key_in_use", "A request with this key is still running.")


def _limited(_: Timing) -> Answer:
    return Answer(
        429, {"error": {"code": "rate_limited", "message": "Too many requests."}}, {"Retry-After": "2"}
    )


_REFUSES: Mapping[str, Callable[[Timing], Answer]] = {
    "timeout": lambda timing: Answer(None, {}, wait=timing.hang),
    "500": lambda _: _error(500, "internal", "Something went wrong."),
    "busy": _busy,
    "limited": _limited,
}
"""Misbehaviour that neither pays nor remembers the key."""


def _delivered(answer: Answer, order: Misbehaviour, timing: Timing) -> Answer:
    """What the caller gets to hear of a refund that was booked."""
    if order.kind == "timeout_after_paying":
        return Answer(None, {}, wait=timing.hang)
    if order.kind == "500_after_paying":
        return _error(500, "internal", "Something went wrong.")
    return Answer(answer.status, answer.body, answer.headers, timing.slow if order.kind == "slow" else 0.0)
