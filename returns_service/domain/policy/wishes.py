"""What is on offer for a line, and what a wish really means."""

from __future__ import annotations

from collections.abc import Sequence

from returns_service.domain.policy.charging import chosen_option
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.model import Policy, Right
from returns_service.domain.policy.names import RESOLUTIONS
from returns_service.domain.policy.rules import Trace
from returns_service.domain.request import RequestLine


def offered(
    policy: Policy, facts: Facts, shop: bool, rights: Sequence[Right], trace: Trace | None
) -> tuple[str, ...]:
    """The union of what the shop offers and what law lets the customer demand, in a fixed order."""
    found = {resolution for right in rights for resolution in right.offers}
    if shop or not rights:
        # Without any cover the shop's offers are still shown: a person may override the refusal.
        found |= {
            r
            for rule in policy.questions["resolutions.offers"].every(facts, trace)
            for r in rule.answer["offer"]
        }
    if "exchange" in found and chosen_option(facts) is None:
        found.discard("exchange")
    return tuple(resolution for resolution in RESOLUTIONS if resolution in found)


def effective_resolution(wanted: RequestLine, facts: Facts, offers: Sequence[str]) -> str:
    """An exchange for the same article is a replacement, where one is offered."""
    same = wanted.resolution == "exchange" and wanted.exchange_for == facts.context.line.sku
    return "replacement" if same and "replacement" in offers else wanted.resolution
