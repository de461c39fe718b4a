"""Try a policy on the shop's own past: which verdicts and how much money it would have changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.decision import Decision
from returns_service.domain.errors import InvalidMany
from returns_service.domain.policy import Policy, decide
from returns_service.domain.policy.compare import Change, changes
from returns_service.domain.request import History
from returns_service.store import past_cases, policies
from returns_service.store.past_cases import PastCase

_SHOWN = 5
Told = Callable[[int, int], None]


@dataclass
class Effect:
    """Cases that would have ended differently in the same way; money in minor units of the currency."""

    kind: str
    currency: str
    count: int = 0
    difference: int = 0
    numbers: list[str] = field(default_factory=list)
    """The first few cases, by their number."""

    def body(self) -> dict[str, Any]:
        """As programs read it; a change that moves no money has no difference."""
        difference = money.text(self.difference, self.currency) if self.currency else None
        return {
            "kind": self.kind,
            "cases": self.count,
            "difference": difference,
            "currency": self.currency or None,
            "numbers": self.numbers,
        }


@dataclass
class Simulation:
    """What would have been different."""

    cases: int = 0
    changed: int = 0
    effects: dict[tuple[str, str], Effect] = field(default_factory=dict)
    last: UUID | None = None
    """The case that was asked last."""

    def largest(self) -> list[Effect]:
        """The effects, those on most cases first."""
        return sorted(self.effects.values(), key=lambda effect: (-effect.count, effect.kind, effect.currency))

    def ask(self, session: Session, case: PastCase, candidate: Policy) -> None:
        """Decide one case anew, by the version it fell under and by the candidate.

        Both see the same facts: the order as it stands and no other case, so that only the policy makes a difference.
        """
        then = policies.compiled(session, case.policy_version_id)
        differences = list(changes(_decided(then, case), _decided(candidate, case)))
        self.cases, self.last = self.cases + 1, case.id
        self.changed += bool(differences)
        for change in differences:
            self._note(change, case)

    def _note(self, change: Change, case: PastCase) -> None:
        currency = case.currency if change.kind in ("money", "granted", "refused") else ""
        effect = self.effects.setdefault((change.kind, currency), Effect(change.kind, currency))
        effect.count += 1
        effect.difference += change.difference if currency else 0
        if len(effect.numbers) < _SHOWN:
            effect.numbers.append(case.number)


def simulate_policy(
    session: Session, shop_id: UUID, candidate: Policy, *, since: datetime, told: Told | None = None
) -> Simulation:
    """Decide every case since an instant anew."""
    count, found = past_cases.count(session, shop_id, since=since), Simulation()
    for case in past_cases.walk(session, shop_id, since=since):
        found.ask(session, case, candidate)
        if told is not None and found.cases % 50 == 0:
            told(found.cases, count)
    if told is not None:
        told(found.cases, count)
    return found


def _decided(policy: Policy, case: PastCase) -> Decision | None:
    """None when the policy does not know a word of the request."""
    try:
        return decide(policy, case.order, case.request, History(), case.at, trace=False)
    except InvalidMany:
        return None
