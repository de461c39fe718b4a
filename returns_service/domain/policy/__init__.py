"""The policy engine: files to a compiled policy, facts to a decision. Pure: no clock, no input or output."""

from returns_service.domain.decision import Quote
from returns_service.domain.policy.bench_answers import Claim, check_units, inspection_form, propose
from returns_service.domain.policy.deadlines import REFUND, deadlines
from returns_service.domain.policy.decide import decide, returnable
from returns_service.domain.policy.levels import (
    channels,
    evidence_until,
    lookback_from,
    objecting,
    settles_itself,
)
from returns_service.domain.policy.loader import load
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.problems import PolicyErrors, Problem
from returns_service.domain.policy.reasons import fitting
from returns_service.domain.policy.retelling import retelling
from returns_service.domain.policy.settle import settle
from returns_service.domain.policy.verdict import Verdict, verdict


def nothing() -> Quote:
    """The quote of a case that brings nothing."""
    return Quote()


__all__ = [
    "REFUND",
    "Claim",
    "Policy",
    "PolicyErrors",
    "Problem",
    "Verdict",
    "channels",
    "check_units",
    "deadlines",
    "decide",
    "evidence_until",
    "fitting",
    "inspection_form",
    "load",
    "lookback_from",
    "nothing",
    "objecting",
    "propose",
    "retelling",
    "returnable",
    "settle",
    "settles_itself",
    "verdict",
]
