"""Money came in that the merchant had asked back, or a person lets a claim go."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, Invalid
from returns_service.domain.events import EventType
from returns_service.domain.ledger import MET
from returns_service.store import cases, ledger, outbox, recoveries
from returns_service.store.cases import CaseFile


def meet_claim(
    session: Session,
    case_id: UUID,
    *,
    party: str,
    outcome: str,
    amount: str,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> CaseFile:
    """`recovered` or `forgone`, in whole or in part. Raises NotFound, Invalid, Conflict (more than is open)."""
    case = cases.load(session, case_id, actor)
    if outcome not in MET:
        raise Invalid("outcome", f"The outcome is one of {', '.join(MET)}.", pointer="/outcome")
    met = money.parse(amount, case.row.currency)
    if met <= 0:
        raise Invalid("amount", "Say how much, above zero.", pointer="/amount")
    claim = next(
        (c for c in recoveries.of_cases(session, [case.id]).get(case.id, ()) if c.party == party), None
    )
    if claim is None or met > claim.open:
        left = money.text(claim.open if claim else 0, case.row.currency)
        raise Conflict("above_claim", f"Of this party {left} {case.row.currency} may be asked back still.")
    entry = ledger.enter(case, outcome, met, party=party, now=now)
    entry.data = {"note": note, "by": actor.name}
    said = {"party": party, "outcome": outcome, "amount": amount, "currency": case.row.currency, "note": note}
    outbox.record(case, EventType.RECOVERED, actor=actor, now=now, **said)
    return case
