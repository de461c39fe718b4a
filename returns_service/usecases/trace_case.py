"""Why a case came out as it did: every rule that was looked at when it was asked for, and by what is known now."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.decision import LineSettlement
from returns_service.domain.render import fault_body
from returns_service.store import cases
from returns_service.store.lateness import days_late
from returns_service.store.tables import CaseLine


def trace_case(session: Session, case_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The traces of a case, by the version of the policy it falls under. Raises NotFound."""
    case = cases.load(session, case_id, actor, lock=False)
    facts = replace(
        case.facts(lookback_since=rules.lookback_from(case.policy, now)), days_late=days_late(case)
    )
    settled = rules.settle(case.policy, facts, now, language=case.row.language)
    by_line = {found.line_id: found for found in settled.lines}
    ref = case.policy.ref
    return {
        "id": str(case.id),
        "number": case.row.number,
        "policy": {"name": ref.name, "version": ref.version, "hash": ref.hash},
        "final": settled.final,
        "review_reasons": list(settled.review_reasons),
        "lines": [_line(line, by_line.get(str(line.id))) for line in case.lines],
    }


def _line(line: CaseLine, settled: LineSettlement | None) -> dict[str, Any]:
    return {
        "line_id": str(line.id),
        "order_line_id": line.order_line_id,
        "decision": list(line.decision.get("trace", ())),
        "settlement": [dict(step) for step in settled.trace] if settled else [],
        "fault": fault_body(settled.fault) if settled else None,
    }
