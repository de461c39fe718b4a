"""The deadlines of a case: what the shop promises for each step, beside it what law grants the customer or demands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from returns_service.domain.decision import CaseFacts, Deadline
from returns_service.domain.policy.entitlement import open_rights
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.levels import after, duration, facts_of, holds_now, zone_of
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.names import REFUND_FROM
from returns_service.domain.policy.rules import Rule
from returns_service.domain.windows import Length

REFUND = "refund"
"""The purpose of the deadline by which the money must be on its way."""
_GIVES_MONEY = ("refund", "store_credit", "compensation")
_STAGE = {"shipped_back": "shipped", "received": "received", "inspected": "inspected", "settling": "settling"}
_TODAY = Length(0, "days")


def deadlines(
    policy: Policy, state: str, entered_at: datetime, now: datetime, *, case: CaseFacts | None = None
) -> tuple[Deadline, ...]:
    """The deadlines of a state that was entered at an instant; the earliest for each purpose."""
    facts = facts_of(policy, case, now) if case is not None and case.lines else None
    found: dict[str, Deadline] = {}
    for rule in policy.questions["service_levels.deadlines"].rules:
        if rule.answer["state"] != state or not holds_now(rule, facts):
            continue
        start = case.requested_at if case is not None and rule.answer["from"] == "requested" else entered_at
        one = _deadline(policy, rule, start, zone_of(policy, facts))
        found.setdefault(one.purpose, one)
    if case is not None and facts is not None:
        for one in _of_case(policy, state, entered_at, case, facts, found):
            found[one.purpose] = one
    return tuple(sorted(found.values(), key=lambda one: one.at))


def _deadline(policy: Policy, rule: Rule, start: datetime, zone: ZoneInfo) -> Deadline:
    at = after(policy, start, rule.answer["within"], zone)
    remind = rule.answer["remind"]
    before = at - duration(remind) if remind is not None else None
    return Deadline(
        rule.answer["for"], at, zone.key, rule.answer["then"], before if before and before > start else None
    )


def _of_case(
    policy: Policy,
    state: str,
    entered_at: datetime,
    case: CaseFacts,
    facts: Facts,
    found: dict[str, Deadline],
) -> Iterator[Deadline]:
    """What law or the shop's time for refunds adds to the deadlines of the state, or puts in place of one."""
    if state == "approved" and "ship" in found:
        yield _ship(policy, entered_at, case, facts, found["ship"])
    if state in ("requested", "approved") and case.request.return_method == "pickup":
        yield from _collect(policy, case, facts, found.get("collect"))
    due = refund_due(policy, state, entered_at, case, facts)
    if due is not None:
        yield Deadline(REFUND, due, facts.context.zone.key)


def _ship(policy: Policy, entered_at: datetime, case: CaseFacts, facts: Facts, shop: Deadline) -> Deadline:
    """Law gives at least its own time to hand the parcel in."""
    rights = open_rights(policy, facts, case.requested_at, having="send_back")
    lengths = [right.send_back for right in rights if right.send_back]
    at = max([shop.at, *(after(policy, entered_at, length, facts.context.zone) for length in lengths)])
    remind = shop.remind_at + (at - shop.at) if shop.remind_at else None
    return replace(shop, at=at, remind_at=remind)


def _collect(policy: Policy, case: CaseFacts, facts: Facts, shop: Deadline | None) -> Iterator[Deadline]:
    """Where the shop collects the goods, law may say by when."""
    zone = facts.context.zone
    for right in open_rights(policy, facts, case.requested_at, having="collect_within"):
        if right.collect_within:
            at = after(policy, case.requested_at, right.collect_within, zone)
            shop = shop if shop is not None and shop.at <= at else Deadline("collect", at, zone.key)
    if shop is not None:
        yield shop


def refund_due(
    policy: Policy, state: str, entered_at: datetime, case: CaseFacts, facts: Facts
) -> datetime | None:
    """By when the money must be on its way, as far as it is known in this state: by the shop's word or by law's.

    While goods are to come back nothing is due before they are in or on their way.
    """
    stage = _STAGE.get(state, "requested" if state == "approved" and not case.goods_return else None)
    if stage is None or not any(line.resolution in _GIVES_MONEY for line in case.lines):
        return None
    shop = policy.questions["service_levels.refund_due"].sure(facts).answer
    rights = open_rights(policy, facts, case.requested_at, having="refund_within")
    terms = [(shop["within"], shop["from"]), *((right.refund_within, right.refund_from) for right in rights)]
    known = [
        (within, said)
        for within, said in terms
        if within and REFUND_FROM.index(said) <= REFUND_FROM.index(stage)
    ]
    found = [_counted(policy, within, said, entered_at, case, facts.context.zone) for within, said in known]
    return min(found, default=None)


def _counted(
    policy: Policy, within: Length, said: str, entered_at: datetime, case: CaseFacts, zone: ZoneInfo
) -> datetime:
    if said != "requested":
        return after(policy, entered_at, within, zone)
    return max(after(policy, case.requested_at, within, zone), after(policy, entered_at, _TODAY, zone))
