"""The storefront charged goods that went out in advance and whose originals did not come back."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import doubts, money
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import FINAL
from returns_service.store import ledger, orders, outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Replacement
from returns_service.usecases.report_replacement import load
from returns_service.usecases.steps import claims, moving, sending


def charge_replacement(
    session: Session,
    replacement_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    amount: str,
    reference: str,
    gateway: str | None = None,
) -> CaseFile:
    """Note the charge. What it does not stand for goes back at once. Raises NotFound, Invalid, Conflict."""
    case, row = load(session, replacement_id, actor)
    orders.lock(session, case.row.order_id)
    if any(one.reported and one.reference == reference for one in orders.tenders(session, case.row.order_id)):
        return case
    paid = _checked(case, row, amount)
    claims.take(case, "recovered", paid, reference=reference, gateway=gateway, now=now)
    said = {"amount": amount, "reference": reference, **sending.named(case, row)}
    outbox.record(case, EventType.CHARGED, actor=actor, now=now, **said)
    if case.state in FINAL:
        _settle_up(case, actor, now)
    return case


def _checked(case: CaseFile, row: Replacement, amount: str) -> money.Minor:
    paid = money.parse(amount, case.row.currency)
    if not row.secured:
        raise Conflict("nothing_to_charge", "Nothing was agreed to be charged for these goods.")
    if not 0 < paid <= row.secured:
        most = money.text(row.secured, case.row.currency)
        raise Invalid("amount", f"At most {most} {case.row.currency} may be charged.", pointer="/amount")
    return paid


def _settle_up(case: CaseFile, actor: Actor, now: datetime) -> None:
    """The originals may have come back in the meantime."""
    case.session.flush()
    before = ledger.standing(case)
    claimed = sum(before.get((kind, "customer"), 0) for kind in ("recover", "goods_owed"))
    if before.get(("recovered", "customer"), 0) > claimed:
        moving.move(case, "reopen", EventType.REOPENED, actor=actor, now=now, reason=doubts.CHARGED_IN_VAIN)
        claims.give_back(case, before, claimed, actor=actor, now=now)
