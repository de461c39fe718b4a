"""The customer asks for something else: other quantities, another reason, another wish."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.domain.request import ReturnRequest
from returns_service.store import cases, orders
from returns_service.store.cases import CaseFile
from returns_service.usecases.open_case import admitted, approve_at_once, clear
from returns_service.usecases.steps import moving, settlement
from returns_service.usecases.steps.opening import Opening, asked_at, write_anew


def change(
    session: Session,
    case_id: UUID,
    request: ReturnRequest,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    request_review: bool = False,
) -> CaseFile:
    """Decide anew, on the same case. Raises StaleVersion, IllegalMove, Invalid, NotEligible, UnitsHeld; then nothing changed."""
    case = cases.load(session, case_id, actor, expected=expected)
    lifecycle.require(case, "change")
    orders.lock(session, case.row.order_id)
    request, order, policy = request.merged(), case.order, case.policy
    at = asked_at(case, request, now)
    history = orders.history(session, case.order_row, since=rules.lookback_from(policy, at), but=case.id)
    decision = rules.decide(policy, order, request, history, at, language=case.row.language)
    decision = admitted(order, request, decision, history, request_review)
    before, since, approved = _lines(case), case.row.state_since, case.state == "approved"
    reference = case.row.client_reference
    write_anew(case, Opening(case.order_row, order, request, decision, case.row.language, reference))
    lines = {"before": before, "lines": _lines(case)}
    moving.move(case, "change", EventType.CHANGED, actor=actor, now=now, **lines)
    if clear(decision, request_review):
        approve_at_once(case, decision, now)
        if approved and case.state == "approved":  # a change gives no more time to send it back
            case.row.state_since = since
            moving.watch(case, now)
        settlement.by_policy(case, now=now, moment="request")
    return case


def _lines(case: CaseFile) -> list[dict[str, Any]]:
    return [
        {
            "order_line_id": line.order_line_id,
            "quantity": line.quantity,
            "reason": line.reason,
            "resolution": line.resolution,
        }
        for line in case.lines
    ]
