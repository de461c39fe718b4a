"""Publish a version of a policy."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

from sqlmodel import Session, col, select

from returns_service.domain.errors import Fault, InvalidMany
from returns_service.domain.policy import Policy, PolicyErrors, load
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
    by: str = policies.FOLDER,
    note: str = "",
    effective_from: datetime | None = None,
) -> PolicyVersion:
    """The new version, or the present one when nothing changed; in force for orders placed from its date.

    Its date is the one asked for, else the one written in policy.yaml; never before now, unless it is the first.
    Raises InvalidMany with file and line of everything that is wrong; then nothing is written.
    """
    locks.alone(session, shop.id, "policy", name)
    known = policies.versions(session, shop.id, name)
    version = known[0].version + 1 if known else 1
    policy = readable(files, laws, name=name, version=version)
    _forget_problem(session, shop, name)
    if known and known[0].hash == policy.ref.hash:
        return known[0]
    row = PolicyVersion(
        shop_id=shop.id,
        name=name,
        version=version,
        hash=policy.ref.hash,
        effective_from=_begins(policy, effective_from, now, first=not known),
        files=dict(files),
        laws=dict(laws),
        published_by=by,
        note=note,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def changed_files(files: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The files with some put in place of others; None takes one away."""
    return {name: text for name, text in {**files, **changes}.items() if text is not None}


def readable(files: Mapping[str, str], laws: Mapping[str, str], *, name: str, version: int) -> Policy:
    """The files as a policy. Raises InvalidMany with file and line of everything that is wrong."""
    try:
        return load(files, name=name, version=version, laws=laws, warn=False)
    except PolicyErrors as wrong:
        faults = [Fault(f"{p.file}:{p.line}", p.code, p.message) for p in wrong.problems]
        raise InvalidMany(faults, "These files are no policy.") from wrong


def _begins(policy: Policy, asked: datetime | None, now: datetime, *, first: bool) -> datetime:
    """From when on orders fall under it. What was placed before keeps the version it was placed under."""
    written = policy.effective_from
    begins = asked
    if begins is None and written is not None:
        begins = datetime.combine(written, time(), policy.zone("")).astimezone(UTC)
    if begins is None:
        return now
    return begins if first else max(begins, now)


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
