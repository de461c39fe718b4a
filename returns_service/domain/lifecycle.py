"""The state machines, as tables. Pure: a move asks guards, names the next state and does nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol, cast

from transitions import EventData, Machine

from returns_service.domain.errors import IllegalMove

FINAL = frozenset({"refunded", "replaced", "closed"})
ENDED = frozenset({"cancelled", "expired"})
OVER = FINAL | ENDED | {"rejected"}
"""The case is closed and holds no units, until something opens it again."""
STATES = (
    "requested",
    "info_requested",
    "approved",
    "rejected",
    "shipped_back",
    "received",
    "inspected",
    "settling",
    "refunded",
    "replaced",
    "closed",
    "cancelled",
    "expired",
)


@dataclass
class Situation:
    """What the guards may look at. A failed guard adds its sentence to `reasons`."""

    state: str
    goods_return: bool = True
    """Something is to come back."""
    units_free: bool = True
    """The units could be held (again)."""
    advanced: bool = False
    """Money or goods moved before the goods were in."""
    all_inspected: bool = False
    """Every received unit is inspected."""
    awaiting: bool = True
    """Units are still to arrive."""
    counted: bool = False
    """Units have arrived."""
    came_from: str = "shipped_back"
    """The state before the first of them was counted in."""
    money_moved: bool = False
    """Refunds, credits or replacements exist that were not called off."""
    choice_open: bool = False
    owed: bool = False
    """Something is still to be paid, sent or chosen."""
    outcome: str = "closed"
    """refunded, replaced or closed: what the settlement brought."""
    reasons: list[str] = field(default_factory=list)

    def need(self, holds: bool, otherwise: str) -> bool:
        if not holds:
            self.reasons.append(otherwise)
        return holds


class Living(Protocol):
    """Anything whose state the lifecycle writes."""

    state: str

    def situation(self) -> Situation: ...


def _guard(check: Callable[[Situation], bool], otherwise: str) -> Callable[[EventData], bool]:
    def guard(event: EventData) -> bool:
        found = cast(Situation, event.model)
        return found.need(check(found), otherwise)

    guard.__doc__ = otherwise
    return guard


GOODS_RETURN = _guard(lambda s: s.goods_return, "Nothing is to be sent back in this case.")
NOTHING_RETURNS = _guard(lambda s: not s.goods_return, "The goods must arrive and be inspected first.")
UNITS_FREE = _guard(lambda s: s.units_free, "Another case holds the units now.")
ADVANCED = _guard(lambda s: s.advanced, "Nothing was paid or sent in advance.")
NOT_ADVANCED = _guard(lambda s: not s.advanced, "Money or goods already went out in advance.")
ALL_INSPECTED = _guard(lambda s: s.all_inspected, "Received units still wait for inspection.")
COMPLETE = _guard(lambda s: s.all_inspected and not s.awaiting, "Units still wait for arrival or inspection.")
SOME_CAME = _guard(lambda s: s.counted, "No unit has arrived.")
NOTHING_CAME = _guard(lambda s: not s.counted, "Units have arrived already.")
INCOMPLETE = _guard(lambda s: not s.all_inspected or s.awaiting, "Every unit is in and inspected.")
BEFORE_MONEY = _guard(lambda s: not s.money_moved or s.advanced, "Money already moved on this inspection.")
CHOICE_OPEN = _guard(lambda s: s.choice_open, "No choice is open.")
NOTHING_OWED = _guard(lambda s: not s.owed, "Something is still owed.")
ENDS_REFUNDED = _guard(lambda s: s.outcome == "refunded", "No money went back, or goods went out.")
ENDS_REPLACED = _guard(lambda s: s.outcome == "replaced", "No goods went out.")
ENDS_CLOSED = _guard(lambda s: s.outcome == "closed", "Something went out.")


def _came_from(state: str) -> Callable[[EventData], bool]:
    return _guard(lambda s: s.came_from == state, f"The return was not {state} before the count.")


Row = tuple[str, str, str, tuple[Callable[[EventData], bool], ...]]

TABLE: tuple[Row, ...] = (
    # the parcel may be faster than the decision
    ("approve", "requested", "received", (SOME_CAME,)),
    ("approve", "requested", "approved", ()),
    ("approve", "rejected", "received", (UNITS_FREE, SOME_CAME)),
    ("approve", "rejected", "approved", (UNITS_FREE,)),
    ("reject", "requested", "rejected", ()),
    ("ask", "requested", "info_requested", ()),
    ("answer", "info_requested", "requested", ()),
    # the customer asks for something else: who decides looks again
    ("change", "requested", "requested", (NOTHING_CAME,)),
    ("change", "info_requested", "requested", (NOTHING_CAME,)),
    ("change", "approved", "requested", (NOT_ADVANCED, NOTHING_CAME)),
    ("cancel", "requested", "cancelled", (NOTHING_CAME,)),
    ("cancel", "info_requested", "cancelled", (NOTHING_CAME,)),
    ("cancel", "approved", "cancelled", (NOT_ADVANCED,)),
    ("expire", "info_requested", "expired", (NOTHING_CAME,)),
    ("expire", "approved", "expired", (NOT_ADVANCED,)),
    ("expire", "approved", "settling", (ADVANCED,)),
    ("expire", "shipped_back", "expired", (NOT_ADVANCED,)),
    ("expire", "shipped_back", "settling", (ADVANCED,)),
    ("ship", "approved", "shipped_back", (GOODS_RETURN,)),
    ("lost", "shipped_back", "settling", ()),
    ("advance", "approved", "approved", (GOODS_RETURN,)),
    ("advance", "shipped_back", "shipped_back", ()),
    ("advance", "received", "received", ()),
    # a parcel is always receivable; before approval and while settling it only counts units
    ("receive", "requested", "requested", ()),
    ("receive", "info_requested", "info_requested", ()),
    ("receive", "approved", "received", ()),
    ("receive", "shipped_back", "received", ()),
    ("receive", "received", "received", ()),
    ("receive", "inspected", "received", ()),
    ("receive", "settling", "settling", ()),
    # goods that arrive after the end reopen the case where their units can be held again
    ("receive", "rejected", "received", (UNITS_FREE,)),
    ("receive", "refunded", "received", (UNITS_FREE,)),
    ("receive", "replaced", "received", (UNITS_FREE,)),
    ("receive", "closed", "received", (UNITS_FREE,)),
    ("receive", "cancelled", "received", (UNITS_FREE,)),
    ("receive", "expired", "received", (UNITS_FREE,)),
    ("inspect", "received", "inspected", (COMPLETE,)),
    ("inspect", "received", "received", (INCOMPLETE,)),
    ("inspect", "inspected", "inspected", (BEFORE_MONEY,)),
    # a slip of the hand at the bench
    ("take_back", "requested", "requested", ()),
    ("take_back", "info_requested", "info_requested", ()),
    *(
        ("take_back", "received", before, (NOTHING_CAME, _came_from(before)))
        for before in ("approved", "rejected", "closed", "cancelled", "expired")
    ),
    ("take_back", "received", "shipped_back", (NOTHING_CAME,)),
    ("take_back", "received", "inspected", (COMPLETE,)),
    ("take_back", "received", "received", ()),
    ("take_back", "inspected", "received", (BEFORE_MONEY,)),
    ("settle", "approved", "settling", (NOTHING_RETURNS,)),
    ("settle", "received", "settling", (ALL_INSPECTED,)),
    ("settle", "inspected", "settling", ()),
    ("choose", "settling", "settling", (CHOICE_OPEN,)),
    ("settled", "settling", "refunded", (NOTHING_OWED, ENDS_REFUNDED)),
    ("settled", "settling", "replaced", (NOTHING_OWED, ENDS_REPLACED)),
    ("settled", "settling", "closed", (NOTHING_OWED, ENDS_CLOSED)),
    ("reopen", "refunded", "settling", ()),
    ("reopen", "replaced", "settling", ()),
    ("reopen", "closed", "settling", ()),
)

REACHED = {
    "approve": {"approved"},
    "reject": {"rejected"},
    "ask": {"info_requested"},
    "cancel": {"cancelled"},
    "expire": {"expired"},
    "settle": {"settling", *FINAL},
}
"""A move that already led here is answered without being done again."""

PUBLIC = (
    "approve",
    "reject",
    "ask",
    "answer",
    "cancel",
    "ship",
    "lost",
    "receive",
    "inspect",
    "advance",
    "settle",
    "choose",
)
"""Moves that people and programs may ask for; the others follow by themselves."""

REFUND_TABLE: tuple[tuple[str, str, str], ...] = (
    ("release", "awaiting_release", "pending"),
    ("succeed", "pending", "succeeded"),
    ("succeed", "unknown", "succeeded"),
    ("succeed", "manual", "succeeded"),
    ("fail", "awaiting_release", "failed"),
    ("fail", "pending", "failed"),
    ("fail", "unknown", "failed"),
    ("fail", "manual", "failed"),
    ("fail", "succeeded", "failed"),
    ("doubt", "pending", "unknown"),
    ("doubt", "unknown", "unknown"),
    ("give_up", "pending", "manual"),
    ("give_up", "unknown", "manual"),
    ("retry", "failed", "pending"),
    ("retry", "unknown", "pending"),
)
REPLACEMENT_TABLE: tuple[tuple[str, str, str], ...] = (
    ("pay", "awaiting_payment", "requested"),
    ("secure", "awaiting_payment", "requested"),
    ("ship", "requested", "shipped"),
    ("fail", "requested", "failed"),
    ("fail", "awaiting_payment", "failed"),
    ("cancel", "requested", "cancelled"),
    ("cancel", "awaiting_payment", "cancelled"),
    ("cancel", "failed", "cancelled"),
    ("retry", "failed", "requested"),
)
OBJECTION_TABLE: tuple[tuple[str, str, str], ...] = (
    ("grant", "open", "granted"),
    ("dismiss", "open", "dismissed"),
    ("withdraw", "open", "withdrawn"),
)


def _machine(rows: tuple[Any, ...]) -> Machine:
    states = sorted({row[1] for row in rows} | {row[2] for row in rows})
    machine = Machine(model=None, states=states, initial=None, auto_transitions=False, send_event=True)
    for trigger, source, dest, *guards in rows:
        machine.add_transition(trigger, source, dest, conditions=list(guards[0]) if guards else None)
    return machine


CASE = _machine(TABLE)
REFUND = _machine(REFUND_TABLE)
REPLACEMENT = _machine(REPLACEMENT_TABLE)
OBJECTION = _machine(OBJECTION_TABLE)


def done(living: Living, trigger: str) -> bool:
    """True when the move already led to the present state: answer, record nothing."""
    return living.state in REACHED.get(trigger, ())


def move(living: Living, trigger: str) -> str:
    """Make one move of a case and give the state it came from. Raises IllegalMove with reasons and what is allowed."""
    found, before = living.situation(), living.state
    if not _fires(CASE, found, trigger):
        raise IllegalMove(trigger, before, found.reasons, actions(living.situation()))
    living.state = found.state
    return before


def require(living: Living, trigger: str) -> None:
    """Raises IllegalMove when the move is not possible now; makes none."""
    found = living.situation()
    if not can(found, trigger):
        _fires(CASE, found, trigger)
        raise IllegalMove(trigger, living.state, found.reasons, actions(living.situation()))


def actions(found: Situation) -> list[str]:
    """The public moves that are possible now, in the order of the table."""
    return list(_actions(tuple(vars(found).values())[:-1]))  # all but the reasons


@lru_cache(4096)
def _actions(facts: tuple[Any, ...]) -> tuple[str, ...]:
    found = Situation(*facts)
    return tuple(trigger for trigger in PUBLIC if can(found, trigger))


def can(found: Situation, trigger: str) -> bool:
    """Whether a move is possible, without making it."""
    return _fires(CASE, replace(found, reasons=[]), trigger)


def step(machine: Machine, thing: Any, trigger: str) -> None:
    """Move a refund, replacement or objection. Raises IllegalMove."""
    found = Situation(state=thing.state)
    if not _fires(machine, found, trigger):
        allowed = machine.get_triggers(thing.state)
        raise IllegalMove(
            trigger, thing.state, [f"What is {thing.state} cannot {trigger.replace('_', ' ')}."], allowed
        )
    thing.state = found.state


def _fires(machine: Machine, found: Situation, trigger: str) -> bool:
    event = machine.events.get(trigger)
    if event is None or not event.transitions.get(found.state):
        return False
    return bool(event.trigger(found))


def diagram() -> str:
    """The case's machine as a Mermaid diagram, made from the table."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for trigger, source, dest, _ in TABLE:
        arrows.setdefault((source, dest), []).append(trigger)
    lines = ["stateDiagram-v2", "    [*] --> requested"]
    lines += [
        f"    {source} --> {dest}: {', '.join(triggers)}" for (source, dest), triggers in arrows.items()
    ]
    lines += [f"    {state} --> [*]" for state in (*sorted(FINAL), *sorted(ENDED))]
    return "\n".join(lines)
