"""What a customer began and never sent is kept for two weeks; then it goes, with the photos that belong to nothing else."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.ports import FileStore
from returns_service.store import cases, photos
from returns_service.store.tables import Photo

FOLDER = "drafts"
KEPT = timedelta(days=14)


def reference_of(draft_id: str) -> str:
    """The client reference of the return that a draft becomes."""
    return f"portal-{draft_id}"


def key_of(shop_id: UUID, draft_id: str) -> str:
    return f"{FOLDER}/{shop_id}/{draft_id}.json"


def old_drafts(files: FileStore, *, now: datetime) -> Iterator[str]:
    """Keys of drafts that nobody has touched for long."""
    return files.older(f"{FOLDER}/", now - KEPT)


def forget_draft(session: Session, key: str, *, files: FileStore) -> None:
    """Remove a draft. Photos stay where it became a return or was made to change one."""
    content = files.get(key)
    shop_id, draft_id = UUID(key.split("/")[1]), key.rpartition("/")[2].removesuffix(".json")
    said = json.loads(content) if content else {}
    if not said.get("case") and cases.by_reference(session, shop_id, reference_of(draft_id)) is None:
        for line in said.get("lines", ()):
            _remove(session, photos.find(session, shop_id, line["photos"]).values(), files)
    files.delete(key)


def forget_photo(session: Session, shop_id: UUID, photo_id: str, *, files: FileStore) -> None:
    """Remove a photo that was taken out of a draft, unless a case has it."""
    _remove(session, photos.find(session, shop_id, [photo_id]).values(), files)


def _remove(session: Session, found: Iterable[Photo], files: FileStore) -> None:
    for photo in found:
        if photo.case_id is None and photo.actor.get("kind") == "customer":
            files.delete(photo.path)
            session.delete(photo)
