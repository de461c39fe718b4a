"""The shop's logo: written anew from its pixels, kept under the digest of what it shows."""

import re
from hashlib import sha256
from uuid import UUID

from returns_service.domain.actor import Actor
from returns_service.domain.errors import Forbidden, Invalid, NotFound
from returns_service.domain.ports import FileStore, PictureReader

LARGEST = 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{16}\.png")


def keep_logo(data: bytes, *, pictures: PictureReader, files: FileStore, actor: Actor) -> str:
    """Its file name, which is another one for another picture. Raises Invalid for what is no picture, Forbidden."""
    if not actor.may("admin"):
        raise Forbidden("missing_scope", "Only administrators change the shop.", scope="admin")
    if len(data) > LARGEST:
        raise Invalid("photo", "A logo has at most 1 MB.", pointer="/logo")
    picture = pictures.mark(data)
    name = f"{sha256(picture.data).hexdigest()[:16]}.png"
    files.put(_key(actor.shop_id, name), picture.data, content_type=picture.type)
    return name


def read_logo(shop_id: UUID, name: str, *, files: FileStore) -> bytes:
    """Raises NotFound."""
    data = files.get(_key(shop_id, name)) if _NAME.fullmatch(name) else None
    if data is None:
        raise NotFound("logo")
    return data


def _key(shop_id: UUID, name: str) -> str:
    return f"logos/{shop_id}/{name}"
