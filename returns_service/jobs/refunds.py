"""Moving the money of one refund: written down first, asked outside any transaction, recorded after."""

from datetime import datetime, timedelta
from uuid import UUID

from returns_service.domain.actor import Actor
from returns_service.domain.ports import PaymentGateway, RefundResult
from returns_service.jobs.outcome import GiveUp, TryLater
from returns_service.store.tables import RefundAttempt
from returns_service.store.work import Work
from returns_service.usecases.prepare_attempt import Prepared, prepare_attempt
from returns_service.usecases.record_refund import give_up, record_refund
from returns_service.usecases.runtime import Runtime

MARGIN = timedelta(hours=1)
"""A key is not trusted in its last hour."""


def move_money(runtime: Runtime, work: Work) -> None:
    """The handler of topic "refund"; `work.key` is the refund's id."""
    refund_id = UUID(work.key)
    with runtime.db.begin() as session:
        prepared = prepare_attempt(
            session, refund_id, shop_id=work.shop_id, fence=work.fence, now=runtime.now()
        )
    if prepared is None:
        return
    gateway = runtime.gateways.get(prepared.gateway)
    result = _ask(gateway, prepared, runtime.now()) if gateway else None
    look_again = _record(runtime, prepared, result, work)
    if gateway is None:
        raise GiveUp(f"there is no gateway {prepared.gateway!r}")
    if look_again and gateway.moves_money:
        raise TryLater(result.reason or result.state if result else "", at=look_again)


def _ask(gateway: PaymentGateway, prepared: Prepared, now: datetime) -> RefundResult | None:
    """The outcome by the protocol: send once; later first ask, then repeat with the same key while it lives."""
    if prepared.fresh:
        return gateway.refund(prepared.intent)
    found = gateway.find(prepared.intent)
    if found is not None:
        return found
    alive = now - prepared.sent_at < gateway.key_life - MARGIN
    return gateway.refund(prepared.intent) if alive else None


def _record(
    runtime: Runtime, prepared: Prepared, result: RefundResult | None, work: Work
) -> datetime | None:
    with runtime.db.begin() as session:
        attempt = session.get_one(RefundAttempt, prepared.attempt_id)
        actor = Actor.of("gateway", work.shop_id, prepared.gateway)
        if result is None:
            give_up(session, attempt, actor=actor, now=runtime.now())
            return None
        return record_refund(session, attempt, result, actor=actor, now=runtime.now())
