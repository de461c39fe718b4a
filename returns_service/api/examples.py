"""Examples of the API document: the bodies of the contract. Tests hold each against its schema."""

from typing import Any

from returns_service.api import examples_policies
from returns_service.api.schemas import answers, decisions, gateways, recoveries, shop, webhooks

_AT = "2026-10-06T08:00:00Z"
_ID = "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c11"
_LINE = "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c12"
_BEN: dict[str, Any] = {"kind": "staff", "name": "Ben Weber"}

POLICY = examples_policies.POLICY
ORDER: dict[str, Any] = {
    "number": "1001",
    "channel": "online",
    "country": "DE",
    "currency": "EUR",
    "tax_included": True,
    "placed_at": "2026-10-01T09:30:00Z",
    "updated_at": "2026-10-05T14:25:00Z",
    "customer": {"id": "c-17", "email": "ana@example.com", "name": "Ana Keller", "locale": "en"},
    "lines": [
        {
            "id": "1",
            "sku": "SHIRT-M",
            "title": "Linen shirt M",
            "quantity": 2,
            "unit_price": "59.90",
            "discount": "10.00",
            "tax": "17.54",
            "category": "apparel/shirts",
            "exchange_options": [
                {"sku": "SHIRT-L", "title": "Linen shirt L", "price": "59.90", "available": 12}
            ],
        }
    ],
    "discounts": [{"title": "WELCOME", "amount": "5.00"}],
    "surcharges": [{"title": "Platform fee", "amount": "8.00", "refundable": True}],
    "shipping": {"method": "express", "paid": "12.90", "standard_rate": "4.90"},
    "payments": [
        {"id": "p1", "method": "card", "gateway": "sandbox", "reference": "pay_123", "captured": "125.70"}
    ],
    "fulfilments": [
        {
            "id": "f1",
            "carrier": "dhl",
            "tracking_number": "00340",
            "shipped_at": "2026-10-02T12:00:00Z",
            "delivered_at": "2026-10-05T14:20:00Z",
            "lines": [{"line_id": "1", "quantity": 2}],
        }
    ],
}
REQUEST: dict[str, Any] = {
    "order_id": "1001",
    "client_reference": "web-889",
    "return_method": "mail",
    "language": "en",
    "lines": [
        {
            "order_line_id": "1",
            "quantity": 1,
            "reason": "changed_mind",
            "condition": "opened_unused",
            "resolution": "refund",
        }
    ],
}
_OFFER: dict[str, Any] = {
    "resolution": "refund",
    "amount": "51.50",
    "method": "mail",
    "freight": "4.90",
    "deadline": "2026-11-04T22:59:59Z",
}
_WINDOW: dict[str, Any] = {
    "opens_at": "2026-10-05T14:20:00Z",
    "closes_at": "2026-11-04T22:59:59Z",
    "closes_on": "2026-11-04",
    "time_zone": "Europe/Berlin",
    "rule": "thirty-days",
}
_LINE_DECISION: dict[str, Any] = {
    "order_line_id": "1",
    "quantity": 1,
    "returnable_quantity": 2,
    "eligible": True,
    "basis": "shop",
    "window": _WINDOW,
    "refusals": [],
    "evidence": [],
    "fault": {
        "party": "customer",
        "rule": "changed-mind",
        "message": "You changed your mind.",
        "final": False,
    },
    "offers": [_OFFER],
    "trace": [],
}
QUOTE: dict[str, Any] = {
    "goods": "52.40",
    "tax": "8.37",
    "outbound_shipping": "0.00",
    "surcharges": "4.00",
    "compensation": "0.00",
    "bonus": "0.00",
    "return_freight": "-4.90",
    "restocking": "0.00",
    "deductions": "0.00",
    "exchange": "0.00",
    "waived": "0.00",
    "unfunded": "0.00",
    "total": "51.50",
    "freight_payer": "customer",
    "recover_from": None,
    "tenders": [{"payment_id": "p1", "amount": "51.50"}],
}
DECISION: dict[str, Any] = {
    "eligible": True,
    "review": "auto",
    "currency": "EUR",
    "policy": POLICY,
    "lines": [_LINE_DECISION],
    "quote": QUOTE,
}
CASE: dict[str, Any] = {
    "id": _ID,
    "number": "R-7F3K-92QD",
    "order_id": "1001",
    "kind": "return",
    "state": "approved",
    "stage": "reviewed",
    "version": 2,
    "currency": "EUR",
    "lines": [
        {
            "id": _LINE,
            "order_line_id": "1",
            "sku": "SHIRT-M",
            "quantity": 1,
            "received_quantity": 0,
            "reason": "changed_mind",
            "resolution": "refund",
            "decision": _LINE_DECISION,
            "inspections": [],
            "outcome": None,
        }
    ],
    "fault": {"party": "customer", "rule": "changed-mind", "final": False},
    "quote": QUOTE,
    "refunds": [],
    "replacements": [],
    "messages": 0,
    "deadlines": [
        {"for": "ship", "at": "2026-11-18T22:59:59Z", "on": "2026-11-18", "time_zone": "Europe/Berlin"}
    ],
    "actions": ["ship", "receive", "cancel"],
    "policy": POLICY,
    "created_at": _AT,
    "updated_at": _AT,
    "links": {"self": f"/v1/returns/{_ID}", "events": f"/v1/returns/{_ID}/events"},
}
SUMMARY: dict[str, Any] = {
    key: CASE[key]
    for key in ("id", "number", "order_id", "state", "stage", "version", "created_at", "updated_at")
}
EVENT: dict[str, Any] = {
    "id": _LINE,
    "seq": 2,
    "type": "return.approved",
    "at": _AT,
    "actor": _BEN,
    "return_id": _ID,
    "version": 2,
    "data": {"from": "requested", "to": "approved"},
}
MESSAGE: dict[str, Any] = {
    "id": _LINE,
    "author": {"kind": "customer", "name": "Ana Keller"},
    "message": "Where do I send it?",
    "photos": [],
    "internal": False,
    "at": _AT,
}
OBJECTION: dict[str, Any] = {
    "id": _LINE,
    "state": "open",
    "text": "The scratch was there when it arrived.",
    "wish": "The full price.",
    "photos": [],
    "answer": "",
    "at": _AT,
    "evidence_until": "2026-10-13T21:59:59Z",
    "answered_at": None,
}
RATING: dict[str, Any] = {"id": _LINE, "kind": "csat", "score": 5, "comment": "Quick.", "at": _AT}
PHOTO: dict[str, Any] = {
    "id": _LINE,
    "content_type": "image/jpeg",
    "size": 183_402,
    "width": 1600,
    "height": 1200,
    "alt": "The torn seam",
    "url": f"/v1/photos/{_LINE}",
    "at": _AT,
}
PARCEL: dict[str, Any] = {
    "id": _LINE,
    "state": "open",
    "carrier": "dhl",
    "tracking_number": "0034000",
    "location": "BER1",
    "note": "No slip inside",
    "lines": [{"sku": "SHIRT-M", "quantity": 1, "note": ""}],
    "return_id": None,
    "at": _AT,
}
KEY: dict[str, Any] = {
    "id": _LINE,
    "name": "Storefront",
    "prefix": "rk_4hJx0aQ2",
    "scopes": ["orders:write", "returns:read", "returns:write"],
    "created_at": _AT,
    "expires_at": None,
    "revoked_at": None,
}
ENDPOINT: dict[str, Any] = {
    "id": _LINE,
    "url": "https://shop.example/hooks/returns",
    "events": ["return.refunded", "refund.*"],
    "format": "standard",
    "state": "active",
    "disabled_reason": "",
    "failing_since": None,
    "created_at": _AT,
}
DELIVERY: dict[str, Any] = {
    "id": _LINE,
    "event_id": _ID,
    "type": "return.refunded",
    "replay": False,
    "state": "delivered",
    "attempts": 1,
    "last_status": 204,
    "last_response": "",
    "created_at": _AT,
    "delivered_at": _AT,
}
CREDIT: dict[str, Any] = {
    "code": "SC-7F3K-92QD",
    "currency": "EUR",
    "amount": "51.50",
    "balance": "41.50",
    "refund_id": _LINE,
    "expires_at": None,
    "created_at": _AT,
    "moves": [{"kind": "redeemed", "amount": "10.00", "reference": "order-1002", "at": _AT}],
}
RECOVERY: dict[str, Any] = {
    "return_id": _ID,
    "number": "R-7F3K-92QD",
    "order_id": "1001",
    "state": "refunded",
    "currency": "EUR",
    "created_at": _AT,
    "claims": [
        {"party": "carrier", "claimed": "51.50", "recovered": "20.00", "forgone": "0.00", "open": "31.50"}
    ],
}
LEDGER: dict[str, Any] = {
    "currency": "EUR",
    "entries": [
        {
            "kind": "paid",
            "party": None,
            "amount": "51.50",
            "at": _AT,
            "refund_id": _LINE,
            "payment_id": "p1",
            "payment_reference": "pay_123",
            "gateway": "sandbox",
            "gateway_reference": "re_1",
            "gateway_key": f"rf_{_LINE}_1",
            "note": "",
            "by": None,
        }
    ],
    "sums": [{"kind": "owed", "amount": "51.50"}, {"kind": "paid", "amount": "51.50"}],
    "claims": RECOVERY["claims"],
}
NEW_KEY = KEY | {"key": "rk_4hJx0aQ2..."}


_BY_SCHEMA: dict[Any, Any] = {
    **examples_policies.BY_SCHEMA,
    answers.Case: CASE,
    decisions.Decision: DECISION,
    answers.Event: EVENT,
    answers.Key: KEY,
    answers.Message: MESSAGE,
    answers.NewKey: NEW_KEY,
    answers.Objection: OBJECTION,
    answers.Order: ORDER | {"id": "1001", "version": 1, "policy": POLICY, "fulfilment_state": "delivered"},
    answers.Parcel: PARCEL,
    answers.Photo: PHOTO,
    answers.Rating: RATING,
    answers.CaseSummary: SUMMARY,
    shop.Credit: CREDIT,
    shop.Report: {
        "name": "reasons",
        "about": "What customers claimed, by units.",
        "days": 90,
        "rows": [{"reason": "changed_mind", "lines": 12, "units": 14}],
    },
    shop.ReportName: {"name": "reasons", "about": "What customers claimed, by units."},
    recoveries.Recovery: RECOVERY,
    recoveries.Ledger: LEDGER,
    gateways.Gateway: {"name": "stripe", "configured": True, "webhook_path": "/v1/hooks/demo/stripe"},
    answers.Taken: {"taken": True},
    webhooks.Delivery: DELIVERY,
    webhooks.Endpoint: ENDPOINT,
    webhooks.NewEndpoint: ENDPOINT | {"secret": "whsec_..."},
    webhooks.Replayed: {"events": 1},
}


def of_schema(schema: Any) -> Any:
    """The example of an answer, a page of one for lists."""
    if isinstance(schema, dict):
        return None
    if schema in _BY_SCHEMA:
        return _BY_SCHEMA[schema]
    inner = next(
        (kind for kind in _BY_SCHEMA if getattr(schema, "__name__", "") == f"{kind.__name__}Page"), None
    )
    return None if inner is None else {"items": [_BY_SCHEMA[inner]], "next": None, "has_more": False}
