"""Moving the money of one refund: written down first, asked outside any transaction, recorded after."""

from datetime import datetime, timedelta
from uuid import UUID

from returns_service.domain import doubts
from returns_service.domain.actor import Actor
from returns_service.domain.ports import PaymentGateway, RefundResult
from returns_service.jobs.outcome import TryLater
from returns_service.store.work import Work
from returns_service.usecases.await_storefront import await_storefront
from returns_service.usecases.gateways import gateway_of
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
        gateway = gateway_of(runtime, session, work.shop_id, prepared.gateway) if prepared else None
    if prepared is None:
        return
    if gateway is None:
        _hand_over(runtime, prepared, work, doubts.NO_GATEWAY.format(name=prepared.gateway))
        return
    result = _ask(gateway, prepared, runtime.now())
    if result is None:
        _hand_over(runtime, prepared, work, doubts.FORGOTTEN)
        return
    with runtime.db.begin() as session:
        ids, actor = (prepared.refund_id, prepared.attempt_id), _actor(prepared, work)
        record = record_refund if gateway.moves_money else await_storefront
        look_again = record(session, *ids, result, actor=actor, now=runtime.now())
    if look_again:
        raise TryLater(result.reason or result.state, at=look_again)


def _ask(gateway: PaymentGateway, prepared: Prepared, now: datetime) -> RefundResult | None:
    """The outcome by the protocol: send once; later first ask, then repeat with the same key while it lives."""
    if prepared.fresh:
        return gateway.refund(prepared.intent)
    found = gateway.find(prepared.intent)
    if found is not None:
        return found
    alive = now - prepared.sent_at < gateway.key_life - MARGIN
    return gateway.refund(prepared.intent) if alive else None


def _hand_over(runtime: Runtime, prepared: Prepared, work: Work, reason: str) -> None:
    with runtime.db.begin() as session:
        ids, actor = (prepared.refund_id, prepared.attempt_id), _actor(prepared, work)
        give_up(session, *ids, reason, actor=actor, now=runtime.now())


def _actor(prepared: Prepared, work: Work) -> Actor:
    return Actor.of("gateway", work.shop_id, prepared.gateway)
