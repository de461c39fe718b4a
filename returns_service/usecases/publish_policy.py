"""Publish a version of a policy."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from returns_service.domain.errors import Fault, InvalidMany
from returns_service.domain.policy import PolicyErrors, load
from returns_service.store import locks, policies
from returns_service.store.tables import PolicyProblem, PolicyVersion, Shop


def publish_policy(
    session: Session,
    shop: Shop,
    name: str,
    files: Mapping[str, str],
    laws: Mapping[str, str],
    *,
    now: datetime,
    by: str = "folder",
    effective_from: datetime | None = None,
) -> PolicyVersion:
    """The new version, or the present one when nothing changed; in force for orders placed from its date.

    Raises InvalidMany with file and line of everything that is wrong; then nothing is written.
    """
    locks.alone(session, shop.id, "policy", name)
    known = policies.versions(session, shop.id, name)
    version = known[0].version + 1 if known else 1
    try:
        policy = load(files, name=name, version=version, laws=laws)
    except PolicyErrors as wrong:
        raise InvalidMany(
            [Fault(f"{p.file}:{p.line}", p.code, p.message) for p in wrong.problems],
            "The policy cannot be published.",
        ) from wrong
    _forget_problem(session, shop, name)
    if known and known[0].hash == policy.ref.hash:
        return known[0]
    row = PolicyVersion(
        shop_id=shop.id,
        name=name,
        version=version,
        hash=policy.ref.hash,
        effective_from=effective_from or now,
        files=dict(files),
        laws=dict(laws),
        published_by=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def note_problem(session: Session, shop: Shop, name: str, wrong: InvalidMany, *, now: datetime) -> None:
    """Raise the alarm about a folder that cannot be published; /readyz and the metrics show it."""
    found = [{"place": fault.pointer, "code": fault.code, "message": fault.detail} for fault in wrong.faults]
    row = session.get(PolicyProblem, (shop.id, name)) or PolicyProblem(shop_id=shop.id, name=name, since=now)
    row.problems = found
    session.add(row)


def _forget_problem(session: Session, shop: Shop, name: str) -> None:
    query = select(PolicyProblem).where(PolicyProblem.shop_id == shop.id, col(PolicyProblem.name) == name)
    for row in session.exec(query):
        session.delete(row)
