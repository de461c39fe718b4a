"""One printed page: a pen that counts in millimetres from the top left corner and knows how wide text is."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, groupby

from returns_service.pages.barcodes import black
from returns_service.pages.fonts import Widths, font, widths
from returns_service.pages.pdf import About, document

Colour = tuple[int, int, int]
Place = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, width and height."""

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
BASELINE = 0.331
"""From the top of a line to the feet of its letters, in millimetres for each point of its size."""

OUTLINE = 0.008
"""How much of an outline, in millimetres for each point, makes the one weight of the font bold."""

ROUND = 0.4472
"""How far from a corner its curve is steered, in radii."""

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE = re.compile(
    rf"[（「『《〈“‘]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[，。、；：！？）」』》〉”’]*\s*"  # what stays on one line
)


@lru_cache(maxsize=256)
def _colour(parts: Colour) -> str:
    return " ".join(f"{part / 255:.3f}" for part in parts)


class _Codes(dict[str, str]):
    """Characters in the order in which they turn up, numbered as a font numbers them."""

    def __missing__(self, sign: str) -> str:
        code = self[sign] = f"{len(self) + 1:04x}"
        return code


class Sheet:
    """A page of A4. `signs`, which every page of its kind may show, have a font that is made once."""

    def __init__(self, signs: str, language: str) -> None:
        self._font, self._others = font(signs, language), _Codes()
        self._language, self._widths = language, widths(language)
        self._drawn: list[str] = []

    def pdf(self, *, title: str, author: str, made_at: datetime) -> bytes:
        fonts = [self._font]
        if self._others:
            fonts.append(font("".join(self._others), self._language))
        about = About(self._language, title, author, made_at)
        return document("\n".join(self._drawn).encode(), A4, fonts, about)

    def width(self, text: str, size: float) -> float:
        return _width(text, self._widths) * size / 1000 / MM

    def fit(self, text: str, size: float, width: float) -> str:
        """The text, cut with an ellipsis where it would be wider."""
        if self.width(text, size) <= width:
            return text
        ends = list(accumulate(self._widths[sign] * size / 1000 / MM for sign in text))
        return text[: bisect_right(ends, width - self.width("...", size))].rstrip() + "..."

    def lines(self, text: str, size: float, width: float) -> tuple[str, ...]:
        """The text in lines: Chinese breaks between any two characters, but no line begins with a full stop."""
        return _wrapped(text, int(width * MM * 1000 / size), self._language)

    def say(self, at: Place, text: str, size: float, ink: Colour, *, bold: bool = False) -> None:
        """One line of text with its top left corner at a place."""
        colour = _colour(ink)
        outline = f"{colour} RG {size * OUTLINE * MM:.3f} w 2 Tr" if bold else "0 Tr"
        x, y = at[0] * MM, A4[1] - (at[1] + size * BASELINE) * MM
        self._drawn.append(f"BT {colour} rg {outline} {x:.3f} {y:.3f} Td {self._shown(text, size)}ET")

    def _shown(self, text: str, size: float) -> str:
        own, shown = self._font.codes, ""
        for among_own, signs in groupby(text, own.__contains__):
            name, codes = ("F0", own) if among_own else ("F1", self._others)
            shown += f"/{name} {size:g} Tf <{''.join([codes[sign] for sign in signs])}> Tj "
        return shown

    def fill(self, box: Box, colour: Colour, *, radius: float = 0) -> None:
        left, width, height = box[0] * MM, box[2] * MM, box[3] * MM
        low = A4[1] - box[1] * MM - height
        shape = f"{left:.3f} {low:.3f} {width:.3f} {height:.3f} re"
        if radius:
            shape = _rounded(left, low, left + width, low + height, radius * MM)
        self._drawn.append(f"{_colour(colour)} rg {shape} f")

    def rule(self, y: float, left: float, right: float, colour: Colour, *, dash: Place | None = None) -> None:
        height = A4[1] - y * MM
        gaps = f" [{dash[0] * MM:.5f} {dash[1] * MM:.5f}] 0 d" if dash else ""
        line = f"{left * MM:.3f} {height:.3f} m {right * MM:.3f} {height:.3f} l S"
        self._drawn.append(f"q {_colour(colour)} RG {0.2 * MM:.3f} w{gaps} {line} Q")

    def modules(self, rows: Sequence[str], at: Place, size: Place) -> None:
        """Rows of "1" for black and "0" for white, drawn as one shape, so that no hairline shows within it."""
        across = len(rows[0]) + 1
        bars = [f"{at % across} {at // across} {wide} 1 re" for at, wide in black("\n".join(rows))]
        corner = f"{at[0] * MM:.3f} {A4[1] - at[1] * MM:.3f}"
        scale = f"{size[0] * MM:.5f} 0 0 {-size[1] * MM:.5f} {corner} cm"
        self._drawn += [f"q 0 g {scale}", *bars, "f Q"]


def _width(text: str, widths: Widths) -> int:
    return sum([widths[sign] for sign in text])


@lru_cache(maxsize=256)  # most of them are the same on every page of a language
def _wrapped(text: str, room: int, language: str) -> tuple[str, ...]:
    """Lines that fit into a room of so many thousandths of the size."""
    found, end, known = [""], 0, widths(language)
    for piece in _PIECE.findall(text):
        if found[-1] and end + _width(piece.rstrip(), known) > room:
            found, end = [*found, ""], 0
        found[-1] += piece
        end += _width(piece, known)
    return tuple(line.rstrip() for line in found)


def _rounded(left: float, low: float, right: float, high: float, radius: float) -> str:
    """A box with round corners, as a path."""
    steer = ROUND * radius
    path = (
        *(left + radius, low, "m", right - radius, low, "l"),
        *(right - steer, low, right, low + steer, right, low + radius, "c", right, high - radius, "l"),
        *(right, high - steer, right - steer, high, right - radius, high, "c", left + radius, high, "l"),
        *(left + steer, high, left, high - steer, left, high - radius, "c", left, low + radius, "l"),
        *(left, low + steer, left + steer, low, left + radius, low, "c h"),
    )
    return " ".join(part if isinstance(part, str) else f"{part:.3f}" for part in path)
