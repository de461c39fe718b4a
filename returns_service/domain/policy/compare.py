"""What a change of policy changes for whom: both versions are asked the same, and the answers are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from returns_service.domain.decision import Decision
from returns_service.domain.errors import InvalidMany
from returns_service.domain.order import Order
from returns_service.domain.policy import probes
from returns_service.domain.policy.decide import decide
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.probes import Probe
from returns_service.domain.request import History, ReturnRequest


@dataclass(frozen=True)
class Case:
    """One request that both versions are asked."""

    label: str
    reason: str
    order: Order
    request: ReturnRequest
    at: datetime


@dataclass(frozen=True)
class Change:
    """One case that ends differently; `difference` in minor units of its currency, for a window in days."""

    kind: str
    """granted, refused, money, window, fault, offers, review or words (a reason only one of them knows)."""
    before: str
    after: str
    difference: int = 0


@dataclass
class Group:
    """Cases that change alike."""

    kind: str
    what: str
    currency: str
    count: int = 0
    difference: int = 0
    reasons: dict[str, None] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)


def changes(before: Decision | None, after: Decision | None) -> Iterator[Change]:
    """What is different between two answers to the same request; None is a request that a policy cannot read."""
    if before is None or after is None:
        if before is not after:
            yield Change("words", "known" if before else "unknown", "known" if after else "unknown")
        return
    if before.eligible != after.eligible:
        yield _verdict(before, after)
        return
    if not after.eligible:
        return
    if before.quote and after.quote and before.quote.total != after.quote.total:
        yield Change(
            "money", str(before.quote.total), str(after.quote.total), after.quote.total - before.quote.total
        )
    if _ends(before) != _ends(after):
        yield Change(
            "window", str(_ends(before) or "no end"), str(_ends(after) or "no end"), _days(before, after)
        )
    for name, was, now in (("fault", _party(before), _party(after)),
                           ("offers", _offers(before), _offers(after)), ("review", before.review, after.review)):  # fmt: skip
        if was != now:
            yield Change(name, was, now)


def _verdict(before: Decision, after: Decision) -> Change:
    refused = before if after.eligible else after
    why = ", ".join(dict.fromkeys(r.code for line in refused.lines for r in line.refusals))
    total = (after if after.eligible else before).quote
    amount = total.total if total else 0
    if after.eligible:
        return Change("granted", why, "granted", amount)
    return Change("refused", "granted", why, -amount)


def _ends(decision: Decision) -> date | None:
    """The day on which the first line closes; None when it never does."""
    window = decision.lines[0].window
    return window.closes_on if window else None


def _days(before: Decision, after: Decision) -> int:
    was, now = _ends(before), _ends(after)
    return (now - was).days if was and now else 0


def _party(decision: Decision) -> str:
    return ", ".join(line.fault.party if line.fault else "-" for line in decision.lines)


def _offers(decision: Decision) -> str:
    return "; ".join(", ".join(offer.resolution for offer in line.offers) for line in decision.lines)


def generated(before: Policy, after: Policy, *, most: int | None = None) -> list[Case]:
    """Cases in which the two may differ; of very many, `most` that are spread over all of them."""
    currencies = [c for c in before.currencies if c in after.currencies] or list(before.currencies)
    found = list(probes.grid(before, after))
    step = max(1, -(-len(found) // most)) if most else 1
    return [_generated(probe, currencies) for probe in found[::step]]


def _generated(probe: Probe, currencies: Sequence[str]) -> Case:
    return Case(
        str(probe),
        probe.reason,
        probes.order(currencies, probe),
        probes.request(probe),
        probes.instant(probe),
    )


def compare(before: Policy, after: Policy, cases: Iterable[Case]) -> tuple[int, list[Group]]:
    """How many cases were asked, and the groups of those that change, the largest first."""
    found: dict[tuple[str, str, str], Group] = {}
    count = 0
    for case in cases:
        count += 1
        answers = [_asked(policy, case) for policy in (before, after)]
        for change in changes(*answers):
            _note(found, case, change)
    return count, sorted(found.values(), key=lambda group: (-group.count, group.kind, group.what))


def _asked(policy: Policy, case: Case) -> Decision | None:
    """Both see the same and no other case, so that only the policy makes a difference."""
    try:
        return decide(policy, case.order, case.request, History(), case.at, trace=False)
    except InvalidMany:
        return None


def _note(found: dict[tuple[str, str, str], Group], case: Case, change: Change) -> None:
    if change.kind == "money":
        what = "more" if change.difference > 0 else "less"
    elif change.kind == "window":
        what = f"{change.difference:+d} days" if change.difference else f"{change.before} -> {change.after}"
    else:
        what = f"{change.before} -> {change.after}"
    moves_money, currency = change.kind in ("money", "granted", "refused"), case.order.currency
    group = found.setdefault(
        (change.kind, what, currency if moves_money else ""), Group(change.kind, what, currency)
    )
    group.count += 1
    group.difference += change.difference if moves_money else 0
    group.reasons[case.reason] = None
    if len(group.cases) < 3:
        group.cases.append(case.label)
