"""Accept a request."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle, money
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Invalid
from returns_service.domain.events import EventType
from returns_service.store import cases
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving, settlement


def approve(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    note: str = "",
    lines: Mapping[str, bool] | None = None,
) -> CaseFile:
    """Accept all or some lines, on a person's word. Raises StaleVersion, IllegalMove, NotFound, Invalid."""
    case = cases.load(session, case_id, actor, expected=expected)
    if lifecycle.done(case, "approve"):
        return case
    refused = {line_id for line_id, accept in (lines or {}).items() if not accept}
    again = case.state == "rejected"
    moving.move(case, "approve", EventType.APPROVED, actor=actor, now=now, note=note, refused=sorted(refused))
    _leave_out(case, refused)
    if again:
        cases.hold_again(session, case)
    settlement.approved(case, now=now)
    return case


def _leave_out(case: CaseFile, refused: set[str]) -> None:
    """Lines a person did not accept: their units are free again."""
    for line_id in refused:
        line = case.line(line_id)
        line.accepted = False
        line.outcome = [
            {
                "quantity": line.quantity,
                "resolution": "none",
                "amount": money.text(0, case.row.currency),
                "disposition": None,
            }
        ]
    if refused and not case.accepted:
        raise Invalid("lines", "Accept at least one line, or reject the request.", pointer="/lines")
    cases.release(
        case.session,
        case,
        slots={case.line(line_id).id: set(case.line(line_id).slots) for line_id in refused},
    )
