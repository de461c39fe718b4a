"""A picture is judged by its pixels, not by what a camera noted beside them."""

import io
import struct

import pytest
from PIL import Image

from returns_service.adapters.files import Pictures


def noted(*tags: tuple[int, int, int]) -> bytes:
    """A JPEG, 40 wide and 20 high and red on its left, with EXIF of these tags, types and values."""
    drawn, made = io.BytesIO(), Image.new("RGB", (40, 20), "blue")
    made.paste("red", (0, 0, 20, 20))
    entries = b"".join(struct.pack("<HHII", tag, type_, 1, value) for tag, type_, value in tags)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    made.save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


TOP = (0x0112, 3, 6)  # the camera was turned: what is left belongs on top
UNIT = (0x0128, 1, 7)  # a unit of length that is a byte and should be a number


@pytest.mark.parametrize("tags", [(TOP,), (TOP, UNIT)], ids=["sound", "broken"])
def test_a_picture_is_upright_even_when_its_camera_notes_nonsense(
    tags: tuple[tuple[int, int, int], ...],
) -> None:
    found = Pictures().clean(noted(*tags))
    assert (found.width, found.height) == (20, 40)
    with Image.open(io.BytesIO(found.data)) as kept:
        top = kept.convert("RGB").getpixel((10, 5))
        assert isinstance(top, tuple) and top[0] > 200 > top[2]
