"""What was begun and never sent goes after two weeks; what became a return keeps its photos."""

import io
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from returns_service.domain.actor import Actor
from returns_service.domain.request import RequestLine, ReturnRequest
from returns_service.jobs.chores import drafts
from returns_service.store.db import Database
from returns_service.store.tables import Photo
from returns_service.usecases.add_photo import add_photo
from returns_service.usecases.forget_draft import key_of, note
from returns_service.usecases.open_case import open_case
from returns_service.usecases.post_message import post_message
from tests.usecases.desk import Desk


@pytest.fixture
def desk(shop_db: Database, tmp_path: Path) -> Desk:
    return Desk(shop_db, tmp_path)


def begun(desk: Desk, name: str, days: int) -> str:
    """A draft with a photo, last touched some days ago; gives the photo's id. Without a name, the photo alone."""
    drawn = io.BytesIO()
    Image.new("RGB", (9, 9), "teal").save(drawn, "PNG")
    actor, files = Actor(desk.shop.id, "customer", "ana@example.com"), desk.runtime.files
    with desk.db.begin() as session:
        reader = desk.runtime.pictures
        photo = add_photo(
            session, drawn.getvalue(), alt="", pictures=reader, files=files, actor=actor, now=desk.clock()
        )
    said = {"id": name, "order": "1001", "lines": [{"id": "1", "photos": [str(photo.id)]}]}
    if name:
        files.put(key_of(desk.shop.id, name), json.dumps(said).encode(), content_type="application/json")
    else:
        note(files, desk.shop.id, "1001", str(photo.id))
    then = (desk.clock() - timedelta(days=days)).timestamp()
    (file,) = (path for path in desk.runtime.settings.data_dir.rglob(f"{name or f'photo-{photo.id}'}.json"))
    os.utime(file, (then, then))
    return str(photo.id)


def left(desk: Desk) -> tuple[set[str], int, set[str]]:
    """Photos in the database, photos in the store, drafts."""
    with desk.db.read() as session:
        rows = {str(photo.id) for photo in session.exec(select(Photo))}
    folder = desk.runtime.settings.data_dir
    return rows, len(list(folder.rglob("*.jpg"))), {path.stem for path in folder.rglob("drafts/*/*.json")}


def test_an_old_draft_goes_with_its_photos_and_a_young_one_stays(desk: Desk) -> None:
    begun(desk, "old", 15)
    kept = begun(desk, "young", 13)
    drafts(desk.runtime)
    assert left(desk) == ({kept}, 1, {"young"})


def test_the_photos_of_what_became_a_return_stay(desk: Desk) -> None:
    photo = begun(desk, "sent", 15)
    wish = ReturnRequest((RequestLine("1", 1, "changed_mind", photos=(photo,)),))
    with desk.db.begin() as session:
        open_case(session, "1001", wish, actor=desk.actor, now=desk.clock())
    drafts(desk.runtime)
    assert left(desk) == ({photo}, 1, set())


def test_a_photo_of_an_answer_goes_unless_the_answer_was_sent(desk: Desk) -> None:
    sent, _ = begun(desk, "", 15), begun(desk, "", 15)
    with desk.db.begin() as session:
        opened = open_case(
            session,
            "1001",
            ReturnRequest((RequestLine("1", 1, "changed_mind"),)),
            actor=desk.actor,
            now=desk.clock(),
        )
        post_message(session, opened.id, message="Look", photo_ids=[sent], actor=desk.actor, now=desk.clock())
    drafts(desk.runtime)
    assert left(desk) == ({sent}, 1, set())
