"""Money instead of goods that cannot be had as wished."""

from collections.abc import Container
from datetime import datetime

from returns_service.domain.actor import Actor
from returns_service.store.cases import CaseFile
from returns_service.usecases.steps import sending, settlement

OPEN = ("failed", "awaiting_payment")
"""Goods that wait for the customer: out of stock, or the difference unpaid."""


def open_lines(case: CaseFile) -> set[str]:
    """The case lines whose goods wait for a choice."""
    return {part["line_id"] for row in case.replacements if row.state in OPEN for part in row.lines}


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
            case.session.add(line)
    settlement.pay_rest(case, settlement.final(case, now), actor=actor, now=now)
