"""Everything a person needs to decide a case, and to answer why it came out as it did, in one reading."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.store import cases, events, notices, orders, photos, queues, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine, ReturnCase
from returns_service.usecases.bench import show_inspections
from returns_service.usecases.list_events import event_body
from returns_service.usecases.photos_of_case import photos_in, told_of
from returns_service.usecases.reading import in_words_of
from returns_service.usecases.show_case import instant, show
from returns_service.usecases.show_ledger import ledger_of
from returns_service.usecases.show_parts import message_body, objection_body, photo_body

EVENTS = 500


def case_page(session: Session, case_id: UUID, *, actor: Actor, language: str) -> dict[str, Any]:
    """The contract's case and all around it. Raises NotFound."""
    case = cases.load(session, case_id, actor, lock=False)
    return {
        **show(case, actor=actor),
        "assignee": case.row.assignee,
        "overridden": case.row.overridden,
        "review_reasons": in_words_of(case, case.row.review_reasons, language),
        "quote": in_words_of(case, case.row.quote, language),
        "pay_when": case.row.pay_when,
        "head": case.row.head,
        "lines": [_line(case, line, shown, language) for line, shown in _pairs(case, actor)],
        "difference": _difference(case),
        "order": _order(case),
        "customer": _customer(session, case),
        "events": [event_body(row) for row in events.of_case(session, case.id, limit=EVENTS)],
        "talk": [message_body(row) for row in talk.of_case(session, case.id, internal=True)],
        "objections": [objection_body(row) for row in talk.objections(session, case.id)],
        "photos": [photo_body(row) for row in photos.of_case(session, case.id)],
        "told": told_of(session, actor.shop_id, photos_in(session, case)),
        "evidence": [
            {"type": e.type, "data": e.data, "actor": e.actor, "at": instant(e.recorded_at)}
            for e in case.evidence
        ],
        "notices": [_notice(row) for row in notices.told(session, case.id)],
        "ledger": ledger_of(case),
        "tenders": [_tender(row, case.row.currency) for row in orders.tenders(session, case.order_row.id)],
        "reasons": [(code, found.words(language)) for code, found in case.policy.reason_table.items()],
        "evidence_types": [
            (code, found.words(language)) for code, found in case.policy.evidence_types.items()
        ],
    }


def _pairs(case: CaseFile, actor: Actor) -> list[tuple[CaseLine, dict[str, Any]]]:
    return list(zip(case.lines, show(case, actor=actor)["lines"], strict=True))


def _line(case: CaseFile, line: CaseLine, shown: dict[str, Any], language: str) -> dict[str, Any]:
    sold = case.order.by_id[line.order_line_id]
    reason = case.policy.reason_table.get(line.reason)
    condition = case.policy.conditions.get(line.condition or "")
    told = in_words_of(case, {"decision": shown["decision"], "fault": shown.get("fault")}, language)
    return {
        **shown,
        **told,
        "reason_text": reason.words(language) if reason else line.reason,
        "condition_text": condition.words(language) if condition else (line.condition or ""),
        "image_url": sold.image_url,
        "bought": sold.quantity,
        "unit_price": money.text(sold.unit_price, case.row.currency),
        "category": sold.category,
        "serial_numbers": list(sold.serial_numbers),
        "worth": money.text(
            sum(case.order.worth(line.order_line_id, slot) for slot in line.slots), case.row.currency
        ),
        "found": show_inspections(case, line, language),
    }


def _difference(case: CaseFile) -> dict[str, str]:
    """What was paid for the units, what goes back for them, and what lies between: the question asked most."""
    lines = [line for line in case.lines if line.accepted]
    paid = sum(case.order.worth(line.order_line_id, slot) for line in lines for slot in line.slots)
    total = money.parse(case.row.quote.get("total", "0"), case.row.currency)
    currency = case.row.currency
    less = {"paid": paid, "total": total, "less": max(paid - total, 0), "more": max(total - paid, 0)}
    return {name: money.text(amount, currency) for name, amount in less.items()}


def _order(case: CaseFile) -> dict[str, Any]:
    order = case.order
    return {
        "id": order.id,
        "number": order.number,
        "placed_at": instant(order.placed_at),
        "country": order.country,
        "channel": order.channel,
        "parcels": [
            {
                "carrier": parcel.carrier,
                "tracking_number": parcel.tracking_number,
                "delivered_at": instant(parcel.delivered_at) if parcel.delivered_at else None,
            }
            for parcel in order.fulfilments
        ],
    }


def _customer(session: Session, case: CaseFile) -> dict[str, Any]:
    """Facts, no score."""
    known = queues.of_customer(session, case.row.shop_id, case.row.email)
    return {
        "name": case.order.customer.name,
        "email": case.row.email,
        "tier": case.order.customer.tier,
        "locale": case.order.customer.locale,
        "since": instant(case.order.customer.created_at) if case.order.customer.created_at else None,
        "orders": queues.orders_of(session, case.row.shop_id, case.row.email),
        "returns": len(known),
        "cases": [_other(row) for row in known if row.id != case.id][:8],
    }


def _other(row: ReturnCase) -> dict[str, Any]:
    return {
        "number": row.number,
        "state": row.state,
        "total": money.text(row.quote_total, row.currency),
        "currency": row.currency,
        "fault": row.fault.get("party"),
        "created_at": instant(row.created_at),
    }


def _notice(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "recipient": row.recipient,
        "address": row.address,
        "channel": row.channel,
        "template": row.template,
        "subject": row.subject,
        "state": row.state,
        "error": row.last_error,
        "at": instant(row.sent_at or row.created_at),
    }


def _tender(row: Any, currency: str) -> dict[str, Any]:
    free = row.captured - row.reserved - row.refunded - row.refunded_elsewhere - row.charged_back
    amounts = {
        part: getattr(row, part)
        for part in ("captured", "reserved", "refunded", "refunded_elsewhere", "charged_back")
    }
    return {
        "payment_id": row.payment_id,
        "method": row.method,
        "gateway": row.gateway,
        "chargeback": row.chargeback,
        "free": money.text(free, currency),
        **{part: money.text(amount, currency) for part, amount in amounts.items()},
    }


def changes_since(session: Session, case_id: UUID, version: int, *, actor: Actor) -> list[dict[str, Any]]:
    """What happened to a case after a version of it was read. Raises NotFound."""
    case = cases.load(session, case_id, actor, lock=False)
    return [
        event_body(row) for row in events.of_case(session, case.id, limit=EVENTS) if row.version > version
    ]


def verdict(session: Session, case_id: UUID, *, actor: Actor) -> Mapping[str, Any]:
    """What a settlement would bring by everything known now, without carrying it out. Raises NotFound."""
    case = cases.load(session, case_id, actor, lock=False)
    found = rules.settle(case.policy, case.facts(), case.row.updated_at)
    return {"total": money.text(found.quote.total, case.row.currency), "final": found.final}
