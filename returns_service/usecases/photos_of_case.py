"""The photos of a case, and one photo's bytes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Conflict, NotFound
from returns_service.domain.events import EventType
from returns_service.domain.ports import FileStore
from returns_service.store import cases, outbox, photos, portal, talk
from returns_service.store.cases import CaseFile
from returns_service.store.tables import Photo
from returns_service.usecases.show_parts import photo_body
from returns_service.usecases.steps import attributing, proving


def attach_photo(
    session: Session, case_id: UUID, photo_id: str, *, alt: str, actor: Actor, now: datetime
) -> Photo:
    """Make an uploaded photo evidence of a case; twice is once. Raises NotFound, Invalid, Conflict (another case's, too late)."""
    case = cases.load(session, case_id, actor)
    proving.in_time(session, case, actor=actor, now=now)
    row = photos.need(session, actor.shop_id, [photo_id], "/photo_id")[0]
    if row.case_id == case.id:
        return row
    if row.case_id is not None:
        raise Conflict("conflict", "This photo belongs to another return.")
    row.case_id, row.alt = case.id, alt or row.alt
    session.add(row)
    session.flush()
    outbox.record(case, EventType.PHOTO_ADDED, actor=actor, now=now, photo_id=str(row.id))
    attributing.attribute_anew(case, actor=actor, now=now)
    return row


def list_photos(session: Session, case_id: UUID, *, actor: Actor) -> list[Photo]:
    """Those that were attached to the case. Raises NotFound."""
    return photos.of_case(session, cases.load(session, case_id, actor, lock=False).id)


def photos_in(session: Session, case: CaseFile) -> list[str]:
    """Ids of all photos of a case: given with the request, the conversation and objections, attached, taken at the bench."""
    said = [*talk.of_case(session, case.id, internal=True), *talk.objections(session, case.id)]
    shown: list[Any] = [*case.lines, *case.inspections, *said]
    given = (photo for one in shown for photo in one.photos)
    return list(dict.fromkeys([*given, *(str(row.id) for row in photos.of_case(session, case.id))]))


def told_of(session: Session, shop_id: UUID, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is known of photos, by their ids."""
    return {id_: photo_body(row) for id_, row in photos.find(session, shop_id, ids).items()}


def own_photos(session: Session, ids: Iterable[str], *, actor: Actor) -> set[str]:
    """Those of the ids that are photos which the actor sent."""
    found = photos.find(session, actor.shop_id, ids)
    return {id_ for id_, row in found.items() if row.actor.get("name") == actor.name}


def describe(session: Session, photo_id: str, *, alt: str, actor: Actor) -> None:
    """Say in words what one's own photo shows; that of anybody else stays as it is."""
    if photo_id in own_photos(session, [photo_id], actor=actor):
        row = photos.load(session, actor.shop_id, photo_id)
        row.alt = alt
        session.add(row)


def shown_with(session: Session, order_id: str, photo_id: UUID, *, actor: Actor) -> bool:
    """Whether a photo was given with a return of this order, by whomever on the customer's behalf."""
    rows = portal.returns_of(session, actor.shop_id, order_id)
    files = (cases.load(session, row.id, actor, lock=False) for row in rows)
    return any(str(photo_id) in line.photos for case in files for line in case.lines)


def read_photo(session: Session, photo_id: UUID, *, files: FileStore, actor: Actor) -> tuple[Photo, bytes]:
    """The photo and its bytes. Raises NotFound, also when the store has lost them."""
    row = photos.load(session, actor.shop_id, photo_id)
    data = files.get(row.path)
    if data is None:
        raise NotFound("photo")
    return row, data
