"""A change of a policy before it is in force: is it sound, what would it have changed, and then publish it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden, StaleVersion
from returns_service.domain.policy import Policy, PolicyErrors, load
from returns_service.store import locks, past_cases, shops
from returns_service.store.tables import PolicyVersion
from returns_service.usecases.publish_policy import changed_files, publish_policy
from returns_service.usecases.read_policies import FileChange, compare_files, newest
from returns_service.usecases.simulate_policy import Simulation

TWO_PEOPLE = "policy_two_people"
"""The setting of a shop where a second person publishes."""
LOOK_BACK = timedelta(days=90)
MOST_CASES = 1000


@dataclass
class Trial:
    """What a draft says: problems with file and line, or what would have been different."""

    problems: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    changes: list[FileChange] = field(default_factory=list)
    cases: int = 0
    changed: int = 0
    effects: list[dict[str, Any]] = field(default_factory=list)


def try_draft(session: Session, name: str, files: Mapping[str, str], *, actor: Actor, now: datetime) -> Trial:
    """Against the newest version and the newest cases of the last 90 days. Raises NotFound."""
    base = newest(session, name, actor=actor)
    trial = Trial(changes=compare_files(base.files, files))
    try:
        candidate = load(files, name=name, version=base.version + 1, laws=base.laws)
    except PolicyErrors as wrong:
        trial.problems = [_problem(found) for found in wrong.problems]
        return trial
    trial.warnings = [_problem(found) for found in candidate.warnings]
    if trial.changes:
        _tell(trial, _asked(session, candidate, actor=actor, since=now - LOOK_BACK))
    return trial


def _asked(session: Session, candidate: Policy, *, actor: Actor, since: datetime) -> Simulation:
    """What the newest cases say: as many as fit into the time of a page. All of them are for a job."""
    found = Simulation()
    for case in past_cases.newest(session, actor.shop_id, limit=MOST_CASES):
        if case.at >= since:
            found.ask(session, case, candidate)
    return found


def publish_draft(
    session: Session,
    name: str,
    files: Mapping[str, str | None],
    *,
    base: int,
    actor: Actor,
    now: datetime,
    note: str = "",
    effective_from: datetime | None = None,
) -> PolicyVersion:
    """These files in place of those of the newest version (None takes one away), in force for orders from now on.

    Raises StaleVersion (somebody published meanwhile), InvalidMany, Forbidden (the shop wants a second person), NotFound.
    """
    if not actor.may("policies"):
        raise Forbidden("missing_scope", "Only people with the right publish policies.", scope="policies")
    if shops.load(session, actor.shop_id).settings.get(TWO_PEOPLE):
        raise Forbidden(
            "second_person", "This shop wants a second person: propose the change in the console."
        )
    return publish_checked(
        session,
        name,
        files,
        base=base,
        actor=actor,
        by=actor.name,
        now=now,
        note=note,
        effective_from=effective_from,
    )


def publish_checked(
    session: Session,
    name: str,
    files: Mapping[str, str | None],
    *,
    base: int,
    actor: Actor,
    by: str,
    now: datetime,
    note: str = "",
    effective_from: datetime | None = None,
) -> PolicyVersion:
    """By whom it may be was looked at before. Raises StaleVersion, InvalidMany, NotFound."""
    locks.alone(session, actor.shop_id, "policy", name)
    known = newest(session, name, actor=actor)
    if known.version != base:
        raise StaleVersion(base, known.version)
    shop, whole = shops.load(session, actor.shop_id), changed_files(known.files, files)
    return publish_policy(
        session, shop, name, whole, known.laws, now=now, by=by, note=note, effective_from=effective_from
    )


def _problem(found: Any) -> dict[str, Any]:
    return {"file": found.file, "line": found.line, "message": found.message}


def _tell(trial: Trial, found: Simulation) -> None:
    trial.cases, trial.changed = found.cases, found.changed
    trial.effects = [effect.body() for effect in found.largest()]
