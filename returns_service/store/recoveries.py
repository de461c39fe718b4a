"""What may be asked back of carriers, suppliers and customers: claims in the ledger, and what met them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_
from sqlmodel import Session, col, func, select

from returns_service.domain.ledger import CLAIMS, MET
from returns_service.domain.money import Minor
from returns_service.store.tables import LedgerEntry, OrderRow, ReturnCase


@dataclass(frozen=True)
class Claim:
    """One party of one case."""

    party: str
    claimed: Minor
    recovered: Minor
    forgone: Minor

    @property
    def open(self) -> Minor:
        return max(self.claimed - self.recovered - self.forgone, 0)


@dataclass(frozen=True)
class Wanted:
    """Which claims: of one party, with something open still; behind a place in the list."""

    party: str | None = None
    only_open: bool = True
    before: tuple[datetime, UUID] | None = None


def page(session: Session, shop_id: UUID, wanted: Wanted, *, limit: int) -> list[tuple[ReturnCase, str]]:
    """Cases with claims and their order's id, newest first."""
    query = select(ReturnCase, OrderRow.external_id).join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
    query = query.where(col(ReturnCase.id).in_(_claiming(shop_id, wanted)))
    if wanted.before is not None:
        at, case_id = wanted.before
        older = col(ReturnCase.created_at) < at
        query = query.where(or_(older, and_(col(ReturnCase.created_at) == at, col(ReturnCase.id) < case_id)))
    newest = (col(ReturnCase.created_at).desc(), col(ReturnCase.id).desc())
    return [(row, order_id) for row, order_id in session.exec(query.order_by(*newest).limit(limit))]


def _claiming(shop_id: UUID, wanted: Wanted) -> ColumnElement[UUID]:
    query = select(LedgerEntry.case_id).where(
        LedgerEntry.shop_id == shop_id, col(LedgerEntry.kind).in_((*CLAIMS, *MET))
    )
    query = query.where(LedgerEntry.party == wanted.party) if wanted.party else query
    left = func.sum(
        case((col(LedgerEntry.kind).in_(CLAIMS), LedgerEntry.amount), else_=-col(LedgerEntry.amount))
    )
    query = query.group_by(col(LedgerEntry.case_id), col(LedgerEntry.party))
    found: ColumnElement[UUID] = (query.having(left > 0) if wanted.only_open else query).scalar_subquery()
    return found


def of_cases(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, list[Claim]]:
    """The claims of some cases, by party."""
    query = select(LedgerEntry.case_id, LedgerEntry.party, LedgerEntry.kind, func.sum(LedgerEntry.amount))
    query = query.where(col(LedgerEntry.case_id).in_(case_ids), col(LedgerEntry.kind).in_((*CLAIMS, *MET)))
    by = (col(LedgerEntry.case_id), col(LedgerEntry.party), col(LedgerEntry.kind))
    sums: dict[tuple[UUID, str], dict[str, Minor]] = {}
    for case_id, party, kind, total in session.exec(query.group_by(*by)):
        sums.setdefault((case_id, party or ""), {})[kind] = int(total)
    found: dict[UUID, list[Claim]] = {}
    for (case_id, party), kinds in sorted(sums.items()):
        claimed = sum(kinds.get(kind, 0) for kind in CLAIMS)
        claim = Claim(party, claimed, kinds.get("recovered", 0), kinds.get("forgone", 0))
        if claimed or claim.recovered or claim.forgone:
            found.setdefault(case_id, []).append(claim)
    return found
