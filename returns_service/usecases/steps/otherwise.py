"""A payment refused the money: what the policy gives instead, at once and by itself."""

from datetime import datetime

from returns_service.domain import tenders
from returns_service.domain.actor import Actor
from returns_service.domain.decision import QuoteShare
from returns_service.store import orders
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Refund
from returns_service.usecases.steps import paying, settlement


def give(case: CaseFile, refund: Refund, *, now: datetime) -> None:
    """Store credit, or other payments of the order with store credit for the rest; else a person sees to it."""
    way = settlement.final(case, now).declined if refund.tender_id else "release"
    if way == "release":
        return
    refund.reason = f"{paying.REPLACED}{way} {refund.reason}".strip()
    shares = list(_elsewhere(case, refund)) if way == "other_payment" else []
    rest = refund.amount - sum(share.amount for share in shares)
    shares += [QuoteShare(None, rest)] if rest else []
    actor = Actor.of("policy", case.row.shop_id, f"{case.policy.ref.name} v{case.policy.ref.version}")
    paying.reserve(case, shares, purpose=f"{refund.purpose}-{refund.payment_id}", actor=actor, now=now)


def _elsewhere(case: CaseFile, refund: Refund) -> tuple[QuoteShare, ...]:
    """Payments that have refused nothing in this case."""
    refused = {one.payment_id for one in case.refunds if one.state == "failed"}
    rows = orders.tenders(case.session, case.row.order_id)
    given = {row.payment_id: row.reserved + row.refunded for row in rows}
    willing = [payment for payment in case.order.payments if payment.id not in refused]
    return tenders.split(refund.amount, willing, given)[0]
