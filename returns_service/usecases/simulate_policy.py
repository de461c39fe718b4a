"""Try a policy on the shop's own past: which verdicts and how much money it would have changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from returns_service.domain.decision import Decision
from returns_service.domain.errors import InvalidMany
from returns_service.domain.order import Order
from returns_service.domain.policy import Policy, decide
from returns_service.domain.policy.compare import Change, changes
from returns_service.domain.request import History, ReturnRequest
from returns_service.store import freeze, policies
from returns_service.store.tables import OrderRow, ReturnCase

_AT_ONCE = 500
_SHOWN = 5
Told = Callable[[int, int], None]


@dataclass
class Effect:
    """Cases that would have ended differently in the same way; money in minor units of the currency."""

    kind: str
    currency: str
    count: int = 0
    difference: int = 0
    numbers: list[str] = field(default_factory=list)
    """The first few cases, by their number."""


@dataclass
class Simulation:
    """What would have been different."""

    cases: int = 0
    changed: int = 0
    effects: dict[tuple[str, str], Effect] = field(default_factory=dict)


def simulate_policy(
    session: Session, shop_id: UUID, candidate: Policy, *, since: datetime, told: Told | None = None
) -> Simulation:
    """Decide every case since an instant anew, by the version it fell under and by the candidate.

    Both see the same facts: the order as it stands and no other case, so that only the policy makes a difference.
    """
    count = session.exec(select(func.count()).select_from(ReturnCase).where(*_mine(shop_id, since))).one()
    found = Simulation()
    for case, order_row in _cases(session, shop_id, since):
        found.cases += 1
        before, after = _both(session, case, order_row, candidate)
        differences = list(changes(before, after))
        found.changed += bool(differences)
        for change in differences:
            _note(found, change, case)
        if told is not None and found.cases % 50 == 0:
            told(found.cases, count)
    if told is not None:
        told(found.cases, count)
    return found


def _mine(shop_id: UUID, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(ReturnCase.shop_id) == shop_id, col(ReturnCase.requested_at) >= since)


def _cases(session: Session, shop_id: UUID, since: datetime) -> Iterator[tuple[ReturnCase, OrderRow]]:
    query = (
        select(ReturnCase, OrderRow)
        .join(OrderRow, col(OrderRow.id) == ReturnCase.order_id)
        .where(*_mine(shop_id, since))
        .order_by(col(ReturnCase.created_at), col(ReturnCase.id))
        .execution_options(yield_per=_AT_ONCE)
    )
    for case, order_row in session.exec(query):
        yield case, order_row
        session.expunge(case)


def _both(
    session: Session, case: ReturnCase, order_row: OrderRow, candidate: Policy
) -> tuple[Decision | None, Decision | None]:
    order, request = freeze.thaw_order(order_row.frozen), freeze.thaw_request(case.request)
    then = policies.compiled(session, case.policy_version_id)
    return _decided(then, order, request, case.requested_at), _decided(
        candidate, order, request, case.requested_at
    )


def _decided(policy: Policy, order: Order, request: ReturnRequest, at: datetime) -> Decision | None:
    """None when the policy does not know a word of the request."""
    try:
        return decide(policy, order, request, History(), at, trace=False)
    except InvalidMany:
        return None


def _note(found: Simulation, change: Change, case: ReturnCase) -> None:
    moves_money = change.kind in ("money", "granted", "refused")
    key = (change.kind, case.currency if moves_money else "")
    effect = found.effects.setdefault(key, Effect(change.kind, case.currency))
    effect.count += 1
    effect.difference += change.difference if moves_money else 0
    if len(effect.numbers) < _SHOWN:
        effect.numbers.append(case.number)
