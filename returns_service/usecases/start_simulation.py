"""Ask for a policy to be tried on the past; the work is done after the commit, with progress to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.render import instant
from returns_service.store import outbox, past_cases, simulations
from returns_service.store.tables import SimulationRow
from returns_service.usecases.publish_policy import changed_files, readable
from returns_service.usecases.read_policies import find_version, newest
from returns_service.usecases.simulate_policy import Effect

LOOK_BACK = timedelta(days=90)
MOST_SHOWN = 50


@dataclass(frozen=True)
class Wanted:
    """What to try: a published version (the newest without a number), with some of its files changed or added."""

    version: int | None = None
    files: Mapping[str, str | None] = field(default_factory=dict)
    since: datetime | None = None


def start_simulation(
    session: Session, name: str, wanted: Wanted, *, actor: Actor, now: datetime
) -> SimulationRow:
    """The job. Raises NotFound; InvalidMany for files that are no policy."""
    base = (
        newest(session, name, actor=actor)
        if wanted.version is None
        else find_version(session, name, wanted.version, actor=actor)
    )
    files = changed_files(base.files, wanted.files)
    readable(files, base.laws, name=name, version=base.version + 1)
    since = wanted.since or now - LOOK_BACK
    row = SimulationRow(
        shop_id=actor.shop_id,
        name=name,
        base=base.version,
        files=files,
        laws=base.laws,
        since=since,
        cases=past_cases.count(session, actor.shop_id, since=since),
        actor=actor.body(),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    outbox.add(session, "simulate", str(row.id), shop_id=actor.shop_id, now=now)
    return row


def read_simulation(session: Session, name: str, simulation_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """How far it is, and what it has found so far. Raises NotFound."""
    return simulation_body(simulations.load(session, actor.shop_id, name, simulation_id))


def tried_files(
    session: Session, name: str, simulation_id: UUID, *, actor: Actor
) -> tuple[int, dict[str, str]]:
    """What was tried, and the version it was written on. Raises NotFound."""
    row = simulations.load(session, actor.shop_id, name, simulation_id)
    return row.base, dict(sorted(row.files.items()))


def list_simulations(session: Session, name: str, *, actor: Actor) -> list[dict[str, Any]]:
    """The newest ones. Raises NotFound for a policy that is not there."""
    newest(session, name, actor=actor)
    return [
        simulation_body(row) for row in simulations.newest(session, actor.shop_id, name, limit=MOST_SHOWN)
    ]


def simulation_body(row: SimulationRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "base": row.base,
        "since": instant(row.since),
        "state": row.state,
        "cases": row.cases,
        "done": row.done,
        "changed": row.changed,
        "effects": [Effect(**effect).body() for effect in row.effects],
        "problem": row.problem,
        "actor": row.actor,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
        "links": {"self": f"/v1/policies/{row.name}/simulations/{row.id}"},
    }
