"""The rules alone: what every question answers for one line, without units, money or law. For lists, counts and trials."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from returns_service.domain.policy.entitlement import exclusions
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.rules import Trace
from returns_service.domain.policy.timing import resolution_timing


class Verdict(NamedTuple):
    """One line judged: whether and until when, against what, whose fault, what is offered, who pays the way back."""

    eligible: bool
    window: str
    closes_at: datetime | None
    refusals: tuple[str, ...]
    party: str
    offers: tuple[str, ...]
    freight: str | None
    review: str


def verdict(policy: Policy, context: Context, trace: Trace | None = None) -> Verdict:
    """What the shop's own rules say to one line."""
    facts, ask = Facts(context, policy.readers), policy.questions
    timing = resolution_timing(policy, facts, trace)
    refusals = [rule.answer["code"] for rule in exclusions(policy, facts, trace)]
    refusals += [
        rule.answer["code"]
        for rule in ask["eligibility.limits"].every(facts, trace)
        if rule.answer["then"] == "refuse"
    ]
    if not timing.holds(context.now):
        refusals.append("window_expired" if timing.span else timing.why)
    fault = ask["fault.claimed"].sure(facts, trace)
    facts["fault.party"], facts["fault.rule"] = fault.answer["party"], fault.id
    freight = ask["charges.freight"].first(facts, trace)
    review = ask["eligibility.review"].sure(facts, trace)
    offers = [o for rule in ask["resolutions.offers"].every(facts, trace) for o in rule.answer["offer"]]
    return Verdict(
        not refusals,
        timing.rule,
        timing.span.closes if timing.span else None,
        tuple(refusals),
        fault.answer["party"],
        tuple(offers),
        freight.id if freight else None,
        review.answer["review"],
    )
