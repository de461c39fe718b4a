"""What a customer began and never sent is kept for two weeks; then it goes, with the photos that belong to nothing else.

A photo that was uploaded for an answer or a message is noted as a draft of its own until it is known to have been sent."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.ports import FileStore
from returns_service.store import cases, photos, portal
from returns_service.store.tables import Photo
from returns_service.usecases.photos_of_case import photos_in

FOLDER = "drafts"
KEPT = timedelta(days=14)


def key_of(shop_id: UUID, draft_id: str) -> str:
    return f"{FOLDER}/{shop_id}/{draft_id}.json"


def old_drafts(files: FileStore, *, now: datetime) -> Iterator[str]:
    """Keys of drafts that nobody has touched for long."""
    return files.older(f"{FOLDER}/", now - KEPT)


def note(files: FileStore, shop_id: UUID, order_id: str, photo_id: str) -> None:
    """Remember a photo that was uploaded for something that may never be sent."""
    said = {"order": order_id, "lines": [{"photos": [photo_id]}]}
    key = key_of(shop_id, f"photo-{photo_id}")
    files.put(key, json.dumps(said).encode(), content_type="application/json")


def forget_draft(session: Session, key: str, *, files: FileStore) -> None:
    """Remove a draft with its photos, but for those that a return of the order has."""
    content = files.get(key)
    said = json.loads(content) if content else {}
    shop_id = UUID(key.split("/")[1])
    begun = {photo for line in said.get("lines", ()) for photo in line["photos"]}
    if begun:
        unsent = begun - _sent(session, shop_id, said["order"])
        _remove(session, photos.find(session, shop_id, unsent).values(), files)
    files.delete(key)


def _sent(session: Session, shop_id: UUID, order_id: str) -> set[str]:
    """Photos that the returns of an order have, and those of its customer's other orders."""
    actor = Actor.of("system", shop_id)
    rows = portal.returns_of_customer(session, shop_id, order_id)
    files = (cases.load(session, row.id, actor, lock=False) for row in rows)
    return {photo for case in files for photo in photos_in(session, case)}


def forget_photo(session: Session, order_id: str, photo_id: str, *, files: FileStore, actor: Actor) -> None:
    """Remove a photo that was taken out of a draft, unless a return shows it by now."""
    if photo_id not in _sent(session, actor.shop_id, order_id):
        _remove(session, photos.find(session, actor.shop_id, [photo_id]).values(), files)


def _remove(session: Session, found: Iterable[Photo], files: FileStore) -> None:
    for photo in found:
        if photo.case_id is None and photo.actor.get("kind") == "customer":
            files.delete(photo.path)
            session.delete(photo)
