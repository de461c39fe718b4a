"""A change of a policy that waits for a second person, where the shop wants it so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Fault, Forbidden, InvalidMany, NotFound, StaleVersion
from returns_service.domain.policy import PolicyErrors, load
from returns_service.store import locks
from returns_service.store.tables import PolicyDraft, PolicyVersion
from returns_service.usecases.draft_policy import publish_checked
from returns_service.usecases.read_policies import newest
from returns_service.usecases.show_case import instant


def propose_policy(
    session: Session,
    name: str,
    files: Mapping[str, str],
    *,
    base: int,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> None:
    """Keep a sound change for somebody else to publish; a newer one takes its place. Raises InvalidMany, StaleVersion."""
    _need(actor)
    locks.alone(session, actor.shop_id, "policy", name)
    known = newest(session, name, actor=actor)
    if known.version != base:
        raise StaleVersion(base, known.version)
    try:
        load(files, name=name, version=base + 1, laws=known.laws)
    except PolicyErrors as wrong:
        faults = [Fault(f"{p.file}:{p.line}", p.code, p.message) for p in wrong.problems]
        raise InvalidMany(faults, "The policy cannot be proposed.") from wrong
    session.merge(
        PolicyDraft(
            shop_id=actor.shop_id,
            name=name,
            base=base,
            files=dict(files),
            note=note,
            proposed_by=actor.name,
            proposed_at=now,
        )
    )


def proposed(session: Session, name: str, *, actor: Actor) -> dict[str, Any] | None:
    """What waits, and whether this person may publish it."""
    row = session.get(PolicyDraft, (actor.shop_id, name))
    if row is None:
        return None
    return {
        "name": row.name,
        "base": row.base,
        "files": dict(row.files),
        "note": row.note,
        "by": row.proposed_by,
        "at": instant(row.proposed_at),
        "own": row.proposed_by == actor.name,
    }


def publish_proposed(session: Session, name: str, *, seen: str, actor: Actor, now: datetime) -> PolicyVersion:
    """`seen` is when the change was proposed that was looked at. Raises Forbidden (one's own), StaleVersion, NotFound."""
    _need(actor)
    locks.alone(session, actor.shop_id, "policy", name)
    row = _load(session, name, actor)
    if row.proposed_by == actor.name:
        raise Forbidden("second_person", "Somebody else must publish what you proposed.")
    if instant(row.proposed_at) != seen:
        raise StaleVersion(row.base, row.base)
    by = f"{row.proposed_by} · {actor.name}"
    published = publish_checked(
        session, name, row.files, base=row.base, actor=actor, by=by, now=now, note=row.note
    )
    session.delete(row)
    return published


def drop_proposed(session: Session, name: str, *, actor: Actor) -> None:
    """Raises NotFound."""
    _need(actor)
    session.delete(_load(session, name, actor))


def _load(session: Session, name: str, actor: Actor) -> PolicyDraft:
    row = session.get(PolicyDraft, (actor.shop_id, name))
    if row is None:
        raise NotFound("proposed change")
    return row


def _need(actor: Actor) -> None:
    if not actor.may("policies"):
        raise Forbidden("missing_scope", "Only people with the right change policies.", scope="policies")
