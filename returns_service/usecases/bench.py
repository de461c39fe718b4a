"""What the bench shows: which case a scan means, what a parcel should hold, what somebody did in a shift."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.request import InspectedUnit
from returns_service.store import bench, cases
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine
from returns_service.usecases.photos_of_case import told_of
from returns_service.usecases.show_case import instant, show
from returns_service.usecases.steps import serials
from returns_service.usecases.steps.claiming import claim_of

FOUND_AT_MOST = 20


def find(session: Session, code: str, *, actor: Actor) -> list[dict[str, Any]]:
    """The cases that a code from a label, a slip, an order or an article means; awaited ones first."""
    found = bench.by_code(session, actor.shop_id, code, limit=FOUND_AT_MOST)
    return [
        {
            "id": str(row.id),
            "number": row.number,
            "state": row.state,
            "order_number": order_number,
            "email": row.email,
            "created_at": instant(row.created_at),
        }
        for row, order_number in found
    ]


def parcel(session: Session, case_id: UUID, *, actor: Actor, language: str) -> dict[str, Any]:
    """A case as the bench needs it: what should be in the parcel, what to ask of each unit, what happened before."""
    case = cases.load(session, case_id, actor, lock=False)
    return {
        **show(case, actor=actor),
        "customer": case.order.customer.name,
        "customer_note": case.row.request.get("comment", ""),
        "lines": [_line(case, line, language) for line in case.lines],
        "receipts": [
            {
                "at": instant(row.at),
                "who": row.actor.get("name", ""),
                "location": row.location,
                "lines": row.lines,
            }
            for row in bench.receipts(session, case.id)
        ],
        "inspectors": [
            {"at": instant(found.at), "who": found.actor.get("name", ""), "line_id": str(found.line_id)}
            for found in case.inspections
        ],
        "grades": _declared(case.policy.grade_table, language),
        "findings": _declared(case.policy.findings, language),
        "told": told_of(session, actor.shop_id, [photo for line in case.lines for photo in line.photos]),
        "others": [
            {"sku": line.sku, "title": line.title}
            for line in case.order.lines
            if line.id not in {mine.order_line_id for mine in case.lines}
        ],
    }


def _declared(table: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [(code, found.words(language)) for code, found in table.items()]


def _line(case: CaseFile, line: CaseLine, language: str) -> dict[str, Any]:
    sold = case.order.by_id[line.order_line_id]
    reason = case.policy.reason_table.get(line.reason)
    questions = rules.inspection_form(case.policy, sold.category, language, claim=claim_of(case, line))
    return {
        "id": str(line.id),
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity if line.accepted else 0,
        "received": line.received_quantity,
        "inspected": line.inspected_quantity,
        "reason": reason.words(language) if reason else line.reason,
        "comment": line.comment,
        "condition": line.condition,
        "photos": line.photos,
        "resolution": line.resolution,
        "image_url": sold.image_url,
        "codes": [line.sku, *sold.serial_numbers],
        "questions": questions,
        "serials": serials.asked(case, line, questions),
        "inspections": show_inspections(case, line, language),
    }


def show_inspections(case: CaseFile, line: CaseLine, language: str) -> list[dict[str, Any]]:
    """What was found of a line, in words."""
    policy = case.policy
    return [
        {
            "quantity": found.quantity,
            "grade": found.grade,
            "grade_text": _word(policy.grade_table, found.grade, language),
            "findings": [
                policy.findings[f].words(language) if f in policy.findings else f for f in found.findings
            ],
            "disposition": found.disposition,
            "note": found.note,
            "photos": found.photos,
            "serial_numbers": found.serial_numbers,
            "who": found.actor.get("name", ""),
            "at": instant(found.at),
        }
        for found in case.inspections
        if found.line_id == line.id
    ]


def _word(table: Mapping[str, Any], code: str | None, language: str) -> str:
    known = table.get(code or "")
    return str(known.words(language)) if known else (code or "")


def proposal(
    session: Session,
    case_id: UUID,
    line_id: str,
    answers: Mapping[str, str],
    serial_numbers: Sequence[str] = (),
    *,
    actor: Actor,
) -> InspectedUnit:
    """What the rules say to some answers, before anything is written. Raises NotFound, Conflict."""
    case = cases.load(session, case_id, actor, lock=False)
    line = case.line(line_id)
    unit = InspectedUnit(
        line.order_line_id,
        max(1, len(serial_numbers)),
        answers=answers,
        serial_numbers=tuple(serial_numbers),
    )
    worst = serials.compared(case, line, [unit], "/serial_numbers")[-1]
    return rules.propose(case.policy, claim_of(case, line), worst)


def counted(session: Session, case_id: UUID, *, actor: Actor) -> dict[str, int]:
    """Under lock: how many units of each line are in. What a count was based on is compared with this."""
    case = cases.load(session, case_id, actor)
    return {str(line.id): line.received_quantity for line in case.lines}


def last_receipt(session: Session, case_id: UUID) -> dict[str, Any] | None:
    """Who counted last, when and where."""
    rows = bench.receipts(session, case_id)
    if not rows:
        return None
    return {
        "who": rows[-1].actor.get("name", ""),
        "at": instant(rows[-1].at),
        "location": rows[-1].location or "",
    }


def shift(session: Session, *, actor: Actor, since: datetime, now: datetime) -> dict[str, Any]:
    """What one person did since then: parcels, units, grades, and how fast since they began."""
    inspected = bench.inspections_by(session, actor.shop_id, actor.name, since)
    receipts = bench.receipts_by(session, actor.shop_id, actor.name, since)
    units = sum(row.quantity for row in inspected)
    moments = sorted(row.at for row in inspected)
    begun = min([*moments[:1], *(row.at for row in receipts)], default=now)
    hours = max((now - begun).total_seconds() / 3600, 1 / 4)
    gaps = [s for s in ((b - a).total_seconds() for a, b in pairwise(moments)) if s < 600]
    return {
        "parcels": len({row.case_id for row in receipts}),
        "units": units,
        "per_hour": round(len({row.case_id for row in receipts}) / hours, 1),
        "seconds": round(sum(gaps) / len(gaps)) if gaps else None,
        "grades": sorted(_grades(inspected).items()),
        "waiting": bench.waiting(session, actor.shop_id),
    }


def _grades(rows: Sequence[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row.grade or "?"] += row.quantity
    return found


def order_line(session: Session, case_id: UUID, line_id: str, *, actor: Actor) -> str:
    """The order's line behind a line of the case. Raises NotFound."""
    return cases.load(session, case_id, actor).line(line_id).order_line_id


def words(
    session: Session, case_id: UUID, unit: InspectedUnit, *, actor: Actor, language: str
) -> dict[str, Any]:
    """A proposal in the words of the policy."""
    policy = cases.load(session, case_id, actor, lock=False).policy
    return {
        "grade_text": _word(policy.grade_table, unit.grade, language),
        "findings": [_word(policy.findings, code, language) for code in unit.findings],
    }
