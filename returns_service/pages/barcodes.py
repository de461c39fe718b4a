"""Codes that machines read, as modules: "1" is black, "0" is white. The quiet zone is up to whoever draws them."""

import re
from functools import lru_cache

from zxingcpp import BarcodeFormat, create_barcode

QUIET = 2
"""Modules around the QR code of a screen, which has white of its own around it."""

_MODULES = bytes([ord("1"), *[ord("0")] * 255])
"""Shades of grey as modules."""

_BLACK = re.compile("1+")


def qr(text: str) -> list[str]:
    """The rows of a QR code; with error correction M a seventh of it may be dirty."""
    return _rows(text, BarcodeFormat.QRCode, ec_level="M")


@lru_cache(maxsize=512)  # a slip shows it twice, and the bench once more
def code128(text: str) -> str:
    """The one row of a Code 128."""
    return _rows(text, BarcodeFormat.Code128)[0]


def bars(text: str) -> list[tuple[int, int]]:
    """A Code 128 as black bars: (left, width) in modules."""
    return black(code128(text))


def black(row: str) -> list[tuple[int, int]]:
    """Where modules of a row are black: (left, width)."""
    return [(start, end - start) for start, end in map(re.Match.span, _BLACK.finditer(row))]


def qr_svg(text: str) -> str:
    """A QR code as a picture of any size."""
    rows = qr(text)
    side = len(rows) + 2 * QUIET
    runs = (
        f"M{left + QUIET} {top + QUIET}h{width}v1h-{width}z"
        for top, row in enumerate(rows)
        for left, width in black(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{"".join(runs)}"/></svg>'
    )


def _rows(text: str, kind: BarcodeFormat, **options: str) -> list[str]:
    picture = create_barcode(text, kind, **options).to_image(scale=1, add_quiet_zones=False)
    shades = bytes(memoryview(picture))  # type: ignore[arg-type]  # its stub does not say that it is one
    modules, width = shades.translate(_MODULES).decode(), picture.shape[1]
    return [modules[start : start + width] for start in range(0, len(modules), width)]
