"""Cases of every kind, as the API shows them, for tests of messages and slips."""

from collections.abc import Mapping
from typing import Any

from returns_service.domain.notices import Notice

SHOP = {
    "name": "Hanse Mode",
    "colour": "#7a1f3d",
    "logo_url": None,
    "support_email": "hilfe@hanse.example",
    "time_zone": "Europe/Berlin",
}
LINKS = {
    "portal": "https://returns.example/portal/demo/returns/R-7F3K-92QD",
    "object": "https://returns.example/portal/demo/returns/R-7F3K-92QD/object",
    "console": "https://returns.example/console/cases/1",
}
QUOTE = {
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
    "tenders": [{"payment_id": "p1", "amount": "51.50"}],
}
LABELS = {
    "en": {"reasons": {"changed_mind": "Changed my mind"}, "findings": {"intact": "Intact"}},
    "zh-Hans": {"reasons": {"changed_mind": "不想要了"}, "findings": {"intact": "完好"}},
    "zh-Hant": {"reasons": {"changed_mind": "不想要了"}, "findings": {"intact": "完好"}},
}


def line(**changed: Any) -> dict[str, Any]:
    return {
        "id": "l1",
        "order_line_id": "1",
        "sku": "SHIRT-M",
        "title": "Linen shirt M",
        "quantity": 2,
        "received_quantity": 0,
        "reason": "changed_mind",
        "condition": "opened_unused",
        "resolution": "refund",
        "decision": {"refusals": [], "offers": []},
        "inspections": [],
        "outcome": None,
    } | changed


def case(**changed: Any) -> dict[str, Any]:
    return {
        "id": "0193",
        "number": "R-7F3K-92QD",
        "order_id": "1001",
        "order_number": "1001",
        "kind": "return",
        "state": "approved",
        "stage": "reviewed",
        "version": 2,
        "currency": "EUR",
        "lines": [line()],
        "fault": {"party": "customer", "rule": "changed-mind", "message": "", "final": False},
        "quote": QUOTE,
        "refunds": [],
        "replacements": [],
        "messages": 0,
        "deadlines": [
            {"for": purpose, "at": "2026-11-18T22:59:59Z", "on": "2026-11-18", "time_zone": "Europe/Berlin"}
            for purpose in ("review", "answer", "ship", "inspect", "choose", "pay")
        ],
        "return_method": "mail",
        "return_location": "BER1",
        "shipments": [],
        "actions": ["ship", "cancel"],
        "created_at": "2026-11-01T09:30:05Z",
        "updated_at": "2026-11-01T09:30:05Z",
        "links": {},
    } | changed


def refund(**changed: Any) -> dict[str, Any]:
    return {
        "id": "f1",
        "payment_id": "p1",
        "method": "card",
        "amount": "51.50",
        "state": "succeeded",
        "code": None,
    } | changed


def replacement(**changed: Any) -> dict[str, Any]:
    return {
        "id": "x1",
        "kind": "replacement",
        "lines": [{"line_id": "l1", "sku": "SHIRT-M", "quantity": 1}],
        "state": "shipped",
        "due": "0.00",
        "carrier": "dhl",
        "tracking_number": "00340",
    } | changed


CASES: Mapping[str, dict[str, Any]] = {
    "waiting": case(state="requested", deadlines=[]),
    "approved": case(),
    "refused": case(
        state="rejected",
        lines=[
            line(
                decision={
                    "refusals": [
                        {
                            "code": "window_expired",
                            "message": "The 30 days are over.",
                            "rule": "r",
                            "advice": "Sell it.",
                        }
                    ]
                }
            )
        ],
    ),
    "keep the item": case(return_method="keep", lines=[line(resolution="compensation")]),
    "partly arrived": case(
        state="received", lines=[line(received_quantity=1), line(id="l2", title="真丝围巾")]
    ),
    "inspected": case(
        state="inspected",
        fault={"party": "carrier", "rule": "r", "message": "The outer box was crushed.", "final": True},
        lines=[
            line(
                received_quantity=1,
                inspections=[
                    {
                        "quantity": 1,
                        "grade": "B",
                        "findings": ["intact", "box_damaged"],
                        "disposition": "restock",
                    }
                ],
            )
        ],
    ),
    "two tenders": case(
        state="refunded",
        refunds=[refund(amount="40.00"), refund(id="f2", method="gift_card", amount="11.50")],
    ),
    "stuck": case(
        state="settling", refunds=[refund(amount="40.00"), refund(id="f2", amount="11.50", state="failed")]
    ),
    "under way": case(state="settling", refunds=[refund(), refund(id="f2", amount="1.00", state="unknown")]),
    "credit": case(state="refunded", refunds=[refund(method="store_credit", code="SC-4F7K-2MPQ")]),
    "replacement": case(state="replaced", replacements=[replacement()]),
    "in advance": case(state="approved", replacements=[replacement(security="obligation", secured="40.00")]),
    "exchange": case(
        state="settling", replacements=[replacement(kind="exchange", due="15.00", state="awaiting_payment")]
    ),
    "repair": case(state="replaced", replacements=[replacement(kind="repair")]),
    "sent back": case(state="closed", replacements=[replacement(kind="send_back")], outcome_reason="Worn."),
    "yen": case(
        currency="JPY",
        quote=QUOTE | {"goods": "1200", "total": "1200", "surcharges": "0", "return_freight": "0"},
    ),
    "bare": case(lines=[line(title="", reason="", resolution="")], quote={}, fault={}, deadlines=[]),
}
DATA: Mapping[str, Mapping[str, Any]] = {
    Notice.REFUSED: {"code": "worn", "message": "The soles are worn."},
    Notice.INFO_REQUESTED: {"message": "Which size did you get?"},
    Notice.REMINDER: {"for": "ship", "at": "2026-11-18T22:59:59Z", "on": "2026-11-18"},
    Notice.DELAYED: {"for": "inspect", "at": "2026-11-18T22:59:59Z"},
    Notice.CANCELLED: {"reason": "Ordered twice."},
    Notice.MESSAGE_RECEIVED: {"body": "We found your belt in the parcel."},
    Notice.OBJECTION_ANSWERED: {"state": "granted", "answer": "You are right."},
    Notice.GOODS_CHARGED: {"amount": "40.00", "reference": "ch_1", "replacement_id": "x1"},
    Notice.STORE_CREDIT_ISSUED: {"expires_at": "2027-11-18T22:59:59Z"},
}
TYPES: Mapping[str, str] = {Notice.STAFF_ALERT: "objection.raised"}


def context(notice: str, case: Mapping[str, Any], language: str, **data: Any) -> dict[str, Any]:
    """What a message about this case is rendered from."""
    return {
        "case": case,
        "shop": SHOP,
        "order": {
            "number": "1001",
            "customer": {"name": "Ana Keller", "email": "ana@example.com"},
            "lines": [{"id": "1", "sku": "SHIRT-M", "title": "Linen shirt M"}],
        },
        "event": {
            "type": TYPES.get(notice, "return.requested"),
            "at": "2026-11-10T10:20:30Z",
            "actor": {"kind": "staff", "name": "Kim"},
            "data": {**DATA.get(notice, {}), **data},
        },
        "links": LINKS,
        "labels": LABELS[language],
    }
