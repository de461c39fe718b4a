"""Policy folders into the database: every shop's policy, when its files or its floors have changed."""

import time
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import structlog

from returns_service.domain.errors import Fault, InvalidMany
from returns_service.store import policies, policy_folder, shops
from returns_service.store.tables import Shop
from returns_service.usecases.publish_policy import note_problem, publish_policy
from returns_service.usecases.runtime import Runtime

log = structlog.get_logger(__name__)

Look = tuple[tuple[str, int, int], ...]
Texts = Mapping[str, str]
SETTLED = 2.0
"""Seconds after which a folder that is seen for the first time is no longer being written."""


class Folders:
    """Remembers how the folders looked, so that a round without a change reads no file."""

    def __init__(self) -> None:
        self._seen: dict[UUID, Look] = {}
        self._last: Look | None = None

    def publish(self, runtime: Runtime) -> None:
        """Publish what changed. A broken folder is told and never replaces a good version.

        A folder that still changes is left until the next round finds it as it was: half of it may be there.
        """
        look = _look(runtime.settings.policies_dir)
        still = look == self._last if self._last is not None else _old(look)
        self._last = look
        with runtime.db.read() as session:
            changed = [
                shop
                for shop in shops.everyone(session)
                if self._seen.get(shop.id) != look and (still or not policies.any_published(session, shop.id))
            ]
        for shop in changed:
            _publish(runtime, shop)
            self._seen[shop.id] = look


def _publish(runtime: Runtime, shop: Shop) -> None:
    name = shop.policy_name
    try:
        files, laws = _read(runtime.settings.policies_dir, name)
        with runtime.db.read() as session:
            if policies.is_published(session, shop.id, name, files, laws):
                return
        with runtime.db.begin() as session:
            row = publish_policy(session, shop, name, files, laws, now=runtime.now())
        log.info("the policy in force", shop=shop.slug, policy=name, version=row.version, hash=row.hash)
    except InvalidMany as wrong:
        with runtime.db.begin() as session:
            note_problem(session, shop, name, wrong, now=runtime.now())
        for fault in wrong.faults:
            log.error(
                "a policy cannot be published",
                shop=shop.slug,
                policy=name,
                place=fault.pointer,
                why=fault.detail,
            )


def _read(root: Path, name: str) -> tuple[Texts, Texts]:
    """The files of a policy and its floors. Raises InvalidMany for a folder that cannot be read."""
    try:
        if name not in policy_folder.names(root):
            raise FileNotFoundError(f"{root / name} has no policy.yaml.")
        return policy_folder.read(root / name), policy_folder.laws(root)
    except OSError as error:
        raise InvalidMany(
            [Fault(f"{name}/", "unreadable", str(error))], "The folder cannot be read."
        ) from error


def _look(root: Path) -> Look:
    found = []
    for path in sorted(root.glob("*/*.yaml")):
        try:
            state = path.stat()
        except FileNotFoundError:  # replaced at this very moment
            continue
        found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)


def _old(look: Look) -> bool:
    """Whether nothing was written in the last moments."""
    newest = max((written for _, written, _ in look), default=0)
    return time.time() - newest / 1e9 >= SETTLED
