"""Which units of a line may be returned, by the shop's window or by law, and which refusals stand against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from returns_service.domain.order import Fulfilment, OrderLine
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.model import Law, Policy, Right
from returns_service.domain.policy.rules import Rule, Trace
from returns_service.domain.policy.timing import Timing, latest, right_timing, shop_timing
from returns_service.domain.request import History


@dataclass(frozen=True)
class Units:
    """Units of a line that came in one parcel, with what time says about them."""

    slots: tuple[int, ...]
    parcel: Fulfilment | None
    facts: Facts
    shop: Timing
    rights: Mapping[str, tuple[Right, Timing]]

    def shop_slots(self, now: datetime) -> tuple[int, ...]:
        return self.slots if self.shop.holds(now) else ()


@dataclass
class Entitlement:
    """What time and law allow for one line; the rest of the decision stands on it."""

    free: tuple[int, ...]
    units: list[Units]
    timing: Timing
    facts: Facts
    slots: tuple[int, ...] = ()
    """The units chosen, lowest eligible first."""
    returnable: int = 0
    shop: bool = False
    """The shop's own terms cover the chosen units."""
    rights: list[tuple[Right, Timing]] = field(default_factory=list)
    """Statutory rights that cover all of them."""
    exclusions: Sequence[Rule] = ()


def free_slots(line: OrderLine, history: History, taken: Iterable[int] = ()) -> tuple[int, ...]:
    """Units of a line that no case holds; what the shop refunded without us counts from the last unit down."""
    held = history.line(line.id).held | frozenset(taken)
    return tuple(slot for slot in range(line.quantity - line.refunded_elsewhere_quantity) if slot not in held)


def laws_of(policy: Policy, facts: Facts) -> list[Law]:
    """The floors that this order is under."""
    return [law for law in policy.laws if law.applies_to.holds(facts)]


def time_units(policy: Policy, context: Context, free: tuple[int, ...], trace: Trace | None) -> list[Units]:
    """The free units by parcel, each with the shop's window and every statutory right."""
    parcels = context.order.parcels(context.line.id)
    groups: dict[str | None, list[int]] = {}
    for slot in free:
        parcel = parcels[slot]
        groups.setdefault(parcel.id if parcel else None, []).append(slot)
    found: list[Units] = []
    for slots in groups.values():
        parcel = parcels[slots[0]]
        facts = Facts(context.of(parcel, tuple(slots)), policy.readers)
        shop = shop_timing(policy, facts, trace if not found else None)
        found.append(
            Units(tuple(slots), parcel, facts, shop, _rights(policy, facts, trace if not found else None))
        )
    return found


def _rights(policy: Policy, facts: Facts, trace: Trace | None) -> dict[str, tuple[Right, Timing]]:
    found = {}
    for law in laws_of(policy, facts):
        for right in law.rights:
            if holds(right, facts, trace):
                found[right.rule.id] = (right, right_timing(right, facts, law.time_zones))
    return found


def holds(right: Right, facts: Facts, trace: Trace | None = None) -> bool:
    """Whether a right applies: its condition fits and no exception takes it away."""
    because = right.rule.when.because(facts) if trace is not None else None
    fits = because is None if trace is not None else right.rule.when.holds(facts)
    exception = (
        next((rule for rule in right.exceptions.every(facts) if effective(rule, facts)), None)
        if fits
        else None
    )
    if trace is not None:
        if exception is not None:
            because = {"fact": "exception", "wanted": None, "was": exception.id}
        trace.append(
            {"question": "law", "rule": right.rule.id, "held": fits and exception is None, "because": because}
        )
    return fits and exception is None


def open_rights(policy: Policy, facts: Facts, at: datetime, *, having: str | None = None) -> list[Right]:
    """Statutory rights that were open at an instant; `having` names a figure without which they do not matter."""
    found = []
    for law in policy.laws:
        rights = [right for right in law.rights if having is None or getattr(right, having) is not None]
        if rights and law.applies_to.holds(facts):
            found += [
                right
                for right in rights
                if right_timing(right, facts, law.time_zones).holds(at) and holds(right, facts)
            ]
    return found


def effective(rule: Rule, facts: Facts) -> bool:
    """Whether an exclusion may be held against the customer: told of it, or confirmed it, where that is needed."""
    requires = rule.answer.get("requires", "nothing")
    if requires == "notice":
        return bool(facts["line.notice_given"])
    if requires == "confirmation":
        return bool(facts["line.exception_confirmed"])
    return True


def exclusions(policy: Policy, facts: Facts, trace: Trace | None = None) -> Sequence[Rule]:
    """The shop's exclusions that hold, but for kinds of reason that they never shield from."""
    found = policy.questions["eligibility.exclusions"].every(facts, trace)
    return found and [
        r for r in found if facts["request.kind"] not in r.answer["never_for"] and effective(r, facts)
    ]


def entitle(
    policy: Policy, context: Context, wanted: int | None, taken: Iterable[int], trace: Trace | None
) -> Entitlement:
    """Choose the units of a request (as many as possible when `wanted` is None) and say what covers them."""
    now = context.now
    free = free_slots(context.line, context.history, taken)
    units = time_units(policy, context, free, trace) or time_units(policy, context, (0,), trace)
    found = Entitlement(free, units if free else [], units[0].shop, units[0].facts)
    found.exclusions = exclusions(policy, units[0].facts, trace)
    shop = (
        () if found.exclusions else _sorted(slot for group in found.units for slot in group.shop_slots(now))
    )
    by_right = _by_right(found.units, now)
    every = _sorted({*shop, *(slot for slots in by_right.values() for slot in slots)})
    found.returnable = len(every)
    count = max(wanted if wanted is not None else len(every), 1)
    found.slots = next(
        (s[:count] for s in (shop, *by_right.values(), every) if len(s) >= count), every[:count]
    )
    _cover(found, shop, by_right, units)
    return found


def _sorted(slots: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(slots))


def _by_right(units: list[Units], now: datetime) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for group in units:
        for rule_id, (_, timing) in group.rights.items():
            if timing.holds(now):
                found.setdefault(rule_id, []).extend(group.slots)
    return {rule_id: _sorted(slots) for rule_id, slots in found.items()}


def _cover(
    found: Entitlement, shop: tuple[int, ...], by_right: Mapping[str, tuple[int, ...]], units: list[Units]
) -> None:
    """What covers the chosen units: the group that closes first speaks for all of them."""
    chosen = set(found.slots)
    groups = [group for group in found.units if chosen & set(group.slots)] or units
    found.shop = bool(chosen) and chosen <= set(shop)
    strictest = min(groups, key=_closing)
    found.facts = strictest.facts
    found.timing = strictest.shop
    covering = [rule_id for rule_id, slots in by_right.items() if chosen and chosen <= set(slots)]
    found.rights = [strictest.rights[rule_id] for rule_id in covering if rule_id in strictest.rights]
    if not found.shop and found.rights:
        found.timing = latest(timing for _, timing in found.rights) or found.timing
    elif not chosen:
        every = (t for group in groups for t in (group.shop, *(x for _, x in group.rights.values())))
        found.timing = latest(every) or found.timing


def _closing(group: Units) -> tuple[bool, float]:
    span = group.shop.span
    if span is None or span.ends is None:
        return (True, 0.0)
    return (False, span.ends.timestamp())
