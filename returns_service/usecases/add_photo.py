"""Keep a picture that somebody uploads."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from returns_service.domain.actor import Actor
from returns_service.domain.ports import FileStore, PictureReader
from returns_service.store.tables import Photo
from returns_service.store.tables.base import new_id


def add_photo(
    session: Session,
    data: bytes,
    *,
    alt: str,
    pictures: PictureReader,
    files: FileStore,
    actor: Actor,
    now: datetime,
) -> Photo:
    """The photo's row; the name in the store is ours. Raises Invalid for what is not a picture."""
    picture, photo_id = pictures.clean(data), new_id()
    path = f"photos/{actor.shop_id}/{now:%Y/%m}/{photo_id}.jpg"
    files.put(path, picture.data, content_type=picture.type)
    row = Photo(
        id=photo_id,
        shop_id=actor.shop_id,
        path=path,
        content_type=picture.type,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        sha256=hashlib.sha256(picture.data).hexdigest(),
        alt=alt,
        actor=actor.body(),
        at=now,
    )
    session.add(row)
    session.flush()
    return row
