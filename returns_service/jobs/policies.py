"""Policy folders into the database: every shop's policy, when its files or its floors have changed."""

from pathlib import Path
from uuid import UUID

import structlog

from returns_service.domain.errors import InvalidMany
from returns_service.store import policies, policy_folder, shops
from returns_service.store.tables import Shop
from returns_service.usecases.publish_policy import note_problem, publish_policy
from returns_service.usecases.runtime import Runtime

log = structlog.get_logger(__name__)

Look = tuple[tuple[str, int, int], ...]


class Folders:
    """Remembers how the folders looked, so that a round without a change reads no file."""

    def __init__(self) -> None:
        self._seen: dict[UUID, Look] = {}

    def publish(self, runtime: Runtime) -> None:
        """Publish what changed. A broken folder is told and never replaces a good version."""
        look = _look(runtime.settings.policies_dir)
        with runtime.db.read() as session:
            changed = [shop for shop in shops.everyone(session) if self._seen.get(shop.id) != look]
        for shop in changed:
            _publish(runtime, shop)
            self._seen[shop.id] = look


def _publish(runtime: Runtime, shop: Shop) -> None:
    root = runtime.settings.policies_dir
    name = shop.policy_name
    if name not in policy_folder.names(root):
        log.error("a shop's policy has no folder", shop=shop.slug, policy=name)
        return
    files, laws = policy_folder.read(root / name), policy_folder.laws(root)
    with runtime.db.read() as session:
        if policies.is_newest(session, shop.id, name, files, laws):
            return
    try:
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


def _look(root: Path) -> Look:
    found = []
    for path in sorted(root.glob("*/*.yaml")):
        state = path.stat()
        found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)
