"""Our books against the gateways', daily and on demand: shop by shop, a slice at a time, so that no other work waits."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from returns_service.domain.ports import PaymentGateway
from returns_service.domain.reconcile import Difference, compare
from returns_service.jobs.outcome import TryLater
from returns_service.store.work import Work
from returns_service.usecases import find_shop
from returns_service.usecases.gateways import gateway_of
from returns_service.usecases.keep_check import RECONCILED, ask_for_checks, keep_check
from returns_service.usecases.our_books import OurPayment, Wanted, is_ours, our_books
from returns_service.usecases.runtime import Runtime

log = structlog.get_logger(__name__)

RECENT = timedelta(days=40)
"""How far back the daily look goes; the command looks at everything."""
SECONDS = 10.0
"""After so long other work gets its turn."""
SILENCE = timedelta(minutes=1)
"""A gateway that cannot be asked is left alone for so long."""


@dataclass
class Findings:
    checked: int = 0
    differences: list[tuple[str, Difference]] = field(default_factory=list)
    """With the gateway's name."""
    silent: list[str] = field(default_factory=list)
    """Payments whose gateway could not be asked."""


@dataclass(frozen=True)
class Seen:
    """A payment, and what differs about it; None: its gateway could not be asked."""

    gateway: str
    payment: OurPayment
    differences: Sequence[Difference] | None

    def body(self) -> list[dict[str, str | None]]:
        """As people read it."""
        if self.differences is None:
            return [{"gateway": self.gateway, "payment": self.payment.reference, "kind": "silent"}]
        return [{"gateway": self.gateway, **difference.__dict__} for difference in self.differences]


def reconcile(runtime: Runtime) -> Findings:
    """Ask every gateway that moves money about every payment that could have been refunded."""
    found = Findings()
    with runtime.db.read() as session:
        shops = find_shop.everyone(session)
    for seen in (one for shop in shops for one in _look(runtime, shop.id, since=None)):
        if seen.differences is None:
            found.silent.append(seen.payment.reference)
            continue
        found.checked += 1
        found.differences += [(seen.gateway, difference) for difference in seen.differences]
    return found


def nightly(runtime: Runtime) -> None:
    """A chore: leave the work for shops whose books nobody has compared for a day."""
    with runtime.db.begin() as session:
        ask_for_checks(session, now=runtime.now())


def look_at_books(runtime: Runtime, work: Work) -> None:
    """The handler of topic "reconcile": say in the log and on the operations page what a person must look at."""
    since = (runtime.now() - RECENT).isoformat()
    first: dict[str, Any] = {"since": since, "gateway": "", "after": None, "looked": 0, "found": []}
    said, until = {**first, **work.payload}, time.monotonic() + SECONDS
    place = (said["gateway"], said["after"])
    for seen in _look(runtime, work.shop_id, since=datetime.fromisoformat(said["since"]), start=place):
        asked = seen.differences is not None
        said |= {"gateway": seen.gateway, "after": str(seen.payment.id), "looked": said["looked"] + asked}
        said["found"] += seen.body()
        if time.monotonic() >= until:
            at = runtime.now() + (timedelta(0) if asked else SILENCE)
            raise TryLater("more payments are to be compared", at=at, payload=said)
    if said["found"]:
        log.error("the books differ", shop=str(work.shop_id), found=said["found"])
    if said["looked"] or said["found"]:
        with runtime.db.begin() as session:
            keep_check(session, work.shop_id, RECONCILED, said["looked"], said["found"], now=runtime.now())


def _look(
    runtime: Runtime, shop_id: UUID, *, since: datetime | None, start: tuple[str, str | None] = ("", None)
) -> Iterator[Seen]:
    """The payments of a shop behind a place, in an order that stays."""
    for name in sorted(name for name in {*runtime.gateways, *runtime.own_gateways} if name >= start[0]):
        with runtime.db.read() as session:
            gateway = gateway_of(runtime, session, shop_id, name)
        if gateway is not None and not gateway.moves_money:
            continue
        after = UUID(start[1]) if name == start[0] and start[1] else None
        while payments := _page(runtime, Wanted(shop_id, name, since, after)):
            yield from (Seen(name, one, _compared(runtime, gateway, name, one)) for one in payments)
            after = payments[-1].id


def _page(runtime: Runtime, wanted: Wanted) -> list[OurPayment]:
    with runtime.db.read() as session:
        return our_books(session, wanted)


def _compared(
    runtime: Runtime, gateway: PaymentGateway | None, name: str, payment: OurPayment
) -> list[Difference] | None:
    """What differs, but for refunds that other orders with the same payment know of."""
    theirs = gateway.books(payment.reference, payment.currency) if gateway else None
    if theirs is None:
        return None
    found = compare(payment.reference, payment.attempts, theirs, now=runtime.now())
    with runtime.db.read() as session:
        return [
            one for one in found if one.kind != "missing_here" or not is_ours(session, name, one, payment)
        ]
