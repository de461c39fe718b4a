"""A small shop for tests: published `standard` policy, one order with as many lines as wanted."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from returns_service.api.bodies import order_from
from returns_service.domain.actor import Actor
from returns_service.store import policy_folder
from returns_service.store.tables import OrderRow, Shop
from returns_service.usecases.publish_policy import publish_policy
from returns_service.usecases.take_order import take_order

POLICIES = Path(__file__).parent.parent / "policies"


def a_shop(
    session: Session,
    *,
    now: datetime,
    slug: str = "demo",
    policy: str = "standard",
    terms: Mapping[str, str] | None = None,
) -> Shop:
    """A shop with its policy in force; `terms` puts questions in place of those of a file that have the same name."""
    shop = Shop(
        slug=slug, name="Demo", languages=["en", "zh-Hans", "zh-Hant"], created_at=now, policy_name=policy
    )
    session.add(shop)
    session.flush()
    files, laws = policy_folder.read(POLICIES / policy), policy_folder.laws(POLICIES)
    files = {**files, **{name: _with(files[name], text) for name, text in (terms or {}).items()}}
    publish_policy(session, shop, policy, files, laws, now=now)
    return shop


def _with(file: str, text: str) -> str:
    """A file whose questions are replaced by those in the text."""
    names = re.findall(r"^(\w+):", text, re.M)
    kept = [part for part in re.split(r"(?m)^(?=\w+:)", file) if part.partition(":")[0] not in names]
    return "".join(kept).rstrip() + "\n\n" + text


def example_order(lines: Mapping[str, int], **changes: Any) -> dict[str, Any]:
    """The body of an order, delivered the day before 2026-10-06, paid by card and gift card."""
    total = sum(lines.values()) * 20
    body: dict[str, Any] = {
        "number": "1001",
        "country": "DE",
        "currency": "EUR",
        "placed_at": "2026-10-01T09:30:00Z",
        "customer": {"email": "ana@example.com", "name": "Ana Keller", "locale": "en"},
        "lines": [_line(line_id, quantity) for line_id, quantity in lines.items()],
        "shipping": {"method": "standard", "paid": "4.90", "standard_rate": "4.90", "tax": "0.00"},
        "payments": [
            {
                "id": "p1",
                "method": "card",
                "gateway": "storefront",
                "reference": "pay_1",
                "captured": f"{total - 15.10:.2f}",
            },
            {
                "id": "p2",
                "method": "gift_card",
                "gateway": "storefront",
                "reference": "gift_1",
                "captured": "20.00",
            },
        ],
        "fulfilments": [
            {
                "id": "f1",
                "carrier": "dhl",
                "tracking_number": "00340",
                "shipped_at": "2026-10-02T12:00:00Z",
                "delivered_at": "2026-10-05T14:20:00Z",
                "lines": [{"line_id": line_id, "quantity": quantity} for line_id, quantity in lines.items()],
            }
        ],
    }
    return body | changes


def _line(line_id: str, quantity: int) -> dict[str, Any]:
    sku = f"SKU-{line_id}"
    return {
        "id": line_id,
        "sku": sku,
        "title": f"Shirt {line_id}",
        "quantity": quantity,
        "unit_price": "20.00",
        "category": "apparel/shirts",
        "exchange_options": [{"sku": f"{sku}-X", "title": "Another shirt", "price": "22.00", "available": 5}],
    }


def put(
    session: Session, body: dict[str, Any], *, actor: Actor, now: datetime, order_id: str = "1001"
) -> OrderRow:
    """Take the order as the API would."""
    return take_order(session, order_from(body, order_id), body, actor=actor, now=now)[0]
