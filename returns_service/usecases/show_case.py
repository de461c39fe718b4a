"""A case as the contract shows it: the same for API, pages and messages."""

from datetime import datetime
from typing import Any

from returns_service.domain import lifecycle, money
from returns_service.domain.actor import Actor
from returns_service.domain.case import STAGES
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine, Inspection, Refund, Replacement

SCOPES = {
    "approve": "staff",
    "reject": "staff",
    "ask": "staff",
    "settle": "staff",
    "advance": "staff",
    "lost": "staff",
    "answer": "returns:write",
    "cancel": "returns:write",
    "ship": "returns:write",
    "choose": "returns:write",
    "receive": "warehouse",
    "inspect": "warehouse",
}
"""Which right a move needs (design, section 6)."""


def show(case: CaseFile, *, actor: Actor) -> dict[str, Any]:
    """The contract's case; trace only for staff; `actions` are what this actor may do now."""
    return {**facts(case, actor), "actions": allowed(case, actor)}


def facts(case: CaseFile, actor: Actor) -> dict[str, Any]:
    """The contract's case for readers who cannot act: all but `actions`."""
    row, policy = case.row, case.policy.ref
    return {
        "id": str(row.id),
        "number": row.number,
        "order_id": case.order_row.external_id,
        "order_number": case.order_row.number,
        "kind": row.kind,
        "state": row.state,
        "stage": STAGES[row.state],
        "version": row.version,
        "currency": row.currency,
        "client_reference": row.client_reference,
        "language": row.language,
        "review": row.review,
        "return_method": row.request.get("return_method", "mail"),
        "comment": row.request.get("comment", ""),
        "lines": [_line(case, line, actor) for line in case.lines],
        "fault": row.fault,
        "quote": row.quote,
        "refunds": [_refund(refund) for refund in case.refunds],
        "replacements": [_replacement(out, row.currency) for out in case.replacements],
        "messages": row.messages,
        "deadlines": [{key: d[key] for key in ("for", "at", "on", "time_zone")} for d in row.deadlines],
        "shipments": row.shipments,
        "label": row.label or None,
        "return_location": row.return_location,
        "outcome_reason": row.outcome_reason,
        "policy": {"name": policy.name, "version": policy.version, "hash": policy.hash},
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
        "links": _links(case),
    }


def allowed(case: CaseFile, actor: Actor) -> list[str]:
    """The moves that are legal now and that this actor has the right to make."""
    return [trigger for trigger in lifecycle.actions(case.situation()) if actor.may(SCOPES[trigger])]


def instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _links(case: CaseFile) -> dict[str, str]:
    at = f"/v1/returns/{case.id}"
    return {
        "self": at,
        "events": f"{at}/events",
        "slip": f"{at}/slip.pdf",
        "portal": f"/portal/{case.shop.slug}/returns/{case.row.number}",
    }


def _line(case: CaseFile, line: CaseLine, actor: Actor) -> dict[str, Any]:
    decision = line.decision if actor.may("staff") else {**line.decision, "trace": []}
    return {
        "id": str(line.id),
        "order_line_id": line.order_line_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "received_quantity": line.received_quantity,
        "reason": line.reason,
        "condition": line.condition,
        "comment": line.comment,
        "photos": line.photos,
        "resolution": line.resolution,
        "exchange_for": line.exchange_for,
        "accepted": line.accepted,
        "fault": line.fault or None,
        "decision": decision,
        "inspections": [_inspection(found) for found in case.inspections if found.line_id == line.id],
        "outcome": line.outcome,
    }


def _inspection(found: Inspection) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "quantity": found.quantity,
        "grade": found.grade,
        "findings": found.findings,
        "answers": found.answers,
        "disposition": found.disposition,
        "note": found.note,
        "photos": found.photos,
        "serial_numbers": found.serial_numbers,
        "at": instant(found.at),
    }


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "id": str(refund.id),
        "payment_id": refund.payment_id or None,
        "method": refund.method,
        "amount": money.text(refund.amount, refund.currency),
        "state": refund.state,
        "gateway": refund.gateway,
        "gateway_reference": refund.gateway_reference,
        "code": refund.code,
        "reason": refund.reason,
        "created_at": instant(refund.created_at),
        "updated_at": instant(refund.updated_at),
    }


def _replacement(out: Replacement, currency: str) -> dict[str, Any]:
    return {
        "id": str(out.id),
        "kind": out.kind,
        "lines": out.lines,
        "state": out.state,
        "due": money.text(out.due, currency),
        "secured": money.text(out.secured, currency),
        "security": out.security or None,
        "carrier": out.carrier,
        "tracking_number": out.tracking_number,
        "order_id": out.new_order_id,
    }
