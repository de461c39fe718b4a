"""Goods that go out: with the settlement, or in advance with something that stands for them until the return is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from returns_service.domain import lifecycle, money
from returns_service.domain.actor import Actor
from returns_service.domain.decision import GoodsOut
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import REPLACEMENT
from returns_service.domain.money import Minor
from returns_service.store import outbox
from returns_service.store.cases import CaseFile
from returns_service.store.tables import CaseLine, Replacement

IN_ADVANCE = "advance"
WAITS = ("awaiting_payment", "requested", "failed")


def send(case: CaseFile, goods: Sequence[GoodsOut], purpose: str, *, actor: Actor, now: datetime) -> None:
    """Order goods to go out, each kind of each line once; dearer goods wait for the difference."""
    for out in goods:
        quantity = out.quantity - _under_way(case, out)
        if quantity > 0:
            row = _row(case, out, quantity, purpose, now, waits=bool(out.due))
            row.due = out.due
            fact = EventType.CHOICE_NEEDED if out.due else EventType.REPLACEMENT_REQUESTED
            _order(case, row, fact, actor, now)


def send_ahead(case: CaseFile, goods: Sequence[GoodsOut], *, actor: Actor, now: datetime) -> None:
    """Goods before the return is in. What has a difference to be paid first goes out with the settlement."""
    for out in goods:
        if out.kind not in ("replacement", "exchange") or out.due:
            continue
        held = case.row.security == "hold"
        row = _row(case, out, out.quantity, IN_ADVANCE, now, waits=held)
        row.security = case.row.security
        row.secured = _worth(case, case.line(out.line_id), out.quantity) if row.security != "nothing" else 0
        _order(case, row, EventType.SECURITY_NEEDED if held else EventType.REPLACEMENT_REQUESTED, actor, now)


@dataclass(frozen=True)
class Kept:
    """Goods that went out in advance and that nothing stands against: the customer owes what the originals are worth."""

    row: Replacement
    units: int
    overdue: int
    """Of those units, how many originals simply did not come back."""
    worth: Minor


def call_off(case: CaseFile, goods: Sequence[GoodsOut], *, actor: Actor, now: datetime) -> list[Kept]:
    """Stop what went out in advance and is not owed; answers what is out already and must be answered for."""
    owed = {(out.kind, out.line_id, out.sku): out.quantity for out in goods}
    found = []
    for row in ahead(case):
        part = row.lines[0]
        needed = owed.get((row.kind, part["line_id"], part["sku"]), 0)
        if row.state in WAITS and not needed:
            cancel(case, row, actor=actor, now=now)
        elif row.state == "awaiting_payment":  # the originals are in: nothing needs to be held any more
            lifecycle.step(REPLACEMENT, row, "secure")
            outbox.record(case, EventType.REPLACEMENT_REQUESTED, actor=actor, now=now, **named(case, row))
        elif row.state == "shipped":
            units = max(part["quantity"] - row.returned - needed, 0)
            line = case.line(part["line_id"])
            overdue = min(units, line.quantity - line.received_quantity)
            found.append(Kept(row, units, overdue, _worth(case, line, units)))
    return found


def cancel(case: CaseFile, row: Replacement, *, actor: Actor, now: datetime) -> None:
    """The goods need not go out any more, and the storefront hears it."""
    lifecycle.step(REPLACEMENT, row, "cancel")
    row.updated_at = now
    case.session.add(row)
    outbox.record(case, EventType.REPLACEMENT_CANCELLED, actor=actor, now=now, **named(case, row))


def come_back(case: CaseFile, units: Sequence[dict[str, object]], *, now: datetime) -> None:
    """Units of what was sent in exchange turned up instead of the originals: the customer changed their mind."""
    for unit in units:
        left = int(str(unit["quantity"]))
        for row in ahead(case):
            part = row.lines[0]
            if row.state != "shipped" or part["sku"] != unit["sku"] or row.kind != "exchange":
                continue
            back = min(left, part["quantity"] - row.returned)
            row.returned, row.updated_at, left = row.returned + back, now, left - back
            case.session.add(row)


def ahead(case: CaseFile) -> list[Replacement]:
    return [row for row in case.replacements if row.purpose == IN_ADVANCE]


def named(case: CaseFile, row: Replacement) -> dict[str, object]:
    """What an event says about goods that go out."""
    return {
        "replacement_id": str(row.id),
        "kind": row.kind,
        "lines": row.lines,
        "due": money.text(row.due, case.row.currency),
        "secured": money.text(row.secured, case.row.currency),
        "security": row.security or None,
        "security_reference": row.security_reference,
    }


def _under_way(case: CaseFile, out: GoodsOut) -> int:
    wanted = (out.kind, out.line_id, out.sku)
    return sum(
        part["quantity"] - row.returned
        for row in case.replacements
        if row.state != "cancelled"
        for part in row.lines
        if (row.kind, part["line_id"], part["sku"]) == wanted
    )


def _row(
    case: CaseFile, out: GoodsOut, quantity: int, purpose: str, now: datetime, *, waits: bool
) -> Replacement:
    return Replacement(
        shop_id=case.row.shop_id,
        case_id=case.id,
        kind=out.kind,
        purpose=purpose,
        lines=[{"line_id": out.line_id, "sku": out.sku, "quantity": quantity}],
        state="awaiting_payment" if waits else "requested",
        created_at=now,
        updated_at=now,
    )


def _order(case: CaseFile, row: Replacement, fact: EventType, actor: Actor, now: datetime) -> None:
    case.session.add(row)
    case.replacements.append(row)
    case.row.has_goods = True
    outbox.record(case, fact, actor=actor, now=now, **named(case, row))


def _worth(case: CaseFile, line: CaseLine, units: int) -> Minor:
    """What so many units of a line were bought for; those that come last are the last to come back."""
    slots = line.slots[len(line.slots) - units :] if units else []
    return sum(case.order.worth(line.order_line_id, slot) for slot in slots)
