"""Where a shop's rules stand against the floors it is subject to. The floors win anyway; here they are reported.

Every rule is tried with facts that make it hold, in each place, for each reason: if a statutory right holds for the
same facts and gives more, both lines are named. A rule that says `yields: true` knows it and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from returns_service.domain.order import Customer, Fulfilment, FulfilmentLine, Order, OrderLine
from returns_service.domain.policy import reasons
from returns_service.domain.policy.conditions import Test
from returns_service.domain.policy.entitlement import effective, holds
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.grammar import BY_KEY
from returns_service.domain.policy.levels import duration
from returns_service.domain.policy.model import Declared, Law, Policy, Right
from returns_service.domain.policy.names import REFUND_FROM
from returns_service.domain.policy.problems import Problem
from returns_service.domain.policy.rules import Rule
from returns_service.domain.policy.timing import Timing, right_timing, shop_timing
from returns_service.domain.request import History, RequestLine, ReturnRequest

_PLACED = datetime(2027, 3, 1, 9, tzinfo=UTC)
_DELIVERED = datetime(2027, 3, 3, 9, tzinfo=UTC)


def contradictions(policy: Policy) -> Iterator[Problem]:
    """Every rule of the shop that gives less than a floor, once per right."""
    told: set[tuple[str, str, str]] = set()
    for law in policy.laws:
        for right in law.rights:
            for name in ("eligibility.windows", *_LESS):
                for rule in policy.questions[name].rules:
                    key = (name, rule.id, right.rule.id)
                    why = None if rule.yields or key in told else _against(policy, law, right, rule)
                    if why is not None:
                        told.add(key)
                        message = f"The rule {rule.id!r} {why} {right.basis} ({right.file}:{right.line}); the law goes before. Narrow the rule, or say that you know it with `yields: true`."
                        yield Problem(rule.file, rule.line, message, "below_floor")


def _against(policy: Policy, law: Law, right: Right, rule: Rule) -> str | None:
    for reason in policy.reason_table:
        facts = _probe(policy, law, reason, rule)
        if not (law.applies_to.holds(facts) and rule.when.holds(facts) and holds(right, facts)):
            continue
        if _fell(right, facts) or not _answers(policy, rule, facts):
            continue
        why = _less(policy, law, right, rule, facts)
        if why is not None:
            return why
    return None


def _answers(policy: Policy, rule: Rule, facts: Facts) -> bool:
    """Whether the rule is the one that speaks: an earlier one may hold as well."""
    if BY_KEY[rule.question].collect or (
        rule.question == "eligibility.windows" and policy.precedence == "best"
    ):
        return True
    return policy.questions[rule.question].first(facts) is rule


def _fell(right: Right, facts: Facts) -> bool:
    """Whether the inspection took the right away; a claim that proved the customer's own fault has none."""
    if right.falls_when is not None and right.falls_when.holds(facts):
        return True
    unfounded = facts["inspection.done"] and facts["fault.party"] == "customer"
    return bool(unfounded and facts["request.kind"] not in ("remorse", "withdrawal"))


def _probe(policy: Policy, law: Law, reason: str, rule: Rule) -> Facts:
    """Facts of a simple order in the law's place, bent so that the rule's own tests hold."""
    test = law.applies_to.tests.get("order.country")
    values = sorted(test.domain.values) if test and test.domain and test.domain.values else [law.id.upper()]
    sold = OrderLine("1", "SKU", "", 1, 10_000)
    parcel = Fulfilment("1", (FulfilmentLine("1", 1),), shipped_at=_PLACED, delivered_at=_DELIVERED)
    order = Order(
        "1", "1", values[0], policy.currencies[0], _PLACED, Customer(""), (sold,), fulfilments=(parcel,)
    )
    wanted = RequestLine("1", 1, reason)
    now = _DELIVERED + timedelta(hours=12)
    zone = policy.zone(order.country)
    context = Context(
        policy,
        order,
        ReturnRequest((wanted,)),
        History(),
        now,
        zone,
        sold,
        wanted,
        parcel,
        (0,),
        inspected=False,
    )
    facts = Facts(context, policy.readers)
    for leaf in rule.when.tests.values():
        value = _value(leaf, policy)
        if value is not None and leaf.fact not in ("request.reason", "request.kind", "order.country"):
            facts[leaf.fact] = value
    claimed = policy.questions["fault.claimed"].first(facts)
    party = claimed.answer["party"] if claimed else "undetermined"
    if facts.setdefault("fault.party", party) != party:
        # Only an inspection can make somebody else the party at fault.
        facts["inspection.done"] = True
    facts.setdefault("fault.rule", claimed.id if claimed else "")
    return facts


def _value(test: Test, policy: Policy) -> Any:
    """A value that passes a simple test."""
    domain = test.domain
    if domain is None:
        return None
    if domain.values:
        value = sorted(domain.values, key=str)[0]
        return (value,) if policy.facts[test.fact].type == "texts" else value
    if domain.under:
        return domain.under[0]
    return domain.low if domain.low is not None else domain.high


def _less(policy: Policy, law: Law, right: Right, rule: Rule, facts: Facts) -> str | None:
    if rule.question == "eligibility.windows":
        return _shorter(policy, law, right, rule, facts)
    gives_less, words = _LESS[rule.question]
    return words if gives_less(rule, right, facts) else None


def _refuses(rule: Rule, _right: Right, facts: Facts) -> bool:
    return facts["request.kind"] not in rule.answer["never_for"] and effective(rule, facts)


def _charges_freight(rule: Rule, right: Right, _facts: Facts) -> bool:
    charged = rule.answer["payer"] == "customer" and (rule.answer["fixed"] or rule.answer["percent"])
    return bool(charged) and right.freight_free


def _charges_fee(rule: Rule, right: Right, _facts: Facts) -> bool:
    return bool(rule.answer["fixed"] or rule.answer["percent"]) and right.restocking_free


def _takes_off(_rule: Rule, right: Right, facts: Facts) -> bool:
    return right.deductions_when is not None and not right.deductions_when.holds(facts)


def _pays_less(rule: Rule, right: Right, _facts: Facts) -> bool:
    return rule.answer["percent"] < 100 and "refund" in right.offers


def _later(rule: Rule, right: Right, _facts: Facts) -> bool:
    """Whether the shop's time for a refund begins later than the law's, or lasts longer."""
    if right.refund_within is None:
        return False
    shop, law = (REFUND_FROM.index(begins) for begins in (rule.answer["from"], right.refund_from))
    mine, theirs = duration(rule.answer["within"]), duration(right.refund_within)
    return mine > theirs if shop == law else shop > law and mine >= theirs


def _hurries(rule: Rule, right: Right, _facts: Facts) -> bool:
    """Whether the shop leaves less time to hand the goods in."""
    if right.send_back is None or (rule.answer["state"], rule.answer["for"]) != ("approved", "ship"):
        return False
    return duration(rule.answer["within"]) < duration(right.send_back)


_LESS: Mapping[str, tuple[Callable[[Rule, Right, Facts], bool], str]] = {
    "eligibility.exclusions": (_refuses, "refuses what is granted by"),
    "charges.freight": (_charges_freight, "charges a way back that is free by"),
    "charges.restocking": (_charges_fee, "charges a fee that is barred by"),
    "charges.deductions": (_takes_off, "takes off what is barred by"),
    "charges.paid": (_pays_less, "pays less than"),
    "service_levels.refund_due": (_later, "pays later than"),
    "service_levels.deadlines": (_hurries, "leaves less time to hand the goods in than"),
}


def _shorter(policy: Policy, law: Law, right: Right, rule: Rule, facts: Facts) -> str | None:
    shop = shop_timing(policy, facts)
    floor = right_timing(right, facts, law.time_zones)
    if shop.rule != rule.id or floor.span is None:
        return None
    if shop.span is None:
        return "grants nothing where something is granted by"
    return "closes before" if _ends(shop) + 60 * 60 * 24 <= _ends(floor) else None


def _ends(timing: Timing) -> float:
    return timing.span.ends.timestamp() if timing.span and timing.span.ends else float("inf")


def gaps(policy: Policy) -> Iterator[Problem]:
    """Reasons that customers can choose although no window and no right ever fits them."""
    rights = [right.rule for law in policy.laws for right in law.rights]
    granting = [
        rule for rule in policy.questions["eligibility.windows"].rules if rule.answer["window"].kind != "none"
    ]
    for reason in policy.reason_table.values():
        if reason.offered and not any(_may_fit(rule, reason) for rule in (*granting, *rights)):
            message = f"No window fits the reason {reason.id!r}, so nothing can ever be returned for it."
            yield Problem("eligibility.yaml", reason.line, message, "gap")


def _may_fit(rule: Rule, reason: Declared) -> bool:
    """Whether a rule is for a reason, as far as its plain tests say."""
    for fact, value in (("request.kind", reason.kind), ("request.reason", reason.id)):
        test = rule.when.tests.get(fact)
        if test and test.domain and test.domain.values is not None and value not in test.domain.values:
            return False
    return True


def with_warnings(policy: Policy) -> Policy:
    """The policy with its contradictions and gaps noted."""
    found = [*contradictions(policy), *gaps(policy), *reasons.gaps(policy)]
    return replace(policy, warnings=tuple(sorted(found)))
