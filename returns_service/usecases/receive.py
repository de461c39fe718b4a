"""A parcel arrived: count its units."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Invalid
from returns_service.domain.events import EventType
from returns_service.store import cases, outbox
from returns_service.store.appending import append
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Receipt, UnexpectedParcel
from returns_service.usecases.steps import moving, sending, settlement

Extra = Mapping[str, Any]


def receive(
    session: Session,
    case_id: UUID,
    *,
    expected: int | None,
    actor: Actor,
    now: datetime,
    lines: Sequence[tuple[str, int]],
    location: str | None = None,
    unexpected: Sequence[Extra] = (),
) -> CaseFile:
    """Count units in; more than announced is recorded as unexpected, never invented. Raises StaleVersion, NotFound, Invalid."""
    case = cases.load(session, case_id, actor, expected=expected)
    if not lines and not unexpected:
        raise Invalid("empty", "Say which units arrived.", pointer="/lines")
    reopened = case.state in lifecycle.OVER
    if reopened and not lifecycle.can(case.situation(), "receive"):
        return _record_apart(case, lines, unexpected, location, actor, now)
    counted, extra = _count(case, lines)
    extra += [dict(e) for e in unexpected]
    moving.move(case, "receive", EventType.RECEIVED, actor=actor, now=now, lines=counted, location=location)
    if reopened:
        cases.hold_again(session, case)
    _write(case, counted, extra, location, actor, now)
    sending.come_back(case, extra, now=now)
    settlement.by_policy(case, now=now, moment="receipt")
    return case


def _count(
    case: CaseFile, lines: Sequence[tuple[str, int]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Units that were announced, and those beyond."""
    counted: list[dict[str, Any]] = []
    extra: list[dict[str, Any]] = []
    for line_id, quantity in lines:
        line = case.line(line_id)
        fits = min(quantity, line.quantity - line.received_quantity) if line.accepted else 0
        if fits:
            line.received_quantity += fits
            counted.append({"line_id": str(line.id), "quantity": fits})
        if quantity > fits:
            extra.append({"sku": line.sku, "quantity": quantity - fits, "note": "more than announced"})
    return counted, extra


def _write(
    case: CaseFile,
    counted: list[dict[str, Any]],
    extra: list[dict[str, Any]],
    location: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    append(
        case.session,
        Receipt(
            case_id=case.id, location=location, lines=counted, unexpected=extra, actor=actor.body(), at=now
        ),
    )
    if extra:
        outbox.record(case, EventType.UNEXPECTED, actor=actor, now=now, units=extra, location=location)


def _record_apart(
    case: CaseFile,
    lines: Sequence[tuple[str, int]],
    unexpected: Sequence[Extra],
    location: str | None,
    actor: Actor,
    now: datetime,
) -> CaseFile:
    """The units belong to another case by now: the parcel is kept apart for a person."""
    units = [{"sku": case.line(line_id).sku, "quantity": quantity} for line_id, quantity in lines]
    units += [dict(extra) for extra in unexpected]
    case.session.add(
        UnexpectedParcel(
            shop_id=case.row.shop_id,
            case_id=case.id,
            location=location,
            lines=units,
            actor=actor.body(),
            at=now,
        )
    )
    outbox.record(case, EventType.UNEXPECTED, actor=actor, now=now, units=units, location=location)
    return case
