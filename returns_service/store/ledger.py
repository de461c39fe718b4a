"""The ledger: append-only entries from which every balance follows."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, func, select

from returns_service.domain.money import Minor
from returns_service.store.appending import append
from returns_service.store.cases import CaseFile
from returns_service.store.tables import LedgerEntry, Refund


def enter(
    case: CaseFile,
    kind: str,
    amount: Minor,
    *,
    now: datetime,
    refund: Refund | None = None,
    party: str | None = None,
) -> LedgerEntry:
    """One entry of a kind of domain/ledger.py."""
    case.row.has_money = True
    entry = LedgerEntry(
        shop_id=case.row.shop_id,
        order_id=case.row.order_id,
        case_id=case.id,
        tender_id=refund.tender_id if refund else None,
        refund_id=refund.id if refund else None,
        kind=kind,
        party=party,
        amount=amount,
        currency=case.row.currency,
        at=now,
    )
    append(case.session, entry)
    return entry


def taken_on(case: CaseFile) -> set[UUID]:
    """The payments with which the customer paid for goods of the case."""
    query = select(LedgerEntry.tender_id).where(
        LedgerEntry.case_id == case.id, col(LedgerEntry.kind).in_(("collected", "recovered"))
    )
    return {tender_id for tender_id in case.session.exec(query) if tender_id is not None}


Standing = dict[tuple[str, str | None], Minor]
"""(kind, party) -> sum of a case's entries."""


def standing(case: CaseFile) -> Standing:
    """Where a case's entries stand, before it enters more."""
    if not case.row.has_money:
        return {}
    query = select(LedgerEntry.kind, LedgerEntry.party, func.sum(LedgerEntry.amount))
    query = query.where(LedgerEntry.case_id == case.id).group_by(
        col(LedgerEntry.kind), col(LedgerEntry.party)
    )
    return {(kind, party): int(total) for kind, party, total in case.session.exec(query)}


def bring_to(
    case: CaseFile, before: Standing, kind: str, amount: Minor, *, now: datetime, party: str | None = None
) -> Minor:
    """Enter what is missing to this sum; nothing when it stands there already. Answers what was entered."""
    missing = amount - before.get((kind, party), 0)
    if missing:
        enter(case, kind, missing, now=now, party=party)
    return missing
