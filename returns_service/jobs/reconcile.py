"""Our books against the gateways', nightly and on demand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from returns_service.domain.reconcile import Difference, compare
from returns_service.store.work import Work
from returns_service.usecases.gateways import gateway_of
from returns_service.usecases.keep_check import RECONCILED, keep_check
from returns_service.usecases.our_books import our_books
from returns_service.usecases.runtime import Runtime

log = structlog.get_logger(__name__)


@dataclass
class Looked:
    """What a look at the payments of one shop found."""

    at: int = 0
    found: list[dict[str, str | None]] = field(default_factory=list)


@dataclass
class Findings:
    checked: int = 0
    differences: list[tuple[str, Difference]] = field(default_factory=list)
    """With the gateway's name."""
    silent: list[str] = field(default_factory=list)
    """Payments whose gateway could not be asked."""
    by_shop: dict[UUID, Looked] = field(default_factory=dict)
    """The same for each shop, as its people read it."""


RECENT = timedelta(days=40)
"""How far back the nightly look goes; the command looks at everything."""


def reconcile(runtime: Runtime, *, since: datetime | None = None) -> Findings:
    """Ask every gateway that moves money about every payment that could have been refunded."""
    found = Findings()
    for name in (*runtime.gateways, *runtime.own_gateways):
        with runtime.db.read() as session:
            payments = our_books(session, name, since=since)
            shops = {payment.shop_id for payment in payments}
            gateways = {shop_id: gateway_of(runtime, session, shop_id, name) for shop_id in shops}
        for payment in payments:
            gateway = gateways[payment.shop_id]
            if gateway is not None and not gateway.moves_money:
                continue
            theirs = gateway.books(payment.reference, payment.currency) if gateway else None
            looked = found.by_shop.setdefault(payment.shop_id, Looked())
            if theirs is None:
                found.silent.append(payment.reference)
                looked.found.append({"gateway": name, "payment": payment.reference, "kind": "silent"})
                continue
            found.checked += 1
            looked.at += 1
            differences = compare(payment.reference, payment.attempts, theirs, now=runtime.now())
            found.differences += [(name, difference) for difference in differences]
            looked.found += [{"gateway": name, **difference.__dict__} for difference in differences]
    return found


def nightly(runtime: Runtime) -> None:
    """A chore: say in the log and on the operations page what a person must look at."""
    found = reconcile(runtime, since=runtime.now() - RECENT)
    with runtime.db.begin() as session:
        for shop_id, looked in found.by_shop.items():
            keep_check(session, shop_id, RECONCILED, looked.at, looked.found, now=runtime.now())
    for gateway, difference in found.differences:
        log.error("the books differ", gateway=gateway, **difference.__dict__)
    if found.silent:
        log.warning("payments could not be reconciled", payments=len(found.silent))


def look_at_books(runtime: Runtime, work: Work) -> None:  # noqa: ARG001 - all shops are looked at together
    """Somebody does not want to wait for the night."""
    nightly(runtime)
