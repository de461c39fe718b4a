"""Read one case of the actor's shop."""

from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.store import cases
from returns_service.store.cases import CaseFile

Case = CaseFile
"""What use cases give to the edges, which only hand it on."""


def read_case(session: Session, case_id: UUID, *, actor: Actor) -> CaseFile:
    """The case, without a lock. Raises NotFound."""
    return cases.load(session, case_id, actor, lock=False)


def number_of(session: Session, case_id: str, *, actor: Actor) -> str:
    """The human number of a case. Raises NotFound."""
    return cases.load(session, UUID(case_id), actor, lock=False).row.number
