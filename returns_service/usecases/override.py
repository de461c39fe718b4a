"""Accept what the policy refuses."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Forbidden, Invalid
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving, settlement


def override(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    reason: str,
    lines: Mapping[str, bool] | None = None,
) -> CaseFile:
    """Overturn a refusal, within the person's limit and with a reason. Raises StaleVersion, IllegalMove, Forbidden, Invalid."""
    case = cases.load(session, case_id, actor, expected=expected)
    if not reason.strip():
        raise Invalid(
            "override_needs_reason", "Say why the policy's refusal is overturned.", pointer="/reason"
        )
    if case.state not in ("requested", "rejected"):
        raise Conflict(
            "illegal_move",
            f"There is no refusal to overturn in a case that is {case.state}.",
            state=case.state,
        )
    _within_limit(case, actor)
    again = case.state == "rejected"
    for line_id, eligible in (lines or {}).items():
        case.line(line_id).accepted = eligible
    if not case.accepted:
        raise Invalid("lines", "Leave at least one line eligible.", pointer="/lines")
    case.row.overridden = True
    outbox.record(case, EventType.OVERRIDDEN, actor=actor, now=now, reason=reason, lines=dict(lines or {}))
    moving.move(case, "approve", EventType.APPROVED, actor=actor, now=now, note=reason)
    if again:
        cases.hold_again(session, case)
    refused = {line.id: set(line.slots) for line in case.lines if not line.accepted}
    cases.release(session, case, slots=refused)
    settlement.approved(case, now=now)
    return case


def _within_limit(case: CaseFile, actor: Actor) -> None:
    """A shop may cap what one person may grant against the policy, per currency (`override_up_to`)."""
    cap = case.shop.settings.get("override_up_to", {}).get(case.row.currency)
    worth = sum(case.order.worth(line.order_line_id, slot) for line in case.lines for slot in line.slots)
    if cap is not None and worth > money.parse(cap, case.row.currency) and not actor.may("admin"):
        raise Forbidden(
            "override_limit", f"You may overturn refusals up to {cap} {case.row.currency}; ask a manager."
        )
