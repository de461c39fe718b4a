"""Made-up orders that show what a policy says: for exports, pages of terms and comparisons. Pure and always the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from returns_service.domain import money
from returns_service.domain.decision import Decision
from returns_service.domain.order import (
    Customer,
    ExchangeOption,
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderLine,
    Payment,
    Shipping,
)
from returns_service.domain.policy import reasons
from returns_service.domain.policy.decide import decide
from returns_service.domain.policy.model import Policy
from returns_service.domain.request import History, RequestLine, ReturnRequest

PLACED = datetime(2027, 3, 1, 12, tzinfo=UTC)
DELIVERED = PLACED + timedelta(days=2)
_CURRENCIES = {"GB": "GBP", "US": "USD", "CN": "CNY", "TW": "TWD", "JP": "JPY"}


@dataclass(frozen=True)
class Probe:
    """One case to try: who, what, why, when."""

    country: str = "US"
    reason: str = ""
    category: str = ""
    condition: str | None = None
    tier: str = "standard"
    days: int = 1
    method: str = "mail"
    resolution: str = "refund"

    def __str__(self) -> str:
        parts = [
            self.reason,
            self.country,
            self.category,
            self.condition,
            self.tier if self.tier != "standard" else None,
        ]
        return ", ".join([*(part for part in parts if part), f"day {self.days}"])


def order(currencies: Sequence[str], probe: Probe) -> Order:
    """One article for a hundred (or the like), delivered two days after the order, from the stated place."""
    wished = _CURRENCIES.get(probe.country, "EUR")
    currency = wished if wished in currencies else currencies[0]
    price = 100 * 10 ** money.exponent(currency) * (1 if money.exponent(currency) else 100)
    line = OrderLine(
        "1",
        "PROBE",
        "",
        1,
        price,
        category=probe.category,
        exchange_options=(ExchangeOption("OTHER", "", price, 9),),
    )
    parcel = Fulfilment("1", (FulfilmentLine("1", 1),), "carrier", None, PLACED, DELIVERED)
    return Order(
        id="probe", number="probe", country=probe.country, currency=currency, placed_at=PLACED,
        customer=Customer("probe@example.com", id="probe", tier=probe.tier), lines=(line,), shipping=Shipping(),
        payments=(Payment("1", captured=price),), fulfilments=(parcel,),
    )  # fmt: skip


def ask(policy: Policy, probe: Probe, language: str = "en") -> Decision:
    """What the policy says to a probe, for goods that its reason is for."""
    policy = reasons.unlimited(policy)
    asked = order(policy.currencies, probe), request(probe), History(), instant(probe)
    return decide(policy, *asked, language=language, trace=False)


def request(probe: Probe) -> ReturnRequest:
    wanted = RequestLine("1", 1, probe.reason, probe.condition, resolution=probe.resolution)
    return ReturnRequest((wanted,), probe.method)


def instant(probe: Probe) -> datetime:
    return DELIVERED + timedelta(days=probe.days)


def served(policy: Policy, country: str) -> bool:
    """Whether the policy is for orders of this country at all."""
    decision = ask(policy, Probe(country, next(iter(policy.reason_table))))
    return all(refusal.code != "not_served" for refusal in decision.lines[0].refusals)


def reason_of(policy: Policy, *kinds: str) -> str | None:
    """The first reason of these kinds that customers can give."""
    return next(
        (r.id for kind in kinds for r in policy.reason_table.values() if r.kind == kind and r.offered), None
    )


def named(policy: Policy, fact: str) -> list[str]:
    """All values that the policy's rules name for a fact."""
    found: dict[str, None] = {}
    for asked in policy.questions.values():
        for rule in asked.rules:
            for leaf in rule.when.leaves():
                if leaf.fact == fact and leaf.domain is not None:
                    found.update(
                        dict.fromkeys(
                            map(
                                str,
                                sorted([*(leaf.domain.values or ()), *(leaf.domain.under or ())], key=str),
                            )
                        )
                    )
    return list(found)


def countries(policy: Policy) -> list[str]:
    """Where the policy's own rules and floors make a difference, and one place where none does."""
    from_laws = [value for law in policy.laws for value in _places(law.applies_to)]
    return list(
        dict.fromkeys([*from_laws, *named(policy, "order.country"), *_places(policy.applies_to), "US"])
    )


def _places(condition: object) -> list[str]:
    tests = getattr(condition, "tests", {})
    test = tests.get("order.country")
    return sorted(test.domain.values) if test and test.domain and test.domain.values else []


def grid(*policies: Policy) -> Iterator[Probe]:
    """Cases in which the policies may differ: every reason, place, kind of goods, state and tier they name, over time."""

    def all_of(fact: str, *more: str) -> list[str]:
        return list(dict.fromkeys([*more, *(value for policy in policies for value in named(policy, fact))]))

    reasons = list(
        dict.fromkeys(r.id for policy in policies for r in policy.reason_table.values() if r.offered)
    )
    conditions = [None, *dict.fromkeys(c for policy in policies for c in policy.conditions)]
    places = list(dict.fromkeys(c for policy in policies for c in _some_places(policy)))
    for reason in reasons:
        for country in places:
            for days in (1, 7, 10, 14, 20, 30, 45, 60, 90, 180, 365, 700):
                yield Probe(country, reason, days=days)
        for category in all_of("line.category"):
            for condition in conditions[:6]:
                yield Probe(places[-1], reason, category, condition)
        for tier in all_of("customer.tier"):
            for days in (10, 20, 40, 70):
                yield Probe(places[-1], reason, tier=tier, days=days)
        for condition in conditions[1:]:
            yield Probe(places[-1], reason, condition=condition)


def _some_places(policy: Policy) -> list[str]:
    """One place for each floor, those that rules name, and one without a floor."""
    first = [_places(law.applies_to)[:1] for law in policy.laws]
    own = [
        c for c in named(policy, "order.country") if len(named(policy, "order.country")) <= 6 and c != "US"
    ]
    return list(dict.fromkeys([*(c for places in first for c in places), *own, "US"]))
