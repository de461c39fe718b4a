"""A policy as schema.org MerchantReturnPolicy, as far as schema.org can say it: found out by asking the policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from returns_service.domain import money
from returns_service.domain.decision import Decision, LineDecision
from returns_service.domain.policy import probes
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.probes import DELIVERED, Probe
from returns_service.domain.policy.rules import Rule

_METHODS = {
    "mail": "ReturnByMail",
    "pickup": "ReturnByMail",
    "locker": "ReturnByMail",
    "store": "ReturnInStore",
    "kiosk": "ReturnAtKiosk",
    "keep": "KeepProduct",
}
_REFUNDS = {"refund": "FullRefund", "exchange": "ExchangeRefund", "store_credit": "StoreCreditRefund"}
_URL = "https://schema.org/"


def merchant_return_policies(policy: Policy) -> dict[str, Any]:
    """JSON-LD: one MerchantReturnPolicy for all countries that are treated alike, and one for each tier that is not."""
    found: dict[str, dict[str, Any]] = {}
    for country in filter(lambda place: probes.served(policy, place), probes.countries(policy)):
        for tier in ("standard", *(t for t in probes.named(policy, "customer.tier") if t != "standard")):
            body = _policy(policy, country, tier)
            plain = _policy(policy, country, "standard")
            if tier != "standard":
                if body == plain:
                    continue
                body["validForMemberTier"] = {"@type": "MemberProgramTier", "name": tier}
            same = found.setdefault(json.dumps(body, sort_keys=True), {**body, "applicableCountry": []})
            same["applicableCountry"].append(country)
    return {"@context": "https://schema.org", "@graph": list(found.values())}


def _policy(policy: Policy, country: str, tier: str) -> dict[str, Any]:
    remorse = probes.reason_of(policy, "remorse", "withdrawal")
    defect = probes.reason_of(policy, "defect", "not_as_described", "damaged")
    body: dict[str, Any] = {"@type": "MerchantReturnPolicy", "name": policy.title.get("en") or policy.name}
    if "terms" in policy.links:
        body["merchantReturnLink"] = policy.links["terms"]
    if policy.locations and policy.locations[0].country:
        body["returnPolicyCountry"] = policy.locations[0].country
    if remorse is None:
        return {**body, "returnPolicyCategory": _URL + "MerchantReturnUnspecified"}
    decision = probes.ask(policy, Probe(country, remorse, tier=tier))
    body |= _window(decision.lines[0])
    if decision.eligible:
        body |= _terms(policy, decision, country, tier)
        body |= _fees("customerRemorse", decision)
    if defect is not None:
        body |= _fees("itemDefect", probes.ask(policy, Probe(country, defect, tier=tier)))
    extensions = policy.questions["eligibility.extensions"].rules
    seasons = [season for season in map(_season, extensions) if season is not None]
    return {**body, "returnPolicySeasonalOverride": seasons} if seasons else body


def _window(line: LineDecision) -> dict[str, Any]:
    window = line.window
    if not line.eligible:
        return {"returnPolicyCategory": _URL + "MerchantReturnNotPermitted"}
    if window is None or window.closes_on is None:
        return {"returnPolicyCategory": _URL + "MerchantReturnUnlimitedWindow"}
    days = (window.closes_on - DELIVERED.date()).days
    return {"returnPolicyCategory": _URL + "MerchantReturnFiniteReturnWindow", "merchantReturnDays": days}


def _terms(policy: Policy, decision: Decision, country: str, tier: str) -> dict[str, Any]:
    methods = [method for method in _METHODS if _possible(policy, country, tier, method)]
    refunds = [
        _REFUNDS[offer.resolution] for offer in decision.lines[0].offers if offer.resolution in _REFUNDS
    ]
    body: dict[str, Any] = {
        "returnMethod": list(dict.fromkeys(_URL + _METHODS[method] for method in methods)),
        "refundType": list(dict.fromkeys(_URL + refund for refund in refunds)),
        "itemCondition": [_URL + "NewCondition"],
        "inStoreReturnsOffered": "store" in methods,
    }
    if decision.quote is not None and decision.quote.restocking:
        body["restockingFee"] = _amount(-decision.quote.restocking, decision.currency)
    return body


def _possible(policy: Policy, country: str, tier: str, method: str) -> bool:
    reason = probes.reason_of(policy, "remorse", "withdrawal") or ""
    asked = probes.ask(policy, Probe(country, reason, tier=tier, method=method))
    return all(refusal.code != "method_not_offered" for refusal in asked.lines[0].refusals)


def _fees(prefix: str, decision: Decision) -> dict[str, Any]:
    quote = decision.quote
    if quote is None or not decision.eligible:
        return {}
    if quote.return_freight:
        fees, amount = "ReturnShippingFees", _amount(-quote.return_freight, decision.currency)
        return {f"{prefix}ReturnFees": _URL + fees, f"{prefix}ReturnShippingFeesAmount": amount}
    free = quote.freight_payer != "customer"
    return {f"{prefix}ReturnFees": _URL + ("FreeReturn" if free else "ReturnFeesCustomerResponsibility")}


def _amount(minor: int, currency: str) -> dict[str, Any]:
    return {"@type": "MonetaryAmount", "value": money.text(minor, currency), "currency": currency}


def _season(rule: Rule) -> Mapping[str, Any] | None:
    """A season with a fixed end as an override; None for any other extension."""
    test = rule.when.tests.get("order.placed_on")
    if rule.answer["until"] is None or test is None or test.domain is None:
        return None
    known: dict[str, date | None] = {
        "startDate": test.domain.low,
        "endDate": test.domain.high,
        "merchantReturnDays": rule.answer["until"],
    }
    dates = {name: day.isoformat() for name, day in known.items() if day is not None}
    finite = _URL + "MerchantReturnFiniteReturnWindow"
    return {"@type": "MerchantReturnPolicySeasonalOverride", **dates, "returnPolicyCategory": finite}
