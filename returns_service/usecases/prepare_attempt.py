"""Write down what is about to be asked of a gateway, before it is asked."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.ports import RefundIntent
from returns_service.store import refunds
from returns_service.store.appending import append
from returns_service.store.cases import CaseFile
from returns_service.store.json import dumps
from returns_service.store.tables import Refund, RefundAttempt
from returns_service.usecases.steps import crediting, refunding


@dataclass(frozen=True)
class Prepared:
    """One attempt. `fresh`: nobody can have sent it before, so it may be sent without asking first."""

    refund_id: UUID
    attempt_id: UUID
    gateway: str
    intent: RefundIntent
    fresh: bool
    sent_at: datetime


def prepare_attempt(
    session: Session, refund_id: UUID, *, shop_id: UUID, fence: int, now: datetime
) -> Prepared | None:
    """The attempt to make or to clear up; None when nothing is left to do. Store credit is issued here. Raises NotFound."""
    actor = Actor.of("system", shop_id)
    case, refund = refunding.load(session, refund_id, actor)
    if refund.state == "pending" and refund.gateway == "store_credit":
        crediting.issue(case, refund, actor=actor, now=now)
    if refund.state not in ("pending", "unknown") or refund.tender_id is None:
        return None
    tries = refunds.attempts(session, refund.id)
    open_try = tries[-1] if tries and tries[-1].state != "declined" else None
    attempt = open_try or _begin(case, refund, len(tries) + 1, fence, now)
    return Prepared(
        refund_id=refund.id,
        attempt_id=attempt.id,
        gateway=attempt.gateway,
        intent=RefundIntent(**attempt.request),
        fresh=open_try is None,
        sent_at=attempt.sent_at,
    )


def _begin(case: CaseFile, refund: Refund, n: int, fence: int, now: datetime) -> RefundAttempt:
    intent = asdict(_intent(case, refund, n))
    attempt = RefundAttempt(
        refund_id=refund.id,
        n=n,
        gateway=refund.gateway,
        idempotency_key=intent["key"],
        request=intent,
        digest=hashlib.sha256(dumps(intent).encode()).hexdigest(),
        state="sent",
        fence=fence,
        sent_at=now,
    )
    append(case.session, attempt)
    return attempt


def _intent(case: CaseFile, refund: Refund, n: int) -> RefundIntent:
    assert refund.tender_id is not None  # noqa: S101  the caller looked
    tender, shop = refunds.tender_with_shop(case.session, refund.tender_id)
    metadata: dict[str, Any] = {"shop": shop, "case": case.row.number, "refund": f"rf_{refund.id}_{n}"}
    return RefundIntent(
        key=f"rf_{refund.id}_{n}",
        payment=refunds.reference_of(tender, shop, case.order_row.external_id),
        amount=refund.amount,
        currency=refund.currency,
        captured=tender.captured,
        metadata=metadata,
    )
