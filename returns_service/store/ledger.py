"""The ledger: append-only entries from which every balance follows."""

from datetime import datetime
from uuid import UUID

from returns_service.domain.money import Minor
from returns_service.store.cases import CaseFile
from returns_service.store.tables import LedgerEntry, Refund


def enter(case: CaseFile, kind: str, amount: Minor, *, now: datetime, refund: Refund | None = None, party: str | None = None) -> None:
    """One entry: owed, waived, reserved, paid, failed, released or recover."""
    tender_id: UUID | None = refund.tender_id if refund else None
    case.session.add(
        LedgerEntry(
            shop_id=case.row.shop_id,
            order_id=case.row.order_id,
            case_id=case.id,
            tender_id=tender_id,
            refund_id=refund.id if refund else None,
            kind=kind,
            party=party,
            amount=amount,
            currency=case.row.currency,
            at=now,
        )
    )
