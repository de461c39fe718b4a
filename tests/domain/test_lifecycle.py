"""The lifecycle is exactly its table: guards give reasons, forbidden moves say what is allowed, nothing is kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns_service.domain import lifecycle
from returns_service.domain.errors import IllegalMove
from returns_service.domain.lifecycle import PUBLIC, STATES, TABLE, Situation

TRIGGERS = sorted({row[0] for row in TABLE})
BOOLS = (
    "goods_return",
    "units_free",
    "advanced",
    "all_inspected",
    "awaiting",
    "money_moved",
    "choice_open",
    "owed",
    "counted",
)


@dataclass
class Case:
    state: str
    facts: Situation = field(default_factory=lambda: Situation("requested"))

    def situation(self) -> Situation:
        return replace(self.facts, state=self.state, reasons=[])


situations = st.builds(
    Situation,
    state=st.sampled_from(STATES),
    outcome=st.sampled_from(("refunded", "replaced", "closed")),
    **{name: st.booleans() for name in BOOLS},
)


@given(facts=situations, trigger=st.sampled_from(TRIGGERS))
def test_a_move_follows_a_row_of_the_table_or_is_refused_with_what_is_allowed(
    facts: Situation, trigger: str
) -> None:
    case = Case(facts.state, facts)
    allowed = lifecycle.actions(case.situation())
    try:
        before = lifecycle.move(case, trigger)
    except IllegalMove as refusal:
        assert case.state == facts.state
        assert refusal.extra == {"state": facts.state, "actions": allowed}
        assert trigger not in allowed
    else:
        assert before == facts.state
        assert (trigger, before, case.state) in {row[:3] for row in TABLE}
        assert trigger in allowed or trigger not in PUBLIC


@given(facts=situations)
def test_looking_at_what_is_allowed_changes_nothing(facts: Situation) -> None:
    before = replace(facts)
    lifecycle.actions(facts)
    assert facts == before


def test_a_failed_guard_gives_its_reason() -> None:
    case = Case("approved", Situation("approved", advanced=True))
    with pytest.raises(IllegalMove, match="already went out in advance"):
        lifecycle.move(case, "cancel")


def test_an_unknown_move_is_refused_like_a_forbidden_one() -> None:
    with pytest.raises(IllegalMove):
        lifecycle.move(Case("approved"), "teleport")


def test_an_approval_is_never_overturned() -> None:
    assert not [row for row in TABLE if row[0] == "reject" and row[1] != "requested"]


def test_a_received_case_cannot_be_cancelled() -> None:
    with pytest.raises(IllegalMove, match="received cannot cancel"):
        lifecycle.move(Case("received"), "cancel")


def test_threads_do_not_disturb_each_other() -> None:
    def many(_: int) -> str:
        for _ in range(200):
            case = Case("requested")
            lifecycle.move(case, "approve")
            assert case.state == "approved"
        return case.state

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(many, range(8))) == {"approved"}


def test_the_machine_keeps_no_case() -> None:
    lifecycle.move(Case("requested"), "approve")
    assert lifecycle.CASE.models == []


def test_the_diagram_shows_every_row() -> None:
    drawn = lifecycle.diagram()
    for trigger, source, dest, _ in TABLE:
        line = next(line for line in drawn.splitlines() if line.strip().startswith(f"{source} --> {dest}:"))
        assert trigger in line
