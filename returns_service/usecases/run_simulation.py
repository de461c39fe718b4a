"""Move a simulation on by some cases. Where it stands is in the database, so another worker can go on from there."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.errors import InvalidMany
from returns_service.domain.policy import Policy
from returns_service.store import past_cases, simulations
from returns_service.store.tables import SimulationRow
from returns_service.usecases.publish_policy import readable
from returns_service.usecases.simulate_policy import Effect, Simulation

AT_ONCE = 500


def living(session: Session, simulation_id: UUID) -> SimulationRow | None:
    """The simulation, if there is still something to ask."""
    row = session.get(SimulationRow, simulation_id)
    return row if row is not None and row.state in ("waiting", "running") else None


def candidate_of(row: SimulationRow) -> Policy:
    """The policy that is tried. Raises InvalidMany when this release can no longer read it."""
    return readable(row.files, row.laws, name=row.name, version=row.base + 1)


def ask_next(session: Session, row: SimulationRow, candidate: Policy) -> Simulation:
    """What the next cases say, added to what was found before."""
    found = Simulation(changed=row.changed, last=row.cursor)
    for effect in row.effects:
        found.effects[effect["kind"], effect["currency"]] = Effect(**effect)
    for case in past_cases.walk(session, row.shop_id, since=row.since, after=row.cursor, limit=AT_ONCE):
        found.ask(session, case, candidate)
    return found


def keep_progress(session: Session, row: SimulationRow, found: Simulation, *, now: datetime) -> bool:
    """Write what was found; False when another worker was faster and this counts for nothing."""
    done, more = row.done + found.cases, found.cases == AT_ONCE
    return simulations.advance(
        session,
        row,
        state="running" if more else "done",
        done=done,
        cases=max(row.cases, done) if more else done,
        changed=found.changed,
        effects=[asdict(effect) for effect in found.largest()],
        cursor=found.last,
        updated_at=now,
    )


def give_up(session: Session, row: SimulationRow, wrong: InvalidMany, *, now: datetime) -> None:
    """The text can no longer be read; people are told why."""
    said = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in wrong.faults)
    simulations.advance(session, row, state="failed", problem=said or wrong.detail, updated_at=now)
