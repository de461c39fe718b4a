"""A carrier says what became of a parcel: taken once, in whatever order, and never moving a case backwards."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import lifecycle
from returns_service.domain.actor import Actor
from returns_service.domain.events import EventType
from returns_service.domain.lifecycle import ENDED, FINAL
from returns_service.domain.ports import CarrierEvent
from returns_service.domain.request import Evidence
from returns_service.store import cases, parcels, refunds, shops
from returns_service.store.cases import CaseFile
from returns_service.store.tables import GatewayEvent
from returns_service.usecases.lose import lose
from returns_service.usecases.steps import moving, settlement
from returns_service.usecases.steps.attributing import keep_evidence
from returns_service.usecases.steps.scanning import keep_scan

SCANS = ("picked_up", "in_transit", "out_for_delivery", "delivered", "returned_to_sender")
"""Events that prove that the carrier has the parcel."""

_WORDS = {"damaged": "PACKAGE_DAMAGED"}
"""How fault rules name an event, where it is not its type in capitals."""


def take_tracking_event(
    session: Session, shop_id: UUID, provider: str, event: CarrierEvent, *, now: datetime
) -> bool:
    """Apply an event; False when it was taken before. One about no parcel of ours, or too late, is only kept."""
    inbox = f"carrier:{provider}"
    inbound = GatewayEvent(
        shop_id=shop_id, provider=inbox, event_id=event.id, payload=_kept(event), received_at=now
    )
    if not refunds.take_in(session, inbound):
        return False
    actor = Actor.of("carrier", shop_id, event.carrier or provider)
    found = [cases.load(session, case_id, actor) for case_id in parcels.cases_of(session, shop_id, event)]
    living = [case for case in found if case.state not in FINAL | ENDED]
    for case in living:
        _apply(case, event, actor, now)
    kept = _kept_with_order(session, shop_id, event)
    note = "applied" if living or kept else "too late" if found else "no parcel of ours"
    refunds.note_event(session, shop_id, inbox, event.id, note, now)
    return True


def signing_secret(session: Session, shop_id: UUID) -> str:
    """With what this shop's carriers sign; empty when it did not say."""
    return str(shops.load(session, shop_id).settings.get("carrier_secret") or "")


def _apply(case: CaseFile, event: CarrierEvent, actor: Actor, now: datetime) -> None:
    keep_evidence(case, "carrier_scan", _scan(event), event.at, actor=actor, now=now)
    if event.leg != "return":
        return
    if event.type in SCANS:
        _scanned(case, event, actor, now)
    elif event.type == "lost" and lifecycle.can(case.situation(), "lost"):
        case.session.flush()
        lose(case.session, case.id, expected=None, actor=actor, now=now, reason=event.detail)


def _kept_with_order(session: Session, shop_id: UUID, event: CarrierEvent) -> bool:
    """A scan on the way out, for decisions on requests that are still to come."""
    if event.leg != "outbound" or event.order_id is None:
        return False
    scan = Evidence("carrier_scan", _scan(event), event.at)
    return keep_scan(session, shop_id, event.order_id, event.tracking_number, scan)


def _scan(event: CarrierEvent) -> dict[str, str]:
    return {"event": _WORDS.get(event.type, event.type.upper()), "leg": event.leg}


def _scanned(case: CaseFile, event: CarrierEvent, actor: Actor, now: datetime) -> None:
    first = case.row.scanned_at is None
    if first or (case.row.scanned_at and event.at < case.row.scanned_at):
        case.row.scanned_at = event.at
    if lifecycle.can(case.situation(), "ship"):
        parcel = {"carrier": event.carrier, "tracking_number": event.tracking_number}
        moving.move(case, "ship", EventType.SHIPPED, actor=actor, now=now, **parcel)
        case.row.shipments = [*case.row.shipments, {**parcel, "at": now.isoformat()}]
        case.row.tracking = event.tracking_number
    if first and case.state == "shipped_back":
        case.session.flush()
        settlement.by_policy(case, now=now, moment="first_scan")


def _kept(event: CarrierEvent) -> dict[str, str | None]:
    return {
        "tracking_number": event.tracking_number,
        "type": event.type,
        "at": event.at.isoformat(),
        "leg": event.leg,
        "carrier": event.carrier,
        "detail": event.detail,
        "order_id": event.order_id,
    }
