"""Photos: only pictures, only their pixels."""

import io
import struct
import zlib

import pytest
from PIL import Image
from sqlmodel import select

from returns_service.store.tables import Photo
from tests.api.client import Api, Behind


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **save)
    return out.getvalue()


def send(api: Api, data: bytes, name: str = "p.jpg", **form: object) -> object:
    return api.post("/v1/photos", data={"file": (io.BytesIO(data), name), **form})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_of_a_phone_is_kept_as_jpeg(api: Api, kind: str):
    answer = send(api, picture(kind), alt="The seam")
    assert answer.status_code == 201, answer.json
    assert (answer.json["content_type"], answer.json["width"], answer.json["alt"]) == (
        "image/jpeg",
        60,
        "The seam",
    )
    shown = api.get(answer.json["url"])
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    assert Image.open(io.BytesIO(shown.data)).size == (60, 40)


def test_metadata_is_gone_and_the_orientation_is_baked_in(api: Api):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET-SERIAL"
    exif.get_ifd(0x8825)[1] = "N"
    answer = send(api, picture(exif=exif.tobytes(), comment=b"SECRET-COMMENT"))
    assert (answer.json["width"], answer.json["height"]) == (40, 60)
    kept = api.get(answer.json["url"]).data
    assert b"SECRET" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def _flood() -> bytes:
    """A PNG of a hundred bytes that claims to be 50,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"SIMPLE  =                    T" + b" " * 2850,
        b"8BPS\x00\x01" + b"\x00" * 100,
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture()[:200],
        _flood(),
    ],
    ids=["empty", "text", "svg", "html", "eps", "fits", "psd", "gif", "bmp", "tiff", "cut", "flood"],
)
def test_what_is_not_a_picture_of_a_phone_is_refused(api: Api, data: bytes):
    answer = send(api, data)
    assert (answer.status_code, answer.json["code"]) == (422, "photo")
    with api.behind.runtime.db.read() as session:
        assert session.exec(select(Photo)).all() == []


def test_a_polyglot_is_written_anew(api: Api):
    answer = send(api, picture() + b"<script>alert(1)</script>")
    assert b"<script>" not in api.get(answer.json["url"]).data


def test_a_huge_picture_is_made_smaller(api: Api):
    assert send(api, picture(size=(4000, 2000))).json["width"] == 3000


def test_too_many_bytes(api: Api):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n\r\n' + b"x" * (
        14 * 1024 * 1024
    )
    answer = api.post("/v1/photos", data=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_only_the_form_that_is_described(api: Api):
    assert api.post("/v1/photos", {"file": "x"}).status_code == 415
    assert api.post("/v1/photos", data={"alt": "x"}, content_type="multipart/form-data").status_code == 422
    two = {"file": (io.BytesIO(picture()), "a.jpg"), "other": (io.BytesIO(picture()), "b.jpg")}
    assert api.post("/v1/photos", data=two).status_code == 422
    assert send(api, picture(), alt=["a", "b"]).json["errors"][0]["code"] == "type"
    assert send(api, picture(), colour="red").json["errors"][0]["code"] == "unknown_field"


def test_the_name_in_the_store_is_ours(api: Api):
    photo = send(api, picture(), "../../etc/passwd").json
    with api.behind.runtime.db.read() as session:
        row = session.exec(select(Photo)).one()
    assert row.path.endswith(f"/{photo['id']}.jpg")
    assert ".." not in row.path


def test_a_photo_becomes_evidence_of_one_case(api: Api):
    api.order()
    first, second = api.open_case(), api.open_case()
    photo = send(api, picture()).json
    at = f"/v1/returns/{first['id']}/photos"
    assert api.post(at, {"photo_id": photo["id"], "alt": "Torn"}).json["alt"] == "Torn"
    assert api.post(at, {"photo_id": photo["id"]}).status_code == 201
    assert [one["id"] for one in api.get(at).json["items"]] == [photo["id"]]
    assert api.post(f"/v1/returns/{second['id']}/photos", {"photo_id": photo["id"]}).status_code == 409
    assert api.post(at, {"photo_id": "nonsense"}).json["code"] == "unknown_photo"
    events = [event["type"] for event in api.get(f"/v1/returns/{first['id']}/events").json["items"]]
    assert events.count("photo.added") == 1


def test_a_photo_of_another_shop_is_not_there(behind: Behind):
    photo = send(behind.key("admin"), picture()).json
    behind.shop("other")
    other = behind.key("admin", shop="other")
    assert other.get(photo["url"]).status_code == 404
    other.order()
    case = other.open_case()
    assert other.post(f"/v1/returns/{case['id']}/photos", {"photo_id": photo["id"]}).status_code == 422


def test_another_picture_under_the_same_key_is_another_request(api: Api):
    def again(colour: str) -> object:
        out = io.BytesIO()
        Image.new("RGB", (9, 9), colour).save(out, "PNG")
        return api.post("/v1/photos", data={"file": (io.BytesIO(out.getvalue()), "p.png")}, key="once")

    first, repeat, other = again("red"), again("red"), again("blue")
    assert (first.status_code, repeat.data) == (201, first.data)
    assert other.json["code"] == "idempotency_key_reused"
