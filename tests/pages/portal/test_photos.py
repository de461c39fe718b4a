"""What phones make arrives as a plain JPEG; what is no photo is refused in words, and nothing typed is lost."""

import io
import re
import struct
import zlib

import pillow_heif
import pytest
from PIL import Image
from sqlmodel import select

from returns_service.store.tables import Photo, ReturnCase
from tests.pages.portal.conftest import Customer
from tests.pages.portal.test_requesting import picture

FAULT = {"reason": "defective", "condition": "", "comment": "The seam, and a <b>hole</b>"}


def heic() -> bytes:
    """As a phone makes it: with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Phone of Ana"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    drawn = io.BytesIO()
    made = pillow_heif.from_pillow(Image.effect_noise((640, 480), 40).convert("RGB"))
    made.save(drawn, exif=exif.tobytes())
    return drawn.getvalue()


def bomb() -> bytes:
    """A small PNG that says of itself that it is 60000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    parts = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


HOSTILE = {
    "photo.jpg": b"<?php system($_GET[0]); ?>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "empty.jpg": b"",
    "bomb.png": bomb(),
    "half.jpg": picture().getvalue()[:200],
    "film.heic": b"\0\0\0\x18ftypheic" + bytes(200),
}


def test_a_photo_of_a_phone_becomes_a_plain_jpeg(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    sent = heic()
    assert b"Phone of Ana" in sent
    customer.send(f"{draft}/why/0/broken", **FAULT, **{"photos-file": (io.BytesIO(sent), "IMG_0001.HEIC")})
    customer.see(f"{draft}/why/0/broken")
    shown = customer.browser.get(re.findall(r'src="(/portal/demo/photos/[^"]+)"', customer.page)[0])
    assert shown.mimetype == "image/jpeg" and b"Phone of Ana" not in shown.data
    with Image.open(io.BytesIO(shown.data)) as kept:
        assert kept.format == "JPEG" and kept.size == (640, 480) and not kept.getexif()


def test_a_photo_that_is_a_page_too_loses_the_page(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    polyglot = picture().getvalue() + b"<script>alert(1)</script>"
    customer.send(f"{draft}/why/0/broken", **FAULT, **{"photos-file": (io.BytesIO(polyglot), "x.html")})
    customer.see(f"{draft}/why/0/broken")
    shown = customer.browser.get(re.findall(r'src="(/portal/demo/photos/[^"]+)"', customer.page)[0])
    assert shown.mimetype == "image/jpeg" and b"<script" not in shown.data
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_photo_is_refused_in_words_and_all_that_was_typed_stays(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    good = {"photos-file": [(picture(), "good.jpg"), (io.BytesIO(b"GIF89a"), "bad.gif")]}
    said = customer.send(f"{draft}/why/0/broken", 422, **FAULT, **good)
    (kept,) = re.findall(r'name="photos" value="([^"]+)"', customer.page)
    for name, data in HOSTILE.items():
        bad = {"photos-file": (io.BytesIO(data), name)}
        said = customer.send(f"{draft}/why/0/broken", 422, photos=kept, **FAULT, **bad)
        assert "not a photo that we can read" in said and FAULT["comment"] in said, name
        assert f'name="photos" value="{kept}"' in customer.page and "checked" in customer.page, name


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-CN", "无法识别该照片"), ("zh-TW", "無法讀取此照片"), ("en", "This file is not a photo")],
)
def test_a_script_is_told_in_the_readers_language(customer: Customer, language: str, sentence: str) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    token = customer.page.split('data-token="')[1].split('"')[0]
    answer = customer.browser.post(
        f"{draft}/photos/0",
        data={"photo": (io.BytesIO(HOSTILE["drawing.svg"]), "x.png")},
        headers={"X-CSRF-Token": token, "Accept-Language": language},
    )
    assert answer.status_code == 422 and sentence in answer.json["message"]


def test_photos_of_a_message_that_was_refused_are_still_there(customer: Customer) -> None:
    customer.come_in()
    number = customer.request()
    at = f"/portal/demo/returns/{number}"
    customer.called_off(number)
    said = customer.send(
        f"{at}/objection", 422, message="", **{"objection-photos-file": (picture(), "a.jpg")}
    )
    assert "Write what you want to say." in said
    (photo,) = re.findall(r'name="objection-photos" value="([^"]+)"', customer.page)
    customer.send(f"{at}/objection", 200, message="half", remove=photo, **{"objection-photos": photo})
    assert photo not in customer.page and ">half</textarea>" in customer.page
    customer.send(f"{at}/objection", message="whole", **{"objection-photos": photo})
    assert photo in customer.page
    with customer.runtime.db.read() as session:
        assert [str(row.id) for row in session.exec(select(Photo))] == [photo]
        assert len(session.exec(select(ReturnCase)).all()) == 1


def test_a_photo_that_a_return_shows_cannot_be_taken_out_of_its_draft_any_more(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    customer.send(f"{draft}/why/0/broken", **FAULT, **{"photos-file": (picture(), "a.jpg")})
    customer.wish(draft)
    customer.send(f"{draft}/check")
    customer.see(f"{draft}/why/0/broken")
    (photo,) = re.findall(r'src="(/portal/demo/photos/[^"]+)"', customer.page)
    customer.send(f"{draft}/photos/0/{photo.rsplit('/', 1)[1]}/remove", 204)
    assert customer.browser.get(photo).mimetype == "image/jpeg"


def test_a_name_that_a_browser_makes_up_is_no_photo(customer: Customer) -> None:
    customer.come_in()
    draft = customer.choose()
    customer.see(f"{draft}/why/0/broken")
    said = FAULT | {
        "reason": "damaged_in_transit",
        "photos": ["made-up", "0192f0c0-0000-7000-8000-000000000000"],
    }
    assert "We need a photo" in customer.send(f"{draft}/why/0/broken", 422, **said)
