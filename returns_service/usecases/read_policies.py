"""The published versions of a shop's policies: what they say and how they differ."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import NotFound
from returns_service.store import policies
from returns_service.store.tables import PolicyVersion
from returns_service.usecases.show_case import instant


@dataclass(frozen=True)
class FileChange:
    """One file of two versions, line by line: (sign, text), with sign "+", "-", " " or "@"."""

    name: str
    lines: tuple[tuple[str, str], ...]


def list_versions(session: Session, *, actor: Actor) -> list[dict[str, Any]]:
    """All versions of all policies, newest first within each."""
    return [version_body(row) for row in policies.versions(session, actor.shop_id)]


def read_version(session: Session, name: str, version: int, *, actor: Actor) -> dict[str, Any]:
    """One version with its files. Raises NotFound."""
    row = find_version(session, name, version, actor=actor)
    return {
        **version_body(row),
        "files": dict(sorted(row.files.items())),
        "laws": dict(sorted(row.laws.items())),
    }


def compare_versions(session: Session, name: str, old: int, new: int, *, actor: Actor) -> list[FileChange]:
    """What changed from one version to another, file by file. Raises NotFound."""
    before, after = (find_version(session, name, version, actor=actor) for version in (old, new))
    return compare_files(before.files, after.files)


def compare_files(old: Mapping[str, str], new: Mapping[str, str]) -> list[FileChange]:
    """What changed, file by file."""
    changes = [_compare(file, old.get(file, ""), new.get(file, "")) for file in sorted({*old, *new})]
    return [change for change in changes if change.lines]


def newest(session: Session, name: str, *, actor: Actor) -> PolicyVersion:
    """Raises NotFound."""
    found = policies.versions(session, actor.shop_id, name)
    if not found:
        raise NotFound("policy")
    return found[0]


def _compare(name: str, old: str, new: str) -> FileChange:
    found = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))[2:]
    return FileChange(name, tuple((line[:1] or " ", line[1:] if line[:1] != "@" else line) for line in found))


def find_version(session: Session, name: str, version: int, *, actor: Actor) -> PolicyVersion:
    """Raises NotFound."""
    for row in policies.versions(session, actor.shop_id, name):
        if row.version == version:
            return row
    raise NotFound("policy version")


def version_body(row: PolicyVersion) -> dict[str, Any]:
    return {
        "name": row.name,
        "version": row.version,
        "hash": row.hash,
        "effective_from": instant(row.effective_from),
        "published_by": row.published_by,
        "note": row.note,
        "created_at": instant(row.created_at),
    }


def reason_words(
    session: Session, name: str, language: str, *, actor: Actor, now: datetime
) -> dict[str, str]:
    """The reasons of the policy in force, in words."""
    row = policies.in_force(session, actor.shop_id, name, now)
    return {
        code: found.words(language) for code, found in policies.compiled(session, row.id).reason_table.items()
    }


def in_force(session: Session, name: str, *, actor: Actor, now: datetime) -> int:
    """The version that an order placed now gets."""
    return policies.in_force(session, actor.shop_id, name, now).version
