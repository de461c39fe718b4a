"""What would be decided and paid, without any effect."""

from datetime import datetime

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.decision import Decision
from returns_service.domain.languages import negotiate
from returns_service.domain.request import ReturnRequest
from returns_service.store import freeze, orders, policies


def preview(
    session: Session, order_id: str, request: ReturnRequest, *, actor: Actor, now: datetime
) -> Decision:
    """Decision and quote of a request. Raises NotFound, Invalid."""
    row = orders.load(session, actor.shop_id, order_id)
    policy = policies.compiled(session, row.policy_version_id)
    history = orders.history(session, row, since=rules.lookback_from(policy, now))
    language = negotiate(request.language or actor.language, policy.languages)
    return rules.decide(
        policy, freeze.thaw_order(row.frozen), request.merged(), history, now, language=language
    )


def returnable(
    session: Session, order_id: str, reason: str, *, actor: Actor, now: datetime, language: str = "en"
) -> Decision:
    """For every line of the order what may be returned, until when and how. Raises NotFound, Invalid."""
    row = orders.load(session, actor.shop_id, order_id)
    policy = policies.compiled(session, row.policy_version_id)
    history = orders.history(session, row, since=rules.lookback_from(policy, now))
    read_in = negotiate(language, policy.languages)
    return rules.returnable(policy, freeze.thaw_order(row.frozen), reason, history, now, language=read_in)
