"""What the policy commands read: a folder with its floors, JSON files, instants. Unusable input ends with status 2."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from returns_service.api.parsing import parse
from returns_service.api.schemas import fields
from returns_service.domain.errors import Refusal
from returns_service.domain.policy import Policy, PolicyErrors, load
from returns_service.store import policy_folder

UNUSABLE = 2
_SHIPPED = Path(__file__).parents[3] / "policies"
Result = TypeVar("Result")


def unusable(message: str) -> NoReturn:
    """Say in one line what cannot be used, and stop."""
    click.echo(message, err=True)
    raise SystemExit(UNUSABLE)


def files(folder: Path) -> Mapping[str, str]:
    if not folder.is_dir():
        unusable(f"{folder}: there is no such folder.")
    return policy_folder.read(folder)


def laws(folder: Path) -> Mapping[str, str]:
    """The floors beside or in the folder; else those that are shipped."""
    for root in (folder, folder.resolve().parent, _SHIPPED):
        if (root / "law").is_dir():
            return policy_folder.laws(root)
    return {}


def policy(folder: Path) -> Policy:
    """The compiled policy of a folder; its problems are told with file and line."""
    try:
        return load(files(folder), laws=laws(folder))
    except PolicyErrors as wrong:
        unusable("\n".join(f"{folder}/{problem}" for problem in wrong.problems))


def json_file(path: Path) -> Any:
    """The JSON of a file; a duplicate key, a comma too many or no file at all is told."""
    try:
        return parse(path.read_bytes())
    except OSError as error:
        unusable(f"{path}: {error.strerror or error}.")
    except Refusal as refusal:
        unusable(f"{path}: {refusal.detail}")


def understood(path: Path, read: Callable[[], Result]) -> Result:
    """What a body means to the domain; what is wrong is told with its pointer."""
    try:
        return read()
    except Refusal as refusal:
        lines = [f"{path}: {fault.pointer}: {fault.detail} [{fault.code}]" for fault in refusal.faults]
        unusable("\n".join(lines) or f"{path}: {refusal.detail}")


def instant(text: str) -> datetime:
    """An RFC 3339 instant."""
    at = fields.instant(text)
    if at is None:
        unusable(f"--at: {text!r} is no instant such as 2026-10-10T12:00:00Z.")
    return at


def as_json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2, default=str)
