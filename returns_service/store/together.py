"""Several cases at once, each of their parts in one query: for work that goes through a heap of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from returns_service.store.cases import CaseFile
from returns_service.store.tables import (
    CaseLine,
    EventRow,
    Inspection,
    Notice,
    OrderRow,
    Refund,
    Replacement,
    ReturnCase,
    Shop,
)

_THESE: Any = bindparam("ids", expanding=True)
_CASES = (
    select(ReturnCase, OrderRow, Shop)
    .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
    .join(Shop, col(Shop.id) == ReturnCase.shop_id)
    .where(col(ReturnCase.id).in_(_THESE))
)
_LINES = select(CaseLine).where(col(CaseLine.case_id).in_(_THESE)).order_by(col(CaseLine.position))
_INSPECTIONS = (
    select(Inspection)
    .where(col(Inspection.case_id).in_(_THESE), col(Inspection.superseded).is_(False))
    .order_by(col(Inspection.id))
)
_REFUNDS = select(Refund).where(col(Refund.case_id).in_(_THESE)).order_by(col(Refund.id))
_REPLACEMENTS = select(Replacement).where(col(Replacement.case_id).in_(_THESE)).order_by(col(Replacement.id))
_EVENTS = select(EventRow).where(col(EventRow.case_id).in_(_THESE)).order_by(col(EventRow.seq))
_NOTICES = select(Notice).where(col(Notice.case_id).in_(_THESE)).order_by(col(Notice.id))


def load(session: Session, ids: Collection[UUID]) -> dict[UUID, CaseFile]:
    """Cases with everything that is shown of them; for looking at, not for changing."""
    found = session.exec(_CASES, params={"ids": list(ids)})
    files = {row.id: CaseFile(session, row, order, shop) for row, order, shop in found}
    _fill(session, "lines", _LINES, files.values())
    _fill(session, "inspections", _INSPECTIONS, [f for f in files.values() if _inspected(f)])
    _fill(session, "refunds", _REFUNDS, [f for f in files.values() if f.row.has_money])
    _fill(session, "replacements", _REPLACEMENTS, [f for f in files.values() if f.row.has_goods])
    return files


def stories(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[EventRow]]:
    """The history of each case, oldest first."""
    return _by_case(session, _EVENTS, ids)


def told(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[Notice]]:
    """Every message about each case, oldest first."""
    return _by_case(session, _NOTICES, ids)


def _inspected(case: CaseFile) -> bool:
    return any(line.inspected_quantity for line in case.lines)


def _fill(session: Session, part: str, query: Any, files: Iterable[CaseFile]) -> None:
    wanted = {case.id: case for case in files}
    found = _by_case(session, query, wanted)
    for case_id, case in wanted.items():
        setattr(case, part, found[case_id])


def _by_case(session: Session, query: Any, ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    if ids:
        for row in session.exec(query, params={"ids": list(ids)}):
            groups[row.case_id].append(row)
    return groups
