"""Our books beside a gateway's: every difference, named. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from returns_service.domain.money import Minor
from returns_service.domain.ports import GatewayRefund

IN_FLIGHT = timedelta(hours=1)
"""An attempt may be unresolved for so long before it counts as a difference."""

KINDS = {
    "missing_there": "We say that money moved; the gateway knows nothing of it.",
    "missing_here": "The gateway moved money that we know nothing of.",
    "amount": "Both know the refund, with different amounts.",
    "currency": "Both know the refund, in different currencies.",
    "state": "Both know the refund; one says that money moved, the other that it did not.",
    "unresolved": "Nobody has found out yet what became of an attempt.",
}


@dataclass(frozen=True)
class OurAttempt:
    """One attempt as our database knows it."""

    key: str
    state: str
    """sent, ok, pending, declined or unknown."""
    amount: Minor
    currency: str
    sent_at: datetime
    reference: str | None = None


@dataclass(frozen=True)
class Difference:
    kind: str
    payment: str
    key: str | None
    reference: str | None
    ours: str
    theirs: str


def compare(
    payment: str, ours: Sequence[OurAttempt], theirs: Iterable[GatewayRefund], *, now: datetime
) -> list[Difference]:
    """Every difference about one payment; none when the books agree."""
    by_key = {refund.key or refund.reference: refund for refund in theirs}
    found = []
    for attempt in ours:
        there = by_key.pop(attempt.key, None) or by_key.pop(attempt.reference or "", None)
        kind = _differs(attempt, there, now)
        if kind:
            found.append(_difference(kind, payment, attempt, there))
    strangers = [refund for refund in by_key.values() if refund.state != "failed"]
    return found + [_difference("missing_here", payment, None, refund) for refund in strangers]


def _differs(attempt: OurAttempt, there: GatewayRefund | None, now: datetime) -> str | None:
    open_ = attempt.state in ("sent", "unknown")
    in_flight = open_ and now - attempt.sent_at < IN_FLIGHT
    if there is None:
        missing = {"ok": "missing_there", "pending": "missing_there"}.get(attempt.state)
        return "unresolved" if open_ and not in_flight else missing
    if there.currency != attempt.currency:
        return "currency"
    moved = there.state in ("succeeded", "pending")
    if moved and there.amount != attempt.amount:
        return "amount"
    return None if in_flight or moved == (attempt.state in ("ok", "pending")) else "state"


def _difference(
    kind: str, payment: str, attempt: OurAttempt | None, there: GatewayRefund | None
) -> Difference:
    return Difference(
        kind,
        payment,
        attempt.key if attempt else (there.key if there else None),
        there.reference if there else (attempt.reference if attempt else None),
        f"{attempt.state} {attempt.amount} {attempt.currency}" if attempt else "nothing",
        f"{there.state} {there.amount} {there.currency}" if there else "nothing",
    )
