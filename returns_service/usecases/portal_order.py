"""An order as its customer sees it: every item, whether it may come back, until when, for how much, or why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain import policy as rules
from returns_service.domain.actor import Actor
from returns_service.domain.decision import Decision
from returns_service.domain.order import Order
from returns_service.domain.policy import Policy
from returns_service.domain.render import decision_body, line_body, quote_body
from returns_service.domain.request import History, RequestLine, ReturnRequest
from returns_service.store import cases, freeze, orders, policies
from returns_service.usecases.steps.opening import asked_at

Body = dict[str, Any]
USUAL = "changed_mind"
POST = "mail"


@dataclass(frozen=True)
class PortalOrder:
    """`lines`: the snapshot's lines, each with the codes of the `reasons` that are for it."""

    id: str
    number: str
    placed_at: datetime
    currency: str
    lines: Sequence[Body]
    reasons: Sequence[Mapping[str, str]]
    conditions: Sequence[Mapping[str, str]]
    policy: Policy


def portal_order(session: Session, order_id: str, *, actor: Actor, now: datetime) -> PortalOrder:
    """What was bought, and what can be said about it, in the actor's language. Raises NotFound."""
    language = actor.language or "en"
    row = orders.load(session, actor.shop_id, order_id)
    policy, order = policies.compiled(session, row.policy_version_id), freeze.thaw_order(row.frozen)
    fitting = {line.id: [r.id for r in rules.fitting(policy, order, line, now)] for line in order.lines}
    bought = orders.snapshot(session, row).body["lines"]
    return PortalOrder(
        id=row.external_id,
        number=row.number,
        placed_at=row.placed_at,
        currency=row.currency,
        lines=[_whole(line) | {"reasons": fitting[line["id"]]} for line in bought if line["id"] in fitting],
        reasons=policy.reasons(language),
        conditions=policy.condition_texts(language),
        policy=policy,
    )


def judged_order(
    session: Session, order_id: str, *, actor: Actor, now: datetime, changing: UUID | None = None
) -> PortalOrder:
    """The same, each line with its decision under `may` and what comes back at best under `up_to`.

    Units of the case that is being changed count as free. Raises NotFound."""
    found = portal_order(session, order_id, actor=actor, now=now)
    language, usual = actor.language or "en", _usual(found.policy)
    row = orders.load(session, actor.shop_id, order_id)
    order = freeze.thaw_order(row.frozen)
    history = orders.history(session, row, since=rules.lookback_from(found.policy, now), but=changing)
    decision = rules.returnable(found.policy, order, usual, history, now, language=language)
    may = {line.order_line_id: line_body(line, decision.currency) for line in decision.lines}
    most = _most(_Table(found.policy, order, history, now, language, row.currency), decision, usual)
    judged = [{**line, "may": may[line["id"]], "up_to": most.get(line["id"])} for line in found.lines]
    return replace(found, lines=judged)


def _whole(line: Body) -> Body:
    """A snapshot holds what the storefront sent; what it left out is empty."""
    options = [{"available": None, **option} for option in line.get("exchange_options") or []]
    return {"image_url": "", **line, "exchange_options": options}


def _usual(policy: Policy) -> str:
    """The reason under which items are shown before a reason was given: one that is for all goods."""
    offered = [reason["code"] for reason in policy.reasons()]
    everywhere = [code for code in offered if not policy.reason_table[code].when.parts]
    offered = everywhere or offered
    return USUAL if USUAL in offered else offered[0]


@dataclass(frozen=True)
class _Table:
    """All that a decision about a request is made from."""

    policy: Policy
    order: Order
    history: History
    at: datetime
    language: str
    currency: str

    def decide(self, request: ReturnRequest, way: str) -> Decision:
        asked = replace(request, return_method=way)
        return rules.decide(self.policy, self.order, asked, self.history, self.at, language=self.language)

    def ways(self) -> Sequence[str]:
        """How goods may come back under any rule of the policy, the post first."""
        asked = self.policy.questions["resolutions.methods"].rules
        named = dict.fromkeys(way for rule in asked for way in rule.answer["methods"])
        return sorted(named, key=lambda way: way != POST) or [POST]


def _table(
    session: Session,
    order_id: str,
    request: ReturnRequest,
    actor: Actor,
    now: datetime,
    changing: UUID | None,
) -> _Table:
    row = orders.load(session, actor.shop_id, order_id)
    policy = policies.compiled(session, row.policy_version_id)
    at = asked_at(cases.load(session, changing, actor, lock=False), request, now) if changing else now
    history = orders.history(session, row, since=rules.lookback_from(policy, at), but=changing)
    order = freeze.thaw_order(row.frozen)
    return _Table(policy, order, history, at, actor.language or "en", row.currency)


def _most(table: _Table, decision: Decision, reason: str) -> dict[str, str]:
    """What comes back of each line at best: by the way that costs the least."""
    wanted = [line for line in decision.lines if line.eligible and line.offers]
    if not wanted:
        return {}
    lines = tuple(RequestLine(line.order_line_id, line.returnable_quantity, reason) for line in wanted)
    most = {line.order_line_id: line.offers[0].amount for line in wanted}
    for way in table.ways():
        for line in table.decide(ReturnRequest(lines), way).lines:
            if line.offers and not any(refusal.code == "method_not_offered" for refusal in line.refusals):
                most[line.order_line_id] = max(most[line.order_line_id], line.offers[0].amount)
    return {line_id: money.text(amount, table.currency) for line_id, amount in most.items()}


def foresee(
    session: Session,
    order_id: str,
    request: ReturnRequest,
    *,
    actor: Actor,
    now: datetime,
    changing: UUID | None = None,
) -> Body:
    """The decision and quote of a request as the contract shows it, without any effect. Raises NotFound, Invalid.

    Where the request does not say how the goods come back, the first way that the policy offers is taken."""
    table = _table(session, order_id, request, actor, now, changing)
    ways = [request.return_method] if request.return_method else table.ways()
    found = ((way, table.decide(request, way)) for way in ways)
    way, decision = next((one for one in found if _offered(one[1])), (ways[0], None))
    body = decision_body(decision or table.decide(request, way))
    quote = body["quote"] or quote_body(rules.nothing(), table.currency)
    return body | {"quote": quote, "return_method": way}


def ways_back(
    session: Session,
    order_id: str,
    request: ReturnRequest,
    *,
    actor: Actor,
    now: datetime,
    changing: UUID | None = None,
) -> list[Body]:
    """How the goods may come back, each with what it costs and what comes back then; cheapest first."""
    table = _table(session, order_id, request, actor, now, changing)
    found: list[Body] = []
    for way in table.ways():
        decision = table.decide(request, way)
        if decision.quote and decision.goods_return and _offered(decision):
            figures = {"freight": -decision.quote.return_freight, "total": decision.quote.total}
            told = {name: money.text(amount, table.currency) for name, amount in figures.items()}
            found.append({"method": way, "order": figures["freight"], **told})
    return sorted(found, key=lambda one: int(one["order"]))


def _offered(decision: Decision) -> bool:
    return not any(
        refusal.code == "method_not_offered" for line in decision.lines for refusal in line.refusals
    )


def order_of_return(session: Session, case_id: UUID, *, actor: Actor) -> Mapping[str, Any]:
    """Pictures and titles of a case's order lines, by line id."""
    case = cases.load(session, case_id, actor, lock=False)
    return {line["id"]: _whole(line) for line in orders.snapshot(session, case.order_row).body["lines"]}
