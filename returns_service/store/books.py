"""Reading the whole ledger beside what it must agree with."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlmodel import Session, col, func, select

from returns_service.domain.money import Minor
from returns_service.store.tables import (
    LedgerEntry,
    Refund,
    Replacement,
    ReturnCase,
    StoreCredit,
    StoreCreditMove,
    Tender,
)


def refunds_with_entries(session: Session) -> Iterator[tuple[Refund, list[tuple[str, Minor]]]]:
    """Every refund with its ledger entries in their order."""
    entries: dict[UUID, list[tuple[str, Minor]]] = defaultdict(list)
    query = select(LedgerEntry.refund_id, LedgerEntry.kind, LedgerEntry.amount)
    query = query.where(col(LedgerEntry.refund_id).is_not(None)).order_by(
        col(LedgerEntry.at), col(LedgerEntry.id)
    )
    for refund_id, kind, amount in session.exec(query):
        if refund_id is not None:
            entries[refund_id].append((kind, amount))
    for refund in session.exec(select(Refund).order_by(col(Refund.id))):
        yield refund, entries[refund.id]


def tenders(session: Session) -> Iterator[Tender]:
    yield from session.exec(select(Tender).where((col(Tender.reserved) > 0) | (col(Tender.refunded) > 0)))


def case_sums(session: Session) -> dict[UUID, dict[str, Minor]]:
    """Per case the sum of each kind; what is recovered from others than the customer is left out."""
    sums: dict[UUID, dict[str, Minor]] = defaultdict(lambda: defaultdict(int))
    query = select(LedgerEntry.case_id, LedgerEntry.kind, LedgerEntry.party, func.sum(LedgerEntry.amount))
    for case_id, kind, party, total in session.exec(
        query.group_by(col(LedgerEntry.case_id), col(LedgerEntry.kind), col(LedgerEntry.party))
    ):
        if party in (None, "customer"):
            sums[case_id][kind] += int(total)
    return sums


def paid_for_goods(session: Session) -> dict[UUID, Minor]:
    """Per case what the customer paid for goods that are to go out, or went."""
    query = select(Replacement.case_id, func.sum(Replacement.paid)).where(
        Replacement.paid > 0, Replacement.state != "cancelled"
    )
    return {case_id: int(total) for case_id, total in session.exec(query.group_by(col(Replacement.case_id)))}


def cases_in(session: Session, states: frozenset[str]) -> dict[UUID, str]:
    """Numbers of the cases in these states."""
    query = select(ReturnCase.id, ReturnCase.number).where(col(ReturnCase.state).in_(states))
    return dict(session.exec(query).all())


def credits_with_moves(session: Session) -> Iterator[tuple[StoreCredit, Minor]]:
    """Every store credit with the sum of what was taken from it."""
    taken = select(StoreCreditMove.credit_id, func.sum(StoreCreditMove.amount).label("taken"))
    by_credit = taken.group_by(col(StoreCreditMove.credit_id)).subquery()
    query = select(StoreCredit, func.coalesce(by_credit.c.taken, 0)).outerjoin(
        by_credit, by_credit.c.credit_id == StoreCredit.id
    )
    for credit, total in session.exec(query):
        yield credit, int(total)


def paid_refunds(session: Session, case_id: UUID) -> list[Refund]:
    return list(session.exec(select(Refund).where(Refund.case_id == case_id, Refund.state == "succeeded")))
