"""What whoever waited for a case relies on (store/parts.py): its parts change together with its version, or not at all."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.store.tables import CaseLine, EvidenceRow, Inspection, Receipt, Replacement, ReturnCase

PARTS: tuple[Any, ...] = (CaseLine, Inspection, Replacement, Receipt, EvidenceRow)
"""Refunds are not among them: they are read anew under the lock."""

Seen = dict[UUID, tuple[int, list[Any]]]


def agreeing(session: Session, before: Seen) -> Seen:
    """Every case with its version and its parts as they are now, compared with what was seen before."""
    now: Seen = {}
    for case in session.exec(select(ReturnCase)):
        queries = (select(table).where(table.case_id == case.id).order_by(col(table.id)) for table in PARTS)
        parts = [row.model_dump() for query in queries for row in session.exec(query)]
        now[case.id] = case.version, parts
        if case.id in before and before[case.id][0] == case.version:
            assert before[case.id][1] == parts
    return now
