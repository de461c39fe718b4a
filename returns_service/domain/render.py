"""Decisions, quotes and settlements in the words of the contract: amounts as decimal strings, instants in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from returns_service.domain import money
from returns_service.domain.decision import (
    Decision,
    FaultRuling,
    LineDecision,
    LineSettlement,
    Offer,
    Outcome,
    Quote,
    Settlement,
    Window,
)

Body = dict[str, Any]
PARTS = (
    "goods",
    "tax",
    "outbound_shipping",
    "surcharges",
    "compensation",
    "bonus",
    "return_freight",
    "restocking",
    "deductions",
    "exchange",
    "waived",
    "unfunded",
    "total",
)


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second where there is no more."""
    if at is None:
        return None
    precision = "milliseconds" if at.microsecond else "seconds"
    return at.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def decision_body(decision: Decision) -> Body:
    return {
        "eligible": decision.eligible,
        "review": decision.review,
        "review_reasons": list(decision.review_reasons),
        "currency": decision.currency,
        "policy": {
            "name": decision.policy.name,
            "version": decision.policy.version,
            "hash": decision.policy.hash,
        },
        "lines": [line_body(line, decision.currency) for line in decision.lines],
        "quote": quote_body(decision.quote, decision.currency) if decision.quote else None,
        "ship_by": instant(decision.ship_by),
        "goods_return": decision.goods_return,
        "pay_when": decision.pay_when,
        "security": decision.security,
        "return_location": decision.return_location,
    }


def line_body(line: LineDecision, currency: str) -> Body:
    body: Body = {
        "order_line_id": line.order_line_id,
        "quantity": line.quantity,
        "returnable_quantity": line.returnable_quantity,
        "eligible": line.eligible,
        "basis": line.basis,
        "window": window_body(line.window),
        "refusals": [
            {"code": r.code, "message": r.message, "rule": r.rule, "advice": r.advice, "link": r.link}
            for r in line.refusals
        ],
        "evidence": [
            {"type": e.type, "message": e.message, "rule": e.rule, "count": e.count, "missing": e.missing}
            for e in line.evidence
        ],
        "fault": fault_body(line.fault) if line.fault else None,
        "offers": [offer_body(offer, currency) for offer in line.offers],
        "trace": [dict(step) for step in line.trace],
    }
    return body | ({"reasons": [dict(reason) for reason in line.reasons]} if line.reasons else {})


def window_body(window: Window | None) -> Body | None:
    if window is None:
        return None
    return {
        "opens_at": instant(window.opens_at),
        "closes_at": instant(window.closes_at),
        "closes_on": window.closes_on.isoformat() if window.closes_on else None,
        "time_zone": window.time_zone,
        "rule": window.rule,
    }


def fault_body(fault: FaultRuling) -> Body:
    return {"party": fault.party, "rule": fault.rule, "message": fault.message, "final": fault.final}


def offer_body(offer: Offer, currency: str) -> Body:
    return {
        "resolution": offer.resolution,
        "amount": money.text(offer.amount, currency),
        "method": offer.method,
        "freight": money.text(offer.freight, currency),
        "deadline": instant(offer.deadline),
    }


def quote_body(quote: Quote, currency: str) -> Body:
    amounts: Mapping[str, str] = {part: money.text(getattr(quote, part), currency) for part in PARTS}
    return {
        **amounts,
        "due": money.text(quote.due, currency),
        "unfunded_credit": money.text(quote.unfunded_credit, currency),
        "charged_back": money.text(quote.charged_back, currency),
        "reclaimed": money.text(quote.reclaimed, currency),
        "freight_payer": quote.freight_payer,
        "recover_from": quote.recover_from,
        "tenders": [
            {"payment_id": s.payment_id, "amount": money.text(s.amount, currency)} for s in quote.tenders
        ],
        "figures": [
            {
                "part": figure.part,
                "amount": money.text(figure.amount, currency),
                "message": figure.message,
                "order_line_id": figure.order_line_id,
                "rule": figure.rule,
            }
            for figure in quote.figures
        ],
    }


def outcome_body(outcome: Outcome, currency: str) -> Body:
    return {
        "quantity": outcome.quantity,
        "resolution": outcome.resolution,
        "amount": money.text(outcome.amount, currency),
        "disposition": outcome.disposition,
    }


def settlement_body(settlement: Settlement, currency: str) -> Body:
    """The final part of `policy explain --findings`."""
    return {
        "final": settlement.final,
        "review_reasons": list(settlement.review_reasons),
        "lines": [_settled(line, currency) for line in settlement.lines],
        "quote": quote_body(settlement.quote, currency),
    }


def _settled(line: LineSettlement, currency: str) -> Body:
    return {
        "line_id": line.line_id,
        "order_line_id": line.order_line_id,
        "fault": fault_body(line.fault),
        "outcome": [outcome_body(outcome, currency) for outcome in line.outcomes],
        "trace": [dict(step) for step in line.trace],
    }
