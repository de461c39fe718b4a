"""Recompute every balance from the ledger and say where it disagrees with what stands in the tables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.ledger import Balance, Impossible, fold
from returns_service.domain.lifecycle import FINAL
from returns_service.domain.money import Minor
from returns_service.store import books
from returns_service.store.tables import Refund


@dataclass
class Audit:
    refunds: int = 0
    tenders: int = 0
    cases: int = 0
    credits: int = 0
    problems: list[str] = field(default_factory=list)


def verify_ledger(session: Session) -> Audit:
    """Refunds, tenders, finished cases and store credits, each against its entries."""
    audit = Audit()
    by_tender = _refunds(session, audit)
    _tenders(session, audit, by_tender)
    _cases(session, audit)
    _credits(session, audit)
    return audit


def _refunds(session: Session, audit: Audit) -> dict[UUID, tuple[Minor, Minor]]:
    sums: dict[UUID, tuple[Minor, Minor]] = defaultdict(lambda: (0, 0))
    for refund, entries in books.refunds_with_entries(session):
        audit.refunds += 1
        try:
            balance = fold(entries)
        except Impossible as why:
            audit.problems.append(f"Refund {refund.id}: {why}.")
            continue
        if balance != _should_be(refund):
            audit.problems.append(
                f"Refund {refund.id} is {refund.state} over {refund.amount}; its entries say {balance.reserved} "
                f"reserved and {balance.paid} paid."
            )
        if refund.tender_id:
            reserved, paid = sums[refund.tender_id]
            sums[refund.tender_id] = (reserved + balance.reserved, paid + balance.paid)
    return sums


def _should_be(refund: Refund) -> Balance:
    if refund.state == "succeeded":
        return Balance(paid=refund.amount)
    return Balance() if refund.state == "failed" else Balance(reserved=refund.amount)


def _tenders(session: Session, audit: Audit, by_tender: dict[UUID, tuple[Minor, Minor]]) -> None:
    for tender in books.tenders(session):
        audit.tenders += 1
        reserved, paid = by_tender.pop(tender.id, (0, 0))
        if (tender.reserved, tender.refunded) != (reserved, paid):
            audit.problems.append(
                f"Payment {tender.payment_id} ({tender.id}) stands at {tender.reserved} reserved and {tender.refunded} "
                f"refunded; its entries say {reserved} and {paid}."
            )
    for tender_id, (reserved, paid) in by_tender.items():
        if reserved or paid:
            audit.problems.append(
                f"Payment {tender_id} stands at nothing; its entries say {reserved} and {paid}."
            )


def _cases(session: Session, audit: Audit) -> None:
    """What a finished case owed was paid, given back by a bank, or dropped by a person."""
    sums, collected = books.case_sums(session), books.paid_for_goods(session)
    for case_id, number in books.cases_in(session, FINAL).items():
        audit.cases += 1
        found = sums.get(case_id, {})
        paid = sum(refund.amount for refund in books.paid_refunds(session, case_id))
        owed = (
            found.get("owed", 0)
            - found.get("charged_back", 0)
            + found.get("recover", 0)
            - found.get("dropped", 0)
        )
        if paid != owed:
            audit.problems.append(
                f"Case {number} is finished with {paid} paid; its entries say that {owed} is owed."
            )
        audit.problems += _of_customer(number, found, collected.get(case_id, 0))


def _of_customer(number: str, found: Mapping[str, Minor], goods_paid: Minor) -> Iterator[str]:
    """What the customer paid for goods stands for goods that went out, or for a claim."""
    if found.get("secured", 0):
        yield f"Case {number} is finished; its entries say that goods are still out in advance."
    if found.get("collected", 0) != goods_paid:
        yield f"Case {number} has {goods_paid} paid for goods; its entries say {found.get('collected', 0)}."
    if found.get("recovered", 0) > found.get("recover", 0) + found.get("goods_owed", 0):
        yield f"Case {number} has more recovered from the customer than was claimed."


def _credits(session: Session, audit: Audit) -> None:
    for credit, taken in books.credits_with_moves(session):
        audit.credits += 1
        if credit.balance != credit.amount - taken:
            audit.problems.append(
                f"Store credit {credit.id} has {credit.balance} left; its moves say {credit.amount - taken}."
            )
