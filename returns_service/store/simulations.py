"""Policies that are tried on the past: jobs with their progress, moved on by one worker at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from returns_service.domain.errors import NotFound
from returns_service.store.db import changed
from returns_service.store.tables import SimulationRow


def load(session: Session, shop_id: UUID, name: str, simulation_id: UUID) -> SimulationRow:
    """Raises NotFound."""
    row = session.get(SimulationRow, simulation_id)
    if row is None or (row.shop_id, row.name) != (shop_id, name):
        raise NotFound("simulation")
    return row


def newest(session: Session, shop_id: UUID, name: str, *, limit: int) -> list[SimulationRow]:
    """Those that were asked for last."""
    query = select(SimulationRow).where(SimulationRow.shop_id == shop_id, SimulationRow.name == name)
    return list(session.exec(query.order_by(col(SimulationRow.id).desc()).limit(limit)))


def advance(session: Session, row: SimulationRow, **values: Any) -> bool:
    """Move it on from where `row` stands; False when somebody else has done so."""
    change = update(SimulationRow).where(
        col(SimulationRow.id) == row.id,
        col(SimulationRow.cursor).is_not_distinct_from(row.cursor),
        col(SimulationRow.state).in_(("waiting", "running")),
    )
    return changed(session, change.values(**values)) == 1


def forget(session: Session, *, before: datetime) -> int:
    """Remove what was asked for long ago."""
    return changed(session, delete(SimulationRow).where(col(SimulationRow.created_at) < before))
