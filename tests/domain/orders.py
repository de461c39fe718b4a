"""Small orders and terms for the tests of money."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from returns_service.domain.money import Minor
from returns_service.domain.order import Customer, Order, OrderLine, Payment
from returns_service.domain.terms import Cited, LineTerms

RULE = Cited("a-rule", "Because the rule says so.")
PLACED = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


def an_order(*lines: OrderLine, captured: Minor | None = None, **changes: Any) -> Order:
    """An order of these lines, paid in full by one payment unless told otherwise."""
    fields: dict[str, Any] = {
        "id": "1001", "number": "1001", "country": "DE", "currency": "EUR", "placed_at": PLACED,
        "customer": Customer("ana@example.com"), "lines": lines, **changes,
    }  # fmt: skip
    if "payments" not in fields:
        bare = Order(**fields)
        extra = sum(s.amount for s in bare.surcharges) + bare.shipping.paid
        extra += 0 if bare.tax_included else bare.shipping.tax
        fields["payments"] = (
            Payment("p1", captured=sum(bare.paid.values()) + extra if captured is None else captured),
        )
    return Order(**fields)


def a_line(line_id: str, quantity: int, unit_price: Minor, **changes: Any) -> OrderLine:
    return OrderLine(line_id, f"SKU-{line_id}", f"Thing {line_id}", quantity, unit_price, **changes)


def terms(line_id: str, slots: Iterable[int], resolution: str = "refund", **changes: Any) -> LineTerms:
    return LineTerms(line_id, tuple(slots), resolution, **changes)
