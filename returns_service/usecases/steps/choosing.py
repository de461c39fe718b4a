"""Money instead of goods that cannot be had as wished."""

from collections.abc import Container
from datetime import datetime

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import REPLACEMENT
from returns_service.store import outbox
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import moving, sending, settlement

OPEN = ("failed", "awaiting_payment")
"""Goods that wait for the customer: out of stock, or the difference unpaid."""


def open_lines(case: CaseFile) -> set[str]:
    """The case lines whose goods wait for a choice."""
    return {part["line_id"] for row in case.replacements if row.state in OPEN for part in row.lines}


def wait(case: CaseFile, line_id: str, *, actor: Actor, now: datetime) -> None:
    """The customer waits for goods that are out of stock: the storefront sends them when it can."""
    for row in case.replacements:
        if row.state == "failed" and any(part["line_id"] == line_id for part in row.lines):
            lifecycle.step(REPLACEMENT, row, "retry")
            row.updated_at = now
            case.session.add(row)
            said = sending.named(case, row)
            outbox.record(case, EventType.REPLACEMENT_REQUESTED, actor=actor, now=now, **said)
            moving.watch(case, now)


def take_money(
    case: CaseFile, lines: Container[str], resolution: str, *, actor: Actor, now: datetime
) -> None:
    """Call the goods of these lines off and owe the money instead."""
    for row in case.replacements:
        if row.state in OPEN and any(part["line_id"] in lines for part in row.lines):
            sending.cancel(case, row, actor=actor, now=now)
    for line in case.lines:
        if str(line.id) in lines:
            line.resolution = resolution
    settlement.pay_rest(case, settlement.final(case, now), actor=actor, now=now)
