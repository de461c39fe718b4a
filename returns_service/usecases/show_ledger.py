"""The ledger of a case, each entry with the payment and the gateway's own record behind it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.ledger import KINDS
from returns_service.store import cases, orders, queues, refunds
from returns_service.store.cases import CaseFile
from returns_service.store.tables import LedgerEntry, Refund, RefundAttempt, Tender
from returns_service.usecases.list_recoveries import claims_of
from returns_service.usecases.show_case import instant


def show_ledger(session: Session, case_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Entries in their order, what each kind comes to, and the claims. Raises NotFound."""
    return ledger_of(cases.load(session, case_id, actor, lock=False))


def ledger_of(case: CaseFile) -> dict[str, Any]:
    entries, currency = queues.ledger_of(case.session, case.id), case.row.currency
    books = _Books(case) if entries else None
    return {
        "currency": currency,
        "entries": [books.entry(entry) for entry in entries] if books else [],
        "sums": _sums(entries, currency),
        "claims": claims_of(case.session, case.id, currency),
    }


def _sums(entries: Iterable[LedgerEntry], currency: str) -> list[dict[str, Any]]:
    """Per kind, in the order in which the kinds are told; those that come to nothing are left out."""
    sums = dict.fromkeys(KINDS, 0)
    for entry in entries:
        sums[entry.kind] += entry.amount
    return [{"kind": kind, "amount": money.text(sum_, currency)} for kind, sum_ in sums.items() if sum_]


class _Books:
    """What stands behind the entries of one case."""

    def __init__(self, case: CaseFile) -> None:
        self.refunds: Mapping[UUID, Refund] = {refund.id: refund for refund in case.refunds}
        self.tenders: Mapping[UUID, Tender] = {
            row.id: row for row in orders.tenders(case.session, case.order_row.id)
        }
        self.attempts: Mapping[UUID, RefundAttempt] = {
            attempt.refund_id: attempt for attempt in refunds.attempts_of_case(case.session, case.id)
        }

    def entry(self, entry: LedgerEntry) -> dict[str, Any]:
        refund = self.refunds.get(entry.refund_id) if entry.refund_id else None
        tender = self.tenders.get(entry.tender_id) if entry.tender_id else None
        attempt = self.attempts.get(entry.refund_id) if entry.refund_id else None
        return {
            "kind": entry.kind,
            "party": entry.party,
            "amount": money.text(entry.amount, entry.currency),
            "at": instant(entry.at),
            "refund_id": str(entry.refund_id) if entry.refund_id else None,
            "payment_id": tender.payment_id if tender else None,
            "payment_reference": tender.reference if tender else None,
            "gateway": refund.gateway if refund else (tender.gateway if tender else None),
            "gateway_reference": refund.gateway_reference if refund else None,
            "gateway_key": attempt.idempotency_key if attempt else None,
            "note": str(entry.data.get("note", "")),
            "by": entry.data.get("by"),
        }
