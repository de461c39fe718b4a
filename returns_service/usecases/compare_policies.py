"""What a change of policy changes for whom: both versions are asked the same, and the answers are held together."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain import money
from returns_service.domain.actor import Actor
from returns_service.domain.policy import Policy
from returns_service.domain.policy.compare import Case, Group, compare, generated
from returns_service.store import past_cases, policies
from returns_service.store.past_cases import PastCase
from returns_service.usecases.read_policies import compare_files, find_version

AT_ONCE = 400
"""So many cases fit into the time of a request; a simulation asks all of them."""


def compare_versions_by_asking(
    session: Session, name: str, old: int, new: int, *, actor: Actor
) -> dict[str, Any]:
    """Two published versions: what they answer differently, and what differs in their files. Raises NotFound."""
    before, after = (find_version(session, name, version, actor=actor) for version in (old, new))
    one, other = (policies.compiled(session, row.id) for row in (before, after))
    asked, count, groups = compare_for_shop(session, actor.shop_id, one, other, most=AT_ONCE)
    changes = compare_files(before.files, after.files)
    return {
        "name": name,
        "old": old,
        "new": new,
        "asked": asked,
        "cases": count,
        "changes": [group_body(group) for group in groups],
        "files": [
            {"name": change.name, "lines": ["".join(line) for line in change.lines]} for change in changes
        ],
    }


def compare_for_shop(
    session: Session, shop_id: UUID, before: Policy, after: Policy, *, most: int
) -> tuple[str, int, list[Group]]:
    """Asks the shop's newest cases ("stored"); made-up ones ("generated") while the shop has none."""
    past = past_cases.newest(session, shop_id, limit=most)
    if past:
        return "stored", *compare(before, after, map(_as_case, past))
    return "generated", *compare(before, after, generated(before, after, most=most))


def _as_case(past: PastCase) -> Case:
    return Case(past.number, past.request.lines[0].reason, past.order, past.request, past.at)


def group_body(group: Group) -> dict[str, Any]:
    """As programs read it."""
    moves_money = group.kind in ("money", "granted", "refused")
    return {
        "kind": group.kind,
        "what": group.what,
        "cases": group.count,
        "difference": money.text(group.difference, group.currency) if moves_money else None,
        "currency": group.currency if moves_money else None,
        "reasons": list(group.reasons),
        "examples": group.cases,
    }
