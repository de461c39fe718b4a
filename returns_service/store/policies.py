"""Published policy versions: stamped on orders, compiled once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from returns_service.domain.errors import Unavailable
from returns_service.domain.policy import Policy, load
from returns_service.store.tables import PolicyProblem, PolicyVersion

FOLDER = "folder"
"""Who publishes what changed on disk."""

_compiled: dict[UUID, Policy] = {}
"""Content never changes once published, so a compiled policy is good for ever."""


def compiled(session: Session, version_id: UUID) -> Policy:
    """The policy of a version, compiled at its first use in this process."""
    if version_id not in _compiled:
        row = session.exec(select(PolicyVersion).where(PolicyVersion.id == version_id)).one()
        _compiled[version_id] = load(row.files, name=row.name, version=row.version, laws=row.laws, warn=False)
    return _compiled[version_id]


def in_force(session: Session, shop_id: UUID, name: str, at: datetime) -> PolicyVersion:
    """The version in force at an instant; orders older than the first version get the first. Raises Unavailable."""
    mine = select(PolicyVersion).where(PolicyVersion.shop_id == shop_id, PolicyVersion.name == name)
    begun = mine.where(PolicyVersion.effective_from <= at).order_by(
        col(PolicyVersion.effective_from).desc(), col(PolicyVersion.version).desc()
    )
    row = (
        session.exec(begun.limit(1)).first()
        or session.exec(mine.order_by(col(PolicyVersion.version)).limit(1)).first()
    )
    if row is None:
        raise Unavailable("policy_missing", f"No version of the policy {name!r} is published yet.")
    return row


def versions(session: Session, shop_id: UUID, name: str | None = None) -> list[PolicyVersion]:
    """Newest first."""
    query = select(PolicyVersion).where(PolicyVersion.shop_id == shop_id)
    query = query.where(PolicyVersion.name == name) if name else query
    return list(session.exec(query.order_by(col(PolicyVersion.name), col(PolicyVersion.version).desc())))


def is_published(
    session: Session, shop_id: UUID, name: str, files: Mapping[str, str], laws: Mapping[str, str]
) -> bool:
    """Whether a folder with these texts says nothing new: it was read before, and nothing was wrong with it.

    What people published since then stays in force; the folder speaks again when it is changed.
    """
    if session.get(PolicyProblem, (shop_id, name)) is not None:
        return False
    known = versions(session, shop_id, name)
    read = [row for row in known if row.published_by == FOLDER]
    return any(row.files == dict(files) and row.laws == dict(laws) for row in (*known[:1], *read[:1]))


def any_published(session: Session, shop_id: UUID | None = None) -> bool:
    """Whether there is any policy to decide with: of this shop, or at all."""
    query = select(PolicyVersion.id).limit(1)
    return (
        session.exec(query.where(PolicyVersion.shop_id == shop_id) if shop_id else query).first() is not None
    )


def problems(session: Session) -> list[PolicyProblem]:
    """Folders that cannot be published, of every shop."""
    return list(session.exec(select(PolicyProblem)))
