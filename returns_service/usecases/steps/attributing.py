"""Evidence that comes while a case is open: whose fault it looks like now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.decision import FaultRuling
from returns_service.domain.events import EventType
from returns_service.domain.render import fault_body
from returns_service.domain.request import Evidence, ReturnRequest
from returns_service.store import freeze, orders, outbox, photos, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import EvidenceRow

_PROVISIONAL = frozenset({"requested", "info_requested", "approved", "shipped_back", "received"})
"""States in which only the customer's word and the evidence speak about the fault."""


def keep_evidence(
    case: CaseFile, type_: str, data: Mapping[str, Any], at: datetime | None, *, actor: Actor, now: datetime
) -> EvidenceRow:
    """A fact that fault rules may look at, recorded, and what follows from it for the fault."""
    row = EvidenceRow(
        case_id=case.id, type=type_, data=dict(data), at=at, actor=actor.body(), recorded_at=now
    )
    case.evidence.append(row)
    case.session.add(row)
    outbox.record(case, EventType.EVIDENCE, actor=actor, now=now, type=type_, data=dict(data))
    attribute_anew(case, actor=actor, now=now)
    return row


def attribute_anew(case: CaseFile, *, actor: Actor, now: datetime) -> None:
    """Ask the stored policy again whose fault it is, by everything known now.

    Only the provisional fault changes: what was promised when the customer asked stays promised, and what is paid is
    worked out by the settlement. Neither a person's ruling nor an inspection is gone behind.
    """
    if case.state not in _PROVISIONAL or case.row.overridden or any(x.inspected_quantity for x in case.lines):
        return
    found = _rulings(case)
    before = case.row.fault
    for line, ruling in zip(case.lines, found, strict=True):
        if ruling is not None:
            line.fault = fault_body(ruling)
    case.row.fault = fault_of_all([ruling for ruling in found if ruling is not None])
    if _told(before) != _told(case.row.fault):
        changed = {"before": _told(before), "fault": _told(case.row.fault)}
        outbox.record(case, EventType.FAULT_CHANGED, actor=actor, now=now, **changed)


def fault_of_all(rulings: list[FaultRuling]) -> dict[str, Any]:
    """The party of the whole case where the lines agree."""
    if len({ruling.party for ruling in rulings}) == 1:
        return fault_body(rulings[0])
    return {"party": "undetermined" if rulings else None, "rule": None, "message": "", "final": False}


def _rulings(case: CaseFile) -> list[FaultRuling | None]:
    policy, at = case.policy, case.row.requested_at
    history = orders.history(case.session, case.order_row, since=rules.lookback_from(policy, at), but=case.id)
    evidence = tuple(Evidence(one.type, one.data, one.at) for one in case.evidence)
    decision = rules.decide(
        policy,
        case.order,
        _shown(case),
        history,
        at,
        evidence=evidence,
        language=case.row.language,
        trace=False,
    )
    return [line.fault for line in decision.lines]


def _shown(case: CaseFile) -> ReturnRequest:
    """The request with every photo that came since from outside the shop; they speak for all of its lines."""
    request = freeze.thaw_request(case.row.request)
    told = (
        one for one in talk.of_case(case.session, case.id, internal=False) if one.author["kind"] != "staff"
    )
    said = [photo for message in told for photo in message.photos]
    since = (*said, *(str(row.id) for row in photos.of_case(case.session, case.id)))
    lines = (replace(wish, photos=tuple(dict.fromkeys((*wish.photos, *since)))) for wish in request.lines)
    return replace(request, lines=tuple(lines))


def _told(fault: Mapping[str, Any]) -> dict[str, Any]:
    return {"party": fault.get("party"), "rule": fault.get("rule")}
