"""The statutory withdrawal: a statement over the whole order, without a reason, taken down to the second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.errors import Refusal
from returns_service.domain.policy.model import Declared
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.store import freeze, orders, outbox, policies
from returns_service.usecases.find_order import FoundOrder, find_order
from returns_service.usecases.open_case import open_case
from returns_service.usecases.preview import returnable


@dataclass(frozen=True)
class Statement:
    """Who withdraws from which contract, as typed."""

    number: str
    email: str
    name: str
    language: str


KINDS = ("withdrawal", "remorse")


def withdraw(session: Session, shop_id: UUID, said: Statement, *, now: datetime) -> str | None:
    """Open a return over everything that is left of the order; None when there is no such order, or nothing is left."""
    found = find_order(session, shop_id, said.number, said.email)
    if found is None:
        return None
    actor = Actor(
        shop_id, "customer", found.email, frozenset({"returns:read", "returns:write"}), language=said.language
    )
    wish = _everything(session, found, actor, said.language, now)
    if not wish.lines:
        return None
    try:
        # A statement is received whatever the policy thinks of it; what it brings is decided by a person then.
        return open_case(session, found.id, wish, actor=actor, now=now).row.number
    except Refusal:
        return _for_a_person(session, found, wish, actor, now)


def _for_a_person(
    session: Session, found: FoundOrder, wish: ReturnRequest, actor: Actor, now: datetime
) -> str | None:
    try:
        return open_case(session, found.id, wish, actor=actor, now=now, request_review=True).row.number
    except Refusal:
        return None


def _everything(
    session: Session, found: FoundOrder, actor: Actor, language: str, now: datetime
) -> ReturnRequest:
    row = orders.load(session, actor.shop_id, found.id)
    policy, order = policies.compiled(session, row.policy_version_id), freeze.thaw_order(row.frozen)
    codes = {line.id: _code(rules.fitting(policy, order, line, now)) for line in order.lines}
    lines: list[RequestLine] = []
    for code in filter(None, dict.fromkeys(codes.values())):
        decision = returnable(session, found.id, code, actor=actor, now=now, language=language)
        lines += [
            RequestLine(x.order_line_id, x.returnable_quantity, code)
            for x in decision.lines
            if x.returnable_quantity and codes[x.order_line_id] == code
        ]
    return ReturnRequest(lines=tuple(lines), language=language)


def _code(reasons: Sequence[Declared]) -> str | None:
    """The reason that comes nearest to a withdrawal."""
    ordered = sorted(reasons, key=lambda one: KINDS.index(one.kind) if one.kind in KINDS else len(KINDS))
    return next((reason.id for reason in ordered), None)


def acknowledge(session: Session, shop_id: UUID, said: Statement, *, now: datetime) -> None:
    """A statement that fits no order is received too: its sender and the shop are told."""
    outbox.add(
        session,
        "withdrawal",
        said.email,
        shop_id=shop_id,
        now=now,
        order=said.number,
        name=said.name,
        locale=said.language,
        at=now.isoformat(),
    )
