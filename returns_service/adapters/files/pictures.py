"""Pictures from outside, decoded with care and written anew, so that nothing but the pixels is kept."""

import io
import warnings

import pillow_heif
from PIL import ExifTags, Image

from returns_service.domain.errors import Invalid
from returns_service.domain.ports import Picture

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 3000
LARGEST_MARK = (600, 200)
_QUALITY = 85

pillow_heif.register_heif_opener()


class Pictures:
    """Reads what phones and cameras make; everything else is refused before it is decoded."""

    def clean(self, data: bytes) -> Picture:
        """The picture as a JPEG without metadata, upright, at most 3000 pixels long. Raises Invalid."""
        pixels = _only_pixels(_decoded(data))
        out = io.BytesIO()
        pixels.save(out, "JPEG", quality=_QUALITY, optimize=True)
        return Picture(out.getvalue(), "image/jpeg", pixels.width, pixels.height)

    def mark(self, data: bytes) -> Picture:
        """The picture as a PNG without metadata, at most 600 pixels wide and 200 high. Raises Invalid."""
        pixels = _decoded(data).convert("RGBA")
        pixels.thumbnail(LARGEST_MARK)
        clean = Image.new("RGBA", pixels.size)
        clean.paste(pixels)
        out = io.BytesIO()
        clean.save(out, "PNG", optimize=True)
        return Picture(out.getvalue(), "image/png", clean.width, clean.height)


def _decoded(data: bytes) -> Image.Image:
    if len(data) > MOST_BYTES:
        raise _refused(f"The picture has more than {MOST_BYTES // 1024 // 1024} MB.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return _opened(data)


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _refused(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.")
            # JPEG can be decoded at a fraction of its size; others ignore this
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            return picture.transpose(turn) if (turn := _turn(picture)) is not None else picture.copy()
    except Image.DecompressionBombError:
        raise _refused("The picture has too many pixels.") from None
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError):
        # what the decoders raise for files that are not what they claim to be
        raise _refused("This is not a JPEG, PNG, WebP or HEIF picture that can be read.") from None


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes it upright. Pillow's own way writes the EXIF anew and fails at what it cannot write."""


def _turn(picture: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - what a camera noted beside it may be broken; the picture is none the worse
        return None


def _only_pixels(picture: Image.Image) -> Image.Image:
    """A new image on white: no EXIF, no profile, no comment, no transparency comes along."""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    coloured = picture.convert("RGBA")
    clean = Image.new("RGB", coloured.size, "white")
    clean.paste(coloured, mask=coloured.getchannel("A"))
    return clean


def _refused(detail: str) -> Invalid:
    return Invalid("photo", detail, pointer="/file")
