"""What the customer owes the merchant, what they paid for it, and what of that goes back to them.

Three sums of the ledger stand beside each other: `collected` (differences for dearer goods), `recovered` (charges
and other money that met a claim) and the claims themselves (`recover`, `goods_owed`). Money without a claim behind
it goes back to the payment it came from.
"""

from collections.abc import Sequence
from datetime import datetime

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.decision import QuoteShare
from returns_service.domain.events import EventType
from returns_service.domain.money import Minor
from returns_service.store import ledger, orders, outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Replacement, Tender
from returns_service.usecases.steps import paying, sending
from returns_service.usecases.steps.sending import Kept

GIVEN_BACK = "back-"
"""How the purpose of a refund begins that gives back what the customer paid for goods of the case."""


def secure(case: CaseFile, *, now: datetime) -> None:
    """While goods are out in advance their worth stands in the ledger."""
    standing = sum(row.secured for row in sending.ahead(case) if row.state != "cancelled")
    ledger.bring_to(case, ledger.standing(case), "secured", standing, party="customer", now=now)


def note(
    case: CaseFile, before: ledger.Standing, kept: Sequence[Kept], *, actor: Actor, now: datetime
) -> None:
    """The case is settled: goods that stay with the customer are owed, all other security is released."""
    ledger.bring_to(case, before, "secured", 0, party="customer", now=now)
    owed = sum(one.worth for one in kept)
    changed = ledger.bring_to(case, before, "goods_owed", owed, party="customer", now=now)
    if not changed and not before.get(("secured", "customer")):
        return
    for one in kept:
        if one.overdue and one.row.secured:
            amount = money.text(one.worth * one.overdue // one.units, case.row.currency)
            _tell(case, EventType.CHARGE_DUE, one.row, actor, now, amount=amount)
    _release([row for row in sending.ahead(case) if row.secured and not _owed(row, kept)], case, actor, now)


def _release(rows: Sequence[Replacement], case: CaseFile, actor: Actor, now: datetime) -> None:
    for row in rows:
        _tell(case, EventType.SECURITY_RELEASED, row, actor, now)


def _owed(row: Replacement, kept: Sequence[Kept]) -> bool:
    return any(one.row is row and one.units for one in kept)


def _tell(
    case: CaseFile, fact: EventType, row: Replacement, actor: Actor, now: datetime, **more: object
) -> None:
    outbox.record(case, fact, actor=actor, now=now, **sending.named(case, row), **more)


def take(
    case: CaseFile, kind: str, amount: Minor, *, reference: str, gateway: str | None, now: datetime
) -> Tender:
    """Money that the storefront took from the customer for goods of this case: a payment like any other."""
    tender = _tender(case, amount, reference, gateway)
    case.session.add(tender)
    case.session.flush()
    ledger.enter(case, kind, amount, party="customer", now=now).tender_id = tender.id
    return tender


def _tender(case: CaseFile, amount: Minor, reference: str, gateway: str | None) -> Tender:
    known = orders.tenders(case.session, case.row.order_id)
    first = known[0] if known else None
    taken = {tender.payment_id for tender in known}
    return Tender(
        shop_id=case.row.shop_id,
        order_id=case.row.order_id,
        position=len(known),
        payment_id=reference if reference not in taken else f"{case.row.number}/{reference}",
        method=first.method if first else "card",
        gateway=gateway or (first.gateway if first else "storefront"),
        reference=reference,
        captured=amount,
        reported=True,
    )


def give_back(
    case: CaseFile, before: ledger.Standing, claimed: Minor, *, actor: Actor, now: datetime
) -> None:
    """What was paid by the customer and has nothing to stand for any more. `claimed` is what they still owe."""
    living = sum(row.paid for row in case.replacements if row.state != "cancelled")
    idle = {
        "collected": before.get(("collected", "customer"), 0) - living,
        "recovered": max(before.get(("recovered", "customer"), 0) - claimed, 0),
    }
    amount = sum(idle.values())
    if amount <= 0:
        return
    for kind, part in idle.items():
        if part:
            ledger.enter(case, kind, -part, party="customer", now=now)
    ledger.enter(case, "owed", amount, party="customer", now=now)
    rounds = {refund.purpose for refund in case.refunds if refund.purpose.startswith(GIVEN_BACK)}
    purpose = f"{GIVEN_BACK}{len(rounds) + 1}"
    paying.reserve(case, _to_where_it_came_from(case, amount), purpose=purpose, actor=actor, now=now)


def _to_where_it_came_from(case: CaseFile, amount: Minor) -> list[QuoteShare]:
    shares, paid_with = [], ledger.taken_on(case)
    for tender in reversed(orders.tenders(case.session, case.row.order_id)):
        if tender.id not in paid_with:
            continue
        part = min(tender.captured - tender.reserved - tender.refunded, amount)
        if part > 0:
            shares.append(QuoteShare(tender.payment_id, part))
            amount -= part
    return [*shares, QuoteShare(paying.UNFUNDED, amount)] if amount else shares
