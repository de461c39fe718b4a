"""The storefront reports what it did about goods that go out."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle, money
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import REPLACEMENT
from returns_service.store import cases, outbox, replacements
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine, Replacement
from returns_service.usecases.steps import claims, finishing, sending


def ship_replacement(
    session: Session,
    replacement_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    carrier: str | None = None,
    tracking_number: str | None = None,
    order_id: str | None = None,
) -> CaseFile:
    """The goods went out; said twice, it counts once. Raises NotFound, IllegalMove."""
    case, row = load(session, replacement_id, actor)
    if row.state == "shipped":
        return case
    lifecycle.step(REPLACEMENT, row, "ship")
    row.carrier, row.tracking_number, row.new_order_id, row.updated_at = (
        carrier,
        tracking_number,
        order_id,
        now,
    )
    outbox.record(
        case,
        EventType.REPLACEMENT_SHIPPED,
        actor=actor,
        now=now,
        carrier=carrier,
        tracking_number=tracking_number,
        **sending.named(case, row),
    )
    if row.kind == "repair":
        cases.release(session, case, slots=_repaired(case, row))
    finishing.finish(case, actor=actor, now=now)
    return case


def _repaired(case: CaseFile, row: Replacement) -> dict[UUID, set[int]]:
    """The units that are with the customer again, as good as before: they may fail once more."""
    wanted = {part["line_id"] for part in row.lines}
    return {line.id: set(_slots(line, "repair")) for line in case.accepted if str(line.id) in wanted}


def _slots(line: CaseLine, resolution: str) -> list[int]:
    """The slots of a line that ended in this way; its outcomes follow its slots."""
    found: list[int] = []
    start = 0
    for part in line.outcome or []:
        end = start + part["quantity"]
        found += line.slots[start:end] if part["resolution"] == resolution else []
        start = end
    return found


def fail_replacement(
    session: Session, replacement_id: UUID, *, actor: Actor, now: datetime, reason: str
) -> CaseFile:
    """The goods cannot go out; the customer chooses what else. Raises NotFound, IllegalMove."""
    case, row = load(session, replacement_id, actor)
    if row.state == "failed" or (row.state == "cancelled" and row.reason):
        return case
    lifecycle.step(REPLACEMENT, row, "fail")
    row.reason, row.updated_at = reason, now
    outbox.record(
        case, EventType.REPLACEMENT_FAILED, actor=actor, now=now, reason=reason, **sending.named(case, row)
    )
    if case.state != "settling":  # in advance: it is tried again when the return is in
        sending.cancel(case, row, actor=actor, now=now)
        claims.secure(case, now=now)
        return case
    outbox.record(
        case, EventType.CHOICE_NEEDED, actor=actor, now=now, reason=reason, **sending.named(case, row)
    )
    finishing.finish(case, actor=actor, now=now)
    return case


def pay_replacement(
    session: Session,
    replacement_id: UUID,
    *,
    actor: Actor,
    now: datetime,
    amount: str,
    reference: str,
    gateway: str | None = None,
) -> CaseFile:
    """The difference for dearer goods was paid. Raises NotFound, IllegalMove, Invalid (another amount)."""
    case, row = load(session, replacement_id, actor)
    if row.payment_reference == reference:
        return case
    if not row.due:
        raise Conflict("nothing_due", "No difference is to be paid for these goods.")
    paid = money.parse(amount, case.row.currency)
    if paid != row.due:
        due = money.text(row.due, case.row.currency)
        raise Invalid(
            "amount", f"The difference is {due} {case.row.currency}, to be paid at once.", pointer="/amount"
        )
    lifecycle.step(REPLACEMENT, row, "pay")
    row.paid, row.payment_reference, row.updated_at = paid, reference, now
    claims.take(case, "collected", paid, reference=reference, gateway=gateway, now=now)
    said = {"amount": amount, "reference": reference, **sending.named(case, row)}
    outbox.record(case, EventType.REPLACEMENT_PAID, actor=actor, now=now, **said)
    outbox.record(case, EventType.REPLACEMENT_REQUESTED, actor=actor, now=now, **sending.named(case, row))
    finishing.finish(case, actor=actor, now=now)
    return case


def load(session: Session, replacement_id: UUID, actor: Actor) -> tuple[CaseFile, Replacement]:
    """Goods that go out with their case, under lock. Raises NotFound."""
    case = cases.load(session, replacements.case_of(session, replacement_id, actor.shop_id), actor)
    row = next(row for row in case.replacements if row.id == replacement_id)
    session.add(row)
    return case, row
