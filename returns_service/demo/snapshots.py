"""Photos as customers take them: drawn here, so that the demo needs no pictures of anybody else."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 960, 720
_COLOURS = {
    "parcel": (176, 137, 96),
    "cloth": (122, 166, 194),
    "shoe": (224, 164, 88),
    "device": (70, 80, 92),
}


def photograph(subject: str, *, seed: str) -> bytes:
    """A JPEG of a thing with damage on a table; the same seed is the same photo."""
    chance = Random(f"{subject} {seed}")  # noqa: S311 - believable, not secret
    picture = Image.new("RGB", (WIDTH, HEIGHT), (214, 205, 192))
    draw = ImageDraw.Draw(picture)
    for y in range(0, HEIGHT, 6):
        shade = 196 + chance.randrange(18)
        draw.line([(0, y), (WIDTH, y)], fill=(shade, shade - 9, shade - 22), width=6)
    box = (200, 150, 760, 560)
    draw.rounded_rectangle([box[0] + 18, box[1] + 22, box[2] + 18, box[3] + 22], 24, fill=(150, 141, 130))
    draw.rounded_rectangle(box, 24, fill=_COLOURS[subject], outline=(48, 44, 40), width=4)
    _damage(draw, chance, box)
    _marker(draw, chance, box)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=78)
    return out.getvalue()


def _damage(draw: ImageDraw.ImageDraw, chance: Random, box: tuple[int, int, int, int]) -> None:
    """A crack across it."""
    x, y = box[0] + 60, chance.randrange(box[1] + 60, box[3] - 60)
    points = [(x, y)]
    while x < box[2] - 80:
        x, y = x + chance.randrange(20, 60), y + chance.randrange(-45, 46)
        points.append((x, min(max(y, box[1] + 20), box[3] - 20)))
    draw.line(points, fill=(38, 32, 30), width=9, joint="curve")
    for at in points[1::2]:
        draw.line([at, (at[0] + chance.randrange(-50, 50), at[1] + 55)], fill=(52, 44, 40), width=5)


def _marker(draw: ImageDraw.ImageDraw, chance: Random, box: tuple[int, int, int, int]) -> None:
    """The red ring with which people show what they mean."""
    x, y = chance.randrange(box[0] + 150, box[2] - 200), chance.randrange(box[1] + 90, box[3] - 190)
    draw.ellipse([x, y, x + 150, y + 130], outline=(206, 36, 36), width=8)
